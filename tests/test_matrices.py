import decimal
import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnlib import matrices as module
from nnlib.datasets import digits
from nnlib.exercises import matrices as ex
from nnlib.matrices import count_parameters, dense, fold_bias, forward, softmax
from nnlib.neuron import leaky_relu, relu, sigmoid, step, tanh, weighted_sum
from nnlib.shapes import ShapeError

FLOATS = [np.float16, np.float32, np.float64]

each_dtype = pytest.mark.parametrize("dtype", FLOATS, ids=lambda dtype: dtype.__name__)


@pytest.fixture
def layers(rng):
    sizes = [(3, 4), (4, 5), (5, 2)]
    return [(rng.normal(size=(d_out, d_in)), rng.normal(size=d_out)) for d_in, d_out in sizes]


def test_no_function_escapes_these_tests():
    functions = inspect.getmembers(module, inspect.isfunction)
    public = {function for _, function in functions if function.__module__ == module.__name__}
    assert public == {dense, forward, count_parameters, fold_bias, softmax}


@pytest.mark.parametrize(
    ("x", "W", "b", "z"),
    [
        ([1, 2, 3], [[1, 0, -1], [2, 2, 2]], [10, 20], [8, 32]),
        ([[1, 2, 3], [0, 0, 1]], [[1, 0, -1], [2, 2, 2]], [10, 20], [[8, 32], [9, 22]]),
        (np.empty((0, 3)), np.ones((2, 3)), [0, 0], np.empty((0, 2))),
        (np.empty((4, 0)), np.empty((2, 0)), [1, 2], [[1, 2]] * 4),
        (np.ones((4, 3)), np.empty((0, 3)), [], np.empty((4, 0))),
        ([np.nan, 1], [[1, 1]], [0], [np.nan]),
    ],
)
def test_dense_by_hand(x, W, b, z):
    np.testing.assert_array_equal(dense(x, W, b), z)


def test_row_i_of_w_holds_the_weights_of_neuron_i(rng):
    x, W, b = rng.normal(size=(5, 3)), rng.normal(size=(2, 3)), rng.normal(size=2)
    neurons = [weighted_sum(x, w, bias) for w, bias in zip(W, b, strict=True)]
    np.testing.assert_allclose(dense(x, W, b), np.stack(neurons, axis=-1), rtol=1e-12)


def test_the_row_form_is_the_transpose_of_the_column_form(rng):
    X, W, b = rng.normal(size=(5, 3)), rng.normal(size=(2, 3)), rng.normal(size=2)
    columns = W @ X.T + b[:, None]
    np.testing.assert_allclose(dense(X, W, b), columns.T, rtol=1e-12)


def test_a_folded_bias_is_the_weight_of_an_input_that_is_always_one(rng):
    x, W, b = rng.normal(size=3), rng.normal(size=(2, 3)), rng.normal(size=2)
    np.testing.assert_allclose(fold_bias(W, b) @ [*x, 1], dense(x, W, b), rtol=1e-12)
    np.testing.assert_array_equal(fold_bias([[1, 2], [3, 4]], [5, 6]), [[1, 2, 5], [3, 4, 6]])


def test_two_layers_without_activation_are_one_layer(rng):
    x = rng.normal(size=(5, 3))
    (W1, b1), (W2, b2) = layers = [
        (rng.normal(size=(4, 3)), rng.normal(size=4)),
        (rng.normal(size=(2, 4)), rng.normal(size=2)),
    ]
    collapsed = dense(x, W2 @ W1, W2 @ b1 + b2)
    np.testing.assert_allclose(forward(x, layers, activation=lambda z: z), collapsed, rtol=1e-12)
    assert not np.allclose(forward(x, layers), sigmoid(collapsed))


def test_two_layers_of_steps_compute_what_one_neuron_cannot():
    hidden = [[1, 1], [-1, -1]], [-0.5, 1.5]
    output = [[1, 1]], [-1.5]
    xor = forward([[0, 0], [0, 1], [1, 0], [1, 1]], [hidden, output], activation=step)
    np.testing.assert_array_equal(xor, [[0], [1], [1], [0]])


@pytest.mark.parametrize("activation", [sigmoid, tanh, relu, leaky_relu, step])
def test_forward_is_the_composition_of_its_layers(activation, layers, rng):
    x = rng.normal(size=(6, 3))
    (W1, b1), (W2, b2), (W3, b3) = layers
    expected = activation(dense(activation(dense(activation(dense(x, W1, b1)), W2, b2)), W3, b3))
    np.testing.assert_array_equal(forward(x, layers, activation=activation), expected)


