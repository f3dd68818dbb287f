import decimal
import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlib import neuron as module
from nnlib.neuron import leaky_relu, neuron, relu, sigmoid, step, tanh, weighted_sum
from nnlib.shapes import ShapeError

ACTIVATIONS = [step, sigmoid, tanh, relu, leaky_relu]
NEURONS = [weighted_sum, neuron]
FLOATS = [np.float16, np.float32, np.float64]
LARGEST = {dtype: float(np.finfo(dtype).max) for dtype in FLOATS}

each_activation = pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda f: f.__name__)
each_neuron = pytest.mark.parametrize("compute", NEURONS, ids=lambda f: f.__name__)
each_dtype = pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: dtype.__name__)
finite = st.floats(-1e3, 1e3)


def test_no_function_escapes_these_tests():
    functions = inspect.getmembers(module, inspect.isfunction)
    public = {function for _, function in functions if function.__module__ == module.__name__}
    assert public == {*ACTIVATIONS, *NEURONS}


@pytest.mark.parametrize(
    ("x", "w", "b", "z"),
    [
        ([2.0, 1.0], [3.0, -1.0], -4.0, 1.0),
        ((2, 1), (3, -1), -4, 1.0),
        ([True, False], [5, 7], True, 6.0),
        ([[1, 2], [3, 4], [5, 6]], [10, 1], 0.5, [12.5, 34.5, 56.5]),
        ([], [], 2.0, 2.0),
        (np.empty((0, 3)), [1, 1, 1], 2.0, []),
        ([np.inf, 1], [1, 1], 0, np.inf),
        ([np.nan, 1], [1, 1], 0, np.nan),
        ([1e308, 1e308], [1, -1], 3, 3.0),
    ],
)
def test_weighted_sum_adds_the_bias_to_the_dot_product(x, w, b, z):
    result = weighted_sum(x, w, b)
    np.testing.assert_array_equal(result, z)
    assert result.dtype == np.float64


def test_a_neuron_is_an_activation_of_a_weighted_sum(rng):
    x, w, b = rng.normal(size=(5, 3)), rng.normal(size=3), 0.7
    for activation in ACTIVATIONS:
        expected = activation(x @ w + b)
        np.testing.assert_allclose(neuron(x, w, b, activation), expected, rtol=1e-12)
    np.testing.assert_array_equal(neuron(x, w, b), neuron(x, w, b, activation=sigmoid))


@pytest.mark.parametrize(
    ("gate", "w", "b"),
    [
        ([0, 0, 0, 1], [1, 1], -1.5),
        ([0, 1, 1, 1], [1, 1], -0.5),
        ([1, 1, 1, 0], [-1, -1], 1.5),
    ],
    ids=["AND", "OR", "NAND"],
)
def test_a_neuron_with_a_step_is_a_logic_gate(gate, w, b):
    inputs = [[0, 0], [0, 1], [1, 0], [1, 1]]
    np.testing.assert_array_equal(neuron(inputs, w, b, activation=step), gate)


