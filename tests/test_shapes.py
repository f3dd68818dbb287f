import re

import numpy as np
import pytest

from nnlib.shapes import ShapeError, as_floats, as_indices, expect_shape


def demo(check, *args, **kwargs):
    """What complains in these tests."""
    return check(*args, **kwargs)


def dtypes(*values):
    named = {f"value{i}": value for i, value in enumerate(values)}
    return {array.dtype for array in as_floats(**named)}


@pytest.mark.parametrize("value", [3, True, 0.5, [1, 2], (1.0, 2.0), range(3), [], [[True]]])
def test_numbers_without_a_precision_become_float64(value):
    (array,) = as_floats(value=value)
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
    second, first = as_floats(b=[2.0], a=[1.0])
    assert (second, first) == ([2.0], [1.0])


def test_special_values_pass_unchanged():
    values = [np.nan, np.inf, -np.inf, -0.0, 5e-324]
    (array,) = as_floats(values=values)
    assert array.tobytes() == np.array(values).tobytes()


def test_what_is_not_a_real_number_is_refused_by_name(not_numbers):
    with pytest.raises(ValueError, match=r"^demo: x is .*, expected real numbers"):
        demo(as_floats, w=[1.0], x=not_numbers)


@pytest.mark.parametrize("ragged", [[[1, 2], [3]], [[1], 2], [np.ones(2), np.ones(3)]])
def test_ragged_lists_are_a_shape_error(ragged):
    with pytest.raises(ShapeError, match=r"^demo: x is a nested list whose rows differ in length"):
        demo(as_floats, x=ragged)


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
    expect_shape(np.zeros(got), wanted, name="x")


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
        demo(expect_shape, np.zeros(got), wanted, name="x")


def test_a_transpose_is_suggested_only_where_it_would_help():
    with pytest.raises(ShapeError, match=r"The other axis has length 3: did you mean x\.T\?$"):
        demo(expect_shape, np.zeros((3, 5)), (..., 3), name="x")
    with pytest.raises(ShapeError) as error:
        demo(expect_shape, np.zeros((4, 5)), (..., 3), name="x")
    assert "did you mean" not in str(error.value)


def test_a_complaint_may_say_what_the_shape_follows_from_and_who_asks():
    W = np.zeros((2, 3))
    with pytest.raises(ShapeError, match=r"^demo with W \(2, 3\): x has shape \(5,\)"):
        demo(expect_shape, np.zeros(5), (3,), name="x", W=W)
    with pytest.raises(ShapeError, match=r"^load from a file: x has shape"):
        demo(expect_shape, np.zeros(5), (3,), name="x", where="load from a file")


class Described:
    def __repr__(self):
        return "Described(7)"

    def start(self, x):
        return self.go_on(x)

    def go_on(self, x):
        return _help(x)


class Plain(Described):
    __repr__ = object.__repr__


def _help(x):
    return expect_shape(x, (3,), name="x")


def test_who_complains_is_the_call_that_came_from_outside():
    with pytest.raises(ShapeError, match=r"^Described\(7\)\.start: x has"):
        Described().start(np.zeros(5))
    with pytest.raises(ShapeError, match=r"^Described\(7\)\.go_on: x has"):
        Described().go_on(np.zeros(5))
    with pytest.raises(ShapeError, match=r"^Plain\.start: x has"):
        Plain().start(np.zeros(5))


TOKENS = {"name": "ids", "what": "token", "source": "tokenizer"}


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8, np.uint64])
def test_indices_keep_their_type_and_their_shape(dtype):
    values = np.array([[0, 2], [1, 0]], dtype)
    indices = as_indices(values, 3, **TOKENS)
    assert indices.dtype == dtype
    np.testing.assert_array_equal(indices, values)


@pytest.mark.parametrize("shape", [(0,), (4, 0)])
def test_no_indices_are_indices_too(shape):
    indices = as_indices(np.zeros(shape), 3, **TOKENS)
    assert (indices.dtype, indices.shape) == (np.int64, shape)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([0, 3], "there is no token 3, expected 0 to 2. Are the ids of another tokenizer?"),
        ([[0], [-1]], "there is no token -1, expected 0 to 2"),
        ([0.0], "the ids have dtype float64, expected int: the index of each token. Are they"),
        ([True], "the ids have dtype bool, expected int"),
        (["a"], "the ids have dtype <U1, expected int: the index of each token. Is it text?"),
        (None, "the ids have dtype object, expected int"),
        ([[0, 1], [2]], "the ids are lists of different lengths, expected one length for all."),
    ],
)
def test_what_is_no_index_is_refused_by_name(values, message):
    with pytest.raises(ValueError, match=f"^demo: {re.escape(message)}") as error:
        demo(as_indices, values, 3, **TOKENS)
    assert isinstance(error.value, ShapeError) == ("lengths" in message)