def test_the_default_activation_is_the_sigmoid(layers, rng):
    x = rng.normal(size=3)
    np.testing.assert_array_equal(forward(x, layers), forward(x, layers, activation=sigmoid))


def test_a_network_without_layers_changes_nothing():
    np.testing.assert_array_equal(forward([1, 2], []), [1.0, 2.0])


def test_layers_may_come_from_a_generator(layers):
    np.testing.assert_array_equal(forward([1, 2, 3], iter(layers)), forward([1, 2, 3], layers))


def test_any_number_of_batch_axes(layers, rng):
    x = rng.normal(size=(24, 3))
    for compute in (lambda x: dense(x, *layers[0]), lambda x: forward(x, layers), softmax):
        flat = compute(x)
        for batch in [(2, 12), (2, 3, 4), (1, 24, 1)]:
            batched = compute(x.reshape(*batch, 3))
            np.testing.assert_allclose(batched, flat.reshape(*batch, -1), rtol=1e-12)
        np.testing.assert_allclose(compute(x[0]), flat[0], rtol=1e-12)


def test_permuting_the_examples_permutes_the_outputs(layers, rng):
    x, order = rng.normal(size=(9, 3)), rng.permutation(9)
    for compute in (lambda x: dense(x, *layers[0]), lambda x: forward(x, layers), softmax):
        np.testing.assert_allclose(compute(x[order]), compute(x)[order], rtol=1e-12)
        assert not np.allclose(compute(x[order]), compute(x))


@pytest.mark.parametrize("b", [[1, 2], [0.5, 0.5], np.ones(2, np.float32), np.ones(2, int)])
@pytest.mark.parametrize("W", [[[1, 2, 3], [4, 5, 6]], np.ones((2, 3), np.float32)])
def test_a_float32_example_gives_a_float32_result(W, b):
    x = np.ones((5, 3), np.float32)
    assert dense(x, W, b).dtype == np.float32
    for activation in (sigmoid, tanh, relu, leaky_relu, step):
        assert forward(x, [(W, b)], activation=activation).dtype == np.float32


def test_float32_weights_stay_float32_when_the_bias_is_folded():
    assert fold_bias(np.ones((2, 3), np.float32), [1, 2]).dtype == np.float32


def test_inputs_never_change(layers, rng):
    x = rng.normal(size=(6, 3))
    arrays = [x, *(array for layer in layers for array in layer)]
    before = [array.tobytes() for array in arrays]
    forward(x, layers)
    for result in (dense(x, *layers[0]), fold_bias(*layers[0]), softmax(x)):
        result[...] = 7
    assert [array.tobytes() for array in arrays] == before


@pytest.mark.parametrize(
    ("sizes", "count"),
    [
        ([784, 16, 10], 12_730),
        ([784, 16, 16, 10], 13_002),
        ((1, 1), 2),
        (np.array([784, 16, 10]), 12_730),
        ([np.int8(100), np.int8(100)], 10_100),
    ],
)
def test_parameters_by_hand(sizes, count):
    assert count_parameters(sizes) == count
    assert type(count_parameters(sizes)) is int


def test_parameters_are_what_the_layers_hold(layers):
    assert count_parameters([3, 4, 5, 2]) == sum(W.size + b.size for W, b in layers)


@pytest.mark.parametrize(
    "sizes",
    [[], [784], 784, None, "784", ["784", "10"], [784, 16.0], [784, -1], [784, 0], [[784], [10]]],
    ids=repr,
)
def test_parameters_are_counted_from_positive_integers_only(sizes):
    with pytest.raises(ValueError, match=r"^count_parameters: .*positive integers") as error:
        count_parameters(sizes)
    assert f"sizes is {sizes!r}, expected" in str(error.value)


@pytest.mark.parametrize(
    ("x", "W", "b", "message"),
    [
        ((3, 5), (2, 3), (2,), r"x has shape \(3, 5\), expected \(\.\.\., 3\).*did you mean x\.T"),
        ((5, 3), (3, 2), (3,), r"x has shape \(5, 3\), expected \(\.\.\., 2\)"),
        ((), (2, 3), (2,), r"x has shape \(\), expected \(\.\.\., 3\)"),
        ((5, 3), (3,), (1,), r"W has shape \(3,\), expected \(D_out, D_in\)"),
        ((5, 3), (2, 3), (3,), r"b has shape \(3,\), expected \(2,\)"),
        ((5, 3), (2, 3), (2, 1), r"b has shape \(2, 1\), expected \(2,\)"),
        ((5, 3), (2, 3), (), r"b has shape \(\), expected \(2,\)"),
    ],
)
def test_dense_refuses_shapes_that_do_not_belong_together(x, W, b, message):
    with pytest.raises(ShapeError, match=rf"(?s)^dense.*: {message}"):
        dense(np.ones(x), np.ones(W), np.ones(b))


