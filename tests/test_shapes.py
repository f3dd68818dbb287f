import re

import numpy as np
import pytest

from nnlib.shapes import ShapeError, as_floats, expect_shape


def dtypes(*values):
    named = {f"value{i}": value for i, value in enumerate(values)}
    return {array.dtype for array in as_floats("demo", **named)}


@pytest.mark.parametrize("value", [3, True, 0.5, [1, 2], (1.0, 2.0), range(3), [], [[True]]])
def test_numbers_without_a_precision_become_float64(value):
    (array,) = as_floats("demo", value=value)
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, np.array(value))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_arrays_of_floats_keep_their_precision(dtype):
    assert dtypes(np.ones(2, dtype)) == {np.dtype(dtype)}


@pytest.mark.parametrize("companion", [2, 0.5, True, [1, 2], [0.5], np.ones(2, int), np.int8(1)])
def test_numbers_without_a_precision_follow_float32(companion):
    assert dtypes(np.ones(2, np.float32), companion) == {np.dtype(np.float32)}


def test_the_widest_precision_wins():
    assert dtypes(np.ones(2, np.float16), np.ones(2, np.float32)) == {np.dtype(np.float32)}
    assert dtypes(np.ones(2, np.float32), np.float64(1)) == {np.dtype(np.float64)}


def test_values_come_back_in_the_order_given():
    second, first = as_floats("demo", b=[2.0], a=[1.0])
    assert (second, first) == ([2.0], [1.0])


def test_special_values_pass_unchanged():
    values = [np.nan, np.inf, -np.inf, -0.0, 5e-324]
    (array,) = as_floats("demo", values=values)
    assert array.tobytes() == np.array(values).tobytes()


def test_what_is_not_a_real_number_is_refused_by_name(not_numbers):
    with pytest.raises(ValueError, match=r"^demo: x is .*, expected real numbers"):
        as_floats("demo", w=[1.0], x=not_numbers)


@pytest.mark.parametrize("ragged", [[[1, 2], [3]], [[1], 2], [np.ones(2), np.ones(3)]])
def test_ragged_lists_are_a_shape_error(ragged):
    with pytest.raises(ShapeError, match=r"^demo: x is a nested list whose rows differ in length"):
        as_floats("demo", x=ragged)


def test_a_shape_error_is_a_value_error():
    assert issubclass(ShapeError, ValueError)


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        ((), ()),
        ((3,), (3,)),
        ((0,), ("D",)),
        ((3,), (..., 3)),
        ((4, 5, 3), (..., 3)),
        ((2, 3), ("D_out", 3)),
        ((7, 2, 3), (..., "T", 3)),
        ((), (...,)),
        ((2, 3), (...,)),
    ],
)
def test_shapes_that_fit(got, wanted):
    expect_shape(np.zeros(got), wanted, name="x", where="demo")


@pytest.mark.parametrize(
    ("got", "wanted", "message"),
    [
        ((), (3,), "has shape (), expected (3,).\nIt has no axis where one axis must be."),
        ((3,), (), "has shape (3,), expected ().\nIt has one axis where no axis must be."),
        ((), (..., 3), "expected (..., 3).\nIt has no axis where one axis must be."),
        ((3,), (..., "T", 3), "expected (..., T, 3).\nIt has one axis where two axes must be."),
        ((2, 3, 1), ("N", 3), "It has 3 axes where two axes must be."),
        ((0,), (..., 3), "The last axis has length 0 where 3 is needed."),
        ((4, 3), (2, 3), "Axis 0 has length 4 where 2 is needed."),
        ((6, 4, 3), (..., 2, 3), "Axis 1 has length 4 where 2 is needed."),
        ((4, 5), (2, 3), "The last axis has length 5 where 3 is needed."),
    ],
)
def test_shapes_that_do_not_fit_say_which_axis_is_to_blame(got, wanted, message):
    with pytest.raises(ShapeError, match=rf"(?s)^demo: x .*{re.escape(message)}$"):
        expect_shape(np.zeros(got), wanted, name="x", where="demo")


def test_a_transpose_is_suggested_only_where_it_would_help():
    with pytest.raises(ShapeError, match=r"The other axis has length 3: did you mean x\.T\?$"):
        expect_shape(np.zeros((3, 5)), (..., 3), name="x", where="demo")
    with pytest.raises(ShapeError) as error:
        expect_shape(np.zeros((4, 5)), (..., 3), name="x", where="demo")
    assert "did you mean" not in str(error.value)