@pytest.mark.parametrize(
    ("activation", "z", "a"),
    [
        (step, [-2, -0.0, 0, 5e-324, 3], [0, 0, 0, 1, 1]),
        (sigmoid, [0, np.log(3), -np.log(3)], [0.5, 0.75, 0.25]),
        (tanh, [0, np.log(3), -np.log(3)], [0, 0.8, -0.8]),
        (relu, [-2, -0.0, 0, 5e-324, 3], [0, 0, 0, 5e-324, 3]),
        (leaky_relu, [-2, 0, 3], [-0.02, 0, 3]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_activations_by_hand(activation, z, a):
    np.testing.assert_allclose(activation(z), a, rtol=1e-15)


@pytest.mark.parametrize(("slope", "a"), [(0, 0), (0.25, -0.5), (1, -2), (-1, 2)])
def test_the_slope_of_leaky_relu_scales_negative_values_only(slope, a):
    np.testing.assert_array_equal(leaky_relu([-2, 3], slope), [a, 3])
    np.testing.assert_array_equal(leaky_relu([-2, 3], slope=slope), [a, 3])


@pytest.mark.parametrize(
    ("activation", "limits"),
    [
        (step, [0, 1]),
        (sigmoid, [0, 1]),
        (tanh, [-1, 1]),
        (relu, [0, np.inf]),
        (leaky_relu, [-np.inf, np.inf]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_limits_at_minus_and_plus_infinity(activation, limits):
    np.testing.assert_array_equal(activation([-np.inf, np.inf]), limits)


def exact_sigmoid(z):
    with decimal.localcontext(prec=60):
        return float(1 / (1 + (-decimal.Decimal(float(z))).exp()))


@pytest.mark.parametrize(("dtype", "ulp"), [(np.float32, 3), (np.float64, 2)])
def test_sigmoid_is_exact_to_the_last_digits(dtype, ulp):
    z = np.concatenate([np.linspace(-80, 80, 999), [-1000, -1e-8, 0, 1e-8, 1000]]).astype(dtype)
    expected = np.array([exact_sigmoid(value) for value in z], dtype)
    np.testing.assert_array_max_ulp(sigmoid(z), expected, maxulp=ulp, dtype=dtype)


@each_activation
@each_dtype
def test_activations_are_silent_at_any_size(activation, dtype):
    largest = LARGEST[dtype]
    z = np.array([-np.inf, -largest, -1e3, -1, 0, 1, 1e3, largest, np.inf, np.nan], dtype)
    with np.errstate(all="raise"):
        a = activation(z)
    assert np.all(np.diff(a[:-1]) >= 0)
    assert np.isnan(a[-1])


def test_leaky_relu_never_computes_what_it_throws_away():
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(leaky_relu([np.inf, 1e308], slope=0), [np.inf, 1e308])
        np.testing.assert_array_equal(leaky_relu([1e308], slope=10), [1e308])


@given(finite)
def test_tanh_is_a_stretched_sigmoid(z):
    np.testing.assert_allclose(tanh(z), 2 * sigmoid(2 * z) - 1, atol=1e-15)


@given(finite)
def test_sigmoid_of_minus_z_is_the_rest_to_one(z):
    np.testing.assert_allclose(sigmoid(-z), 1 - sigmoid(z), atol=1e-15)


@given(finite)
def test_relu_is_z_where_the_neuron_fires(z):
    assert relu(z) == z * step(z)
    assert leaky_relu(z, slope=0) == relu(z)


@each_activation
@pytest.mark.parametrize("shape", [(), (0,), (3,), (0, 3), (3, 0), (2, 3), (2, 1, 3)])
def test_activations_keep_the_shape(activation, shape, rng):
    z = rng.normal(size=shape)
    assert activation(z).shape == shape


@each_activation
def test_a_number_gives_a_number(activation):
    for z in (1, 1.0, True, np.array(1.0)):
        assert float(activation(z)) == activation([1.0])[0]


@each_activation
def test_activations_work_element_by_element(activation, rng):
    z = rng.normal(size=(4, 3))
    one_by_one = [[activation(value) for value in row] for row in z]
    np.testing.assert_allclose(activation(z), one_by_one, rtol=1e-15)


@each_activation
@each_dtype
def test_activations_keep_the_precision(activation, dtype):
    assert activation(np.ones(3, dtype)).dtype == dtype


@each_neuron
@pytest.mark.parametrize("w", [[1, 2, 3], [0.5, 1.5, 2.5], np.ones(3, np.float32)])
@pytest.mark.parametrize("b", [0, 0.5, True, np.float32(1)])
def test_a_float32_example_gives_a_float32_result(compute, w, b):
    assert compute(np.ones((2, 3), np.float32), w, b).dtype == np.float32
    assert compute(np.ones(3, np.float32), w, b).dtype == np.float32


@each_neuron
def test_any_number_of_batch_axes(compute, rng):
    x, w = rng.normal(size=(24, 3)), rng.normal(size=3)
    flat = compute(x, w, 0.5)
    for batch in [(2, 12), (2, 3, 4), (1, 24, 1)]:
        batched = compute(x.reshape(*batch, 3), w, 0.5)
        np.testing.assert_allclose(batched, flat.reshape(batch), rtol=1e-12)
    assert np.shape(compute(x[0], w, 0.5)) == ()


@each_neuron
def test_permuting_the_examples_permutes_the_outputs(compute, rng):
    x, w, order = rng.normal(size=(9, 3)), rng.normal(size=3), rng.permutation(9)
    np.testing.assert_allclose(compute(x[order], w, 1), compute(x, w, 1)[order], rtol=1e-12)
    assert not np.allclose(compute(x[order], w, 1), compute(x, w, 1))


def test_inputs_never_change(rng):
    x, w, b = rng.normal(size=(4, 3)), rng.normal(size=3), np.array(0.5)
    before = [array.tobytes() for array in (x, w, b)]
    for compute in NEURONS:
        compute(x, w, b)
    for activation in ACTIVATIONS:
        activation(x)[...] = 7
    assert [array.tobytes() for array in (x, w, b)] == before


@each_activation
def test_activations_refuse_what_is_not_a_number(activation, not_numbers):
    with pytest.raises(ValueError, match=rf"^{activation.__name__}: z is .*expected real numbers"):
        activation(not_numbers)


@each_activation
def test_activations_refuse_ragged_lists(activation):
    with pytest.raises(ShapeError, match=rf"^{activation.__name__}: z .*rows differ in length"):
        activation([[1, 2], [3]])


@pytest.mark.parametrize("slope", [[0.1, 0.2], np.ones((1, 1))])
def test_leaky_relu_has_one_slope(slope):
    with pytest.raises(ShapeError, match=r"^leaky_relu: slope has shape .*, expected \(\)"):
        leaky_relu([1.0], slope)


def test_leaky_relu_refuses_a_slope_that_is_not_a_number(not_numbers):
    with pytest.raises(ValueError, match=r"^leaky_relu: slope is .*expected real numbers"):
        leaky_relu([1.0], not_numbers)


@each_neuron
@pytest.mark.parametrize("name", ["x", "w", "b"])
def test_a_neuron_refuses_what_is_not_a_number(compute, name, not_numbers):
    arguments = {"x": [1.0], "w": [1.0], "b": 1.0} | {name: not_numbers}
    with pytest.raises(ValueError, match=rf"^weighted_sum: {name} is .*expected real numbers"):
        compute(**arguments)


@each_neuron
@pytest.mark.parametrize(
    ("x", "w", "b", "message"),
    [
        ((5, 3), (2,), (), r"x has shape \(5, 3\), expected \(\.\.\., 2\)"),
        ((3, 5), (3,), (), r"x has shape \(3, 5\).*did you mean x\.T"),
        ((), (1,), (), r"x has shape \(\), expected \(\.\.\., 1\)"),
        ((5, 3), (), (), r"w has shape \(\), expected \(D,\)"),
        ((5, 3), (3, 1), (), r"w has shape \(3, 1\), expected \(D,\)"),
        ((5, 3), (3,), (1,), r"b has shape \(1,\), expected \(\)"),
        ((5, 3), (3,), (5,), r"b has shape \(5,\), expected \(\)"),
    ],
)
def test_a_neuron_refuses_shapes_that_do_not_belong_together(compute, x, w, b, message):
    with pytest.raises(ShapeError, match=rf"(?s)^weighted_sum: {message}"):
        compute(np.ones(x), np.ones(w), np.ones(b))