@pytest.mark.parametrize(("W", "b"), [((2, 3), (3,)), ((2, 3), ()), ((2, 3), (2, 1)), ((3,), ())])
def test_fold_bias_refuses_shapes_that_do_not_belong_together(W, b):
    with pytest.raises(ShapeError, match=r"^fold_bias.*: [Wb] has shape .*, expected "):
        fold_bias(np.ones(W), np.ones(b))


@pytest.mark.parametrize("name", ["x", "W", "b"])
def test_dense_refuses_what_is_not_a_number(name, not_numbers):
    arguments = {"x": [1.0], "W": [[1.0]], "b": [1.0]} | {name: not_numbers}
    with pytest.raises(ValueError, match=rf"^dense: {name} is .*expected real numbers"):
        dense(**arguments)


@pytest.mark.parametrize("name", ["W", "b"])
def test_fold_bias_refuses_what_is_not_a_number(name, not_numbers):
    with pytest.raises(ValueError, match=rf"^fold_bias: {name} is .*expected real numbers"):
        fold_bias(**{"W": [[1.0]], "b": [1.0]} | {name: not_numbers})


def test_forward_refuses_what_is_not_a_number(layers, not_numbers):
    with pytest.raises(ValueError, match=r"^forward: x is .*expected real numbers"):
        forward(not_numbers, layers)


def test_forward_names_the_layer_that_does_not_fit(layers):
    del layers[1]
    with pytest.raises(ShapeError, match=r"^forward, layer 2 of 2: dense.*x has shape \(6, 4\)"):
        forward(np.ones((6, 3)), layers)


def test_forward_names_the_layer_that_is_not_made_of_numbers(layers):
    layers[2] = None, np.ones(2)
    with pytest.raises(ValueError, match=r"^forward, layer 3 of 3: dense: W is None"):
        forward(np.ones(3), layers)


@pytest.mark.parametrize(
    "layers",
    [(np.ones((4, 3)), np.ones(4)), [np.ones((2, 3))], [[]], [None], [3], ["Wb"], {1: 2}],
    ids=["no list around", "no bias", "empty", "None", "number", "text", "dict"],
)
def test_forward_needs_pairs_of_weights_and_biases(layers):
    with pytest.raises(ValueError, match=r"^forward, layer 1 of \d: expected a pair \(W, b\)"):
        forward(np.ones(3), layers)


def exact_softmax(row):
    with decimal.localcontext(prec=60):
        e = [decimal.Decimal(float(z)).exp() for z in row]
        return [float(value / sum(e)) for value in e]


@pytest.mark.parametrize(("dtype", "ulp"), [(np.float32, 5), (np.float64, 4)])
def test_softmax_is_exact_to_the_last_digits(dtype, ulp, rng):
    z = [*rng.integers(-10, 10, size=(20, 5)), [1000, -1000, 0, 999, 998], [-700, -701, 0, 1, 2]]
    z = np.array(z, dtype)
    expected = np.array([exact_softmax(row) for row in z], dtype)
    np.testing.assert_array_max_ulp(softmax(z), expected, maxulp=ulp, dtype=dtype)


@given(arrays(int, array_shapes(max_dims=3), elements=st.integers(-1000, 1000)), st.data())
def test_softmax_ignores_what_is_added_to_a_whole_row(z, data):
    shift = data.draw(arrays(int, (*z.shape[:-1], 1), elements=st.integers(-1000, 1000)))
    np.testing.assert_array_equal(softmax(z + shift), softmax(z))


@given(arrays(float, array_shapes(max_dims=3), elements=st.floats(-1e308, 1e308)))
def test_softmax_gives_probabilities(z):
    p = softmax(z)
    assert np.all(p >= 0)
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=1e-14)


@given(st.floats(-1e3, 1e3))
def test_softmax_of_two_scores_is_the_sigmoid_of_their_difference(z):
    np.testing.assert_allclose(softmax([z, 0]), [sigmoid(z), sigmoid(-z)], rtol=1e-14)


def test_softmax_by_hand():
    np.testing.assert_allclose(softmax(np.log([[1, 3], [2, 2]])), [[0.25, 0.75], [0.5, 0.5]])
    np.testing.assert_array_equal(softmax([[5], [-5]]), [[1], [1]])
    np.testing.assert_array_equal(softmax(np.empty((0, 3))), np.empty((0, 3)))


def test_a_score_of_minus_infinity_has_no_chance():
    np.testing.assert_array_equal(softmax([-np.inf, 0, 0]), [0, 0.5, 0.5])


def test_a_row_without_a_largest_score_does_not_spoil_the_others():
    p = softmax([[np.nan, 0], [np.inf, 0], [-np.inf, -np.inf], [1, 1]])
    assert np.all(np.isnan(p[:3]).any(axis=1))
    np.testing.assert_array_equal(p[3], [0.5, 0.5])


@each_dtype
def test_softmax_is_silent_at_any_size_and_keeps_the_precision(dtype):
    largest = np.finfo(dtype).max
    z = [[1e3, -1e3, 0], [-1e3, -1e3, -1e3], [largest, -largest, 0], [-np.inf, 0, 0]]
    with np.errstate(all="raise"):
        p = softmax(np.array(z, dtype))
    assert p.dtype == dtype
    third = np.ones(3, dtype) / dtype(3)
    np.testing.assert_array_equal(p, [[1, 0, 0], third, [1, 0, 0], [0, 0.5, 0.5]])


@pytest.mark.parametrize("z", [3.0, True, [], np.empty((3, 0)), [[1, 2], [3]]])
def test_softmax_needs_a_score_to_choose_from(z):
    with pytest.raises(ShapeError, match=r"^softmax: z (has shape .*expected|is a nested list)"):
        softmax(z)


def test_softmax_refuses_what_is_not_a_number(not_numbers):
    with pytest.raises(ValueError, match=r"^softmax: z is .*expected real numbers"):
        softmax(not_numbers)


LEFT, RIGHT, HOLE = ex.zero_reader.cases[0]
RING = LEFT + RIGHT - 5.5 * HOLE
HALVES = np.stack([LEFT, RIGHT]) - 2.75 * HOLE


@pytest.mark.parametrize(
    "layers",
    [
        [(HALVES, [-18, -18]), ([[1, 1]], [-1.5])],
        [[HALVES.tolist(), (-12.0, -12.0)], (np.array([[2, 2]]), [-3])],
        [(np.stack([RING, RING]), [-45, -45]), ([[1, 0]], [0])],
        [(-HALVES, [12, 12]), ([[-1, -1]], [0.5])],
    ],
)
def test_any_network_that_reads_zeros_is_right(layers):
    assert ex.zero_reader.check(lambda left, right, hole: (*layers[0], *layers[1]))


@pytest.mark.parametrize(
    ("layers", "text"),
    [
        ([(HALVES.T, [-12, -12]), ([[1, 1]], [-1.5])], "W_1 needs the shape (2, 784)"),
        ([(HALVES, -12), ([[1, 1]], [-1.5])], "b_1 needs the shape (2,)"),
        ([(HALVES, [-12, -12]), ([1, 1], [-1.5])], "W_2 needs the shape (1, 2)"),
        ([(HALVES, [-12, -12]), ([[1, 1]], -1.5)], "b_2 needs the shape (1,)"),
        ([(HALVES, [-30, -30]), ([[1, 1]], [-1.5])], "It misses more than two"),
        ([(np.stack([RING, RING]), [-37, -37]), ([[1, 1]], [-1.5])], "It fires for more than four"),
        ([(HALVES, [-99, -99]), ([[1, 1]], [-1.5])], "It finds no zero"),
        ([(HALVES, [99, 99]), ([[1, 1]], [-1.5])], "It fires for nearly every image"),
    ],
)
def test_a_network_that_does_not_read_zeros_is_told_why(layers, text):
    assert text in str(ex.zero_reader.check(lambda left, right, hole: (*layers[0], *layers[1])))


def test_the_zero_reader_of_the_solution_does_what_its_reason_says():
    W_1, b_1, W_2, b_2 = ex.zero_reader.solve(LEFT, RIGHT, HOLE)
    layers, is_zero = [(W_1, b_1), (W_2, b_2)], digits().y_test == 0
    says = forward(digits().x_test, layers, activation=step)[:, 0] == 1
    found, alarms = sum(says & is_zero), sum(says & ~is_zero)
    assert f"finds all {found} zeros, and {alarms} other digits" in ex.zero_reader.reason
    assert found == sum(is_zero)
