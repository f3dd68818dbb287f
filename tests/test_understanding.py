"""Explanations that add up, confidence that is measured, and inputs that are made to fool."""

import numpy as np
import pytest

from nnlib.backprop import Dense, LeakyReLU, ReLU, Sequential, Sigmoid, Tanh
from nnlib.descent import cross_entropy, numerical_gradient
from nnlib.matrices import softmax
from nnlib.shapes import ShapeError
from nnlib.understanding import (
    adversarial,
    best_temperature,
    between_groups,
    calibration,
    dream,
    input_gradient,
    occlusion,
    pixel_contributions,
    separation,
    weight_images,
)


def network(rng, d=9, k=3):
    """Nested, with both kinds of ReLU, and with biases that are not 0."""
    inside = Sequential(Dense(d, 7, rng=rng), ReLU())
    model = Sequential(inside, Dense(7, 5, rng=rng), LeakyReLU(0.2), Dense(5, k, rng=rng))
    for name, param, _ in model.named_params():
        if name.endswith("b"):
            param[...] = rng.normal(size=param.shape)
    return model


@pytest.fixture
def model(rng):
    return network(rng)


@pytest.fixture
def x(rng):
    return rng.normal(size=(6, 9))


def images(rng, n=6):
    return rng.uniform(0.2, 0.8, size=(n, 9))


def test_weight_images_are_a_copy_of_the_first_weights(model):
    W = model[0][0].params["W"]
    rows = weight_images(model)
    np.testing.assert_array_equal(rows, W)
    rows[...] = 0
    assert W.any()
    np.testing.assert_array_equal(weight_images(model[1]).shape, (5, 7))


def test_weight_images_need_a_dense_layer_first():
    with pytest.raises(
        ValueError, match=r"weight_images: the first layer is ReLU\(\), needs Dense"
    ):
        weight_images(Sequential(ReLU()))
    with pytest.raises(ValueError, match="needs Dense"):
        weight_images(Sequential())


def test_separation_counts_the_pairs_in_order(rng):
    values = rng.integers(0, 4, size=(13, 3)).astype(float)
    inside = np.arange(13) % 3 == 0
    want = np.zeros(3)
    for own in values[inside]:
        for other in values[~inside]:
            want += (own > other) + 0.5 * (own == other)
    found = separation(values, inside)
    np.testing.assert_allclose(found, want / (inside.sum() * (~inside).sum()))
    np.testing.assert_allclose(separation(values[:, 1], inside), found[1])
    np.testing.assert_allclose(separation(-values, inside), 1 - found)


def test_separation_needs_both_sides():
    for inside in ([True, True], [False, False]):
        with pytest.raises(ValueError, match="separation: all examples are on one side"):
            separation([1.0, 2.0], inside)
    with pytest.raises(ShapeError, match="inside has shape"):
        separation([1.0, 2.0], [True, False, True])


def test_the_spread_between_groups_is_what_is_not_within_them(rng):
    labels = np.array([0, 0, 1, 1, 1, 3, 3, 3, 3])
    points = rng.normal(size=(9, 4)) + 2 * labels[:, None]
    means = np.array([points[labels == k].mean(axis=0) for k in labels])
    between = np.sum((means - points.mean(axis=0)) ** 2)
    found = between_groups(points, labels)
    np.testing.assert_allclose(found, between / np.sum((points - points.mean(axis=0)) ** 2))
    np.testing.assert_allclose(between_groups(means, labels), 1)
    np.testing.assert_allclose(between_groups(3 - 2 * points, labels), found)
    with pytest.raises(ShapeError, match="labels has shape"):
        between_groups(points, labels[1:])


def test_input_gradients_match_finite_differences(model, x):
    for example in x:
        numeric = numerical_gradient(lambda x: model.predict(x)[2], example)
        np.testing.assert_allclose(input_gradient(model, example, 2), numeric, atol=1e-8)


def test_a_batch_may_ask_for_another_output_in_each_row(model, x):
    outputs = np.array([0, 2, 1, 1, 0, 2])
    one_by_one = [input_gradient(model, *pair) for pair in zip(x, outputs, strict=True)]
    np.testing.assert_allclose(input_gradient(model, x, outputs), one_by_one)
    shares = [pixel_contributions(model, *pair) for pair in zip(x, outputs, strict=True)]
    contributions, bias_share = pixel_contributions(model, x, outputs)
    np.testing.assert_allclose(contributions, [parts for parts, _ in shares])
    np.testing.assert_allclose(bias_share, [share for _, share in shares])


def test_looking_changes_neither_parameters_nor_gradients(model, x):
    for _, _, grad in model.named_params():
        grad[...] = 3.5
    kept = [(param.copy(), grad.copy()) for _, param, grad in model.named_params()]
    given = x.copy()
    input_gradient(model, x, 1)
    pixel_contributions(model, x, 1)
    occlusion(model, x[0], 1, size=2)
    dream(model, x, 1, lr=0.1, steps=3)
    adversarial(model, x, 1, eps=0.1, steps=3)
    for (_, param, grad), (param_before, grad_before) in zip(
        model.named_params(), kept, strict=True
    ):
        np.testing.assert_array_equal(param, param_before)
        np.testing.assert_array_equal(grad, grad_before)
    np.testing.assert_array_equal(x, given)


@pytest.mark.parametrize("output", [0, 1, 2])
def test_contributions_and_bias_share_sum_to_the_score(model, x, output):
    contributions, bias_share = pixel_contributions(model, x, output)
    assert contributions.shape == x.shape
    assert bias_share.shape == (6,)
    scores = model.predict(x)[:, output]
    np.testing.assert_allclose(contributions.sum(axis=1) + bias_share, scores, atol=1e-12)
    np.testing.assert_allclose(contributions, x * input_gradient(model, x, output))


def test_the_bias_share_is_what_the_biases_do(model, x):
    """All biases grow by a tiny share: the score gains that share of theirs."""
    _, bias_share = pixel_contributions(model, x, 0)
    before = model.predict(x)[:, 0]
    for name, param, _ in model.named_params():
        if name.endswith("b"):
            param *= 1 + 1e-7
    np.testing.assert_allclose((model.predict(x)[:, 0] - before) / 1e-7, bias_share, atol=1e-6)


def test_one_example_gives_one_bias_share(model, x):
    contributions, bias_share = pixel_contributions(model, x[0], 1)
    assert contributions.shape == (9,)
    assert bias_share.shape == ()


def test_a_neuron_exactly_at_its_kink_still_adds_up(rng):
    model = Sequential(Dense(2, 1, rng=rng), ReLU(), Dense(1, 1, rng=rng))
    model[0].params["W"][...] = [[1.0, -1.0]]
    contributions, bias_share = pixel_contributions(model, [2.0, 2.0], 0)
    np.testing.assert_array_equal(contributions, 0)
    assert bias_share == model.predict(np.array([2.0, 2.0]))[0]


def test_a_single_dense_layer_is_explained_by_its_weights(rng):
    layer = Dense(4, 3, rng=rng)
    x = rng.normal(size=4)
    np.testing.assert_allclose(pixel_contributions(layer, x, 2)[0], layer.params["W"][2] * x)


@pytest.mark.parametrize("bent", [Sigmoid(), Tanh()], ids=["sigmoid", "tanh"])
def test_contributions_are_refused_where_they_do_not_add_up(rng, bent):
    model = Sequential(Dense(4, 3, rng=rng), Sequential(bent, Dense(3, 2, rng=rng)))
    with pytest.raises(ValueError, match=r"pixel_contributions: the model has .*needs Dense, ReLU"):
        pixel_contributions(model, np.ones(4), 0)
    assert input_gradient(model, np.ones(4), 0).shape == (4,)


def test_an_output_that_does_not_exist_is_refused(model, x):
    for output in (3, -1):
        with pytest.raises(ValueError, match=rf"there is no class {output}, expected 0 to 2"):
            input_gradient(model, x, output)


def test_float32_stays_float32(model, x):
    model.astype(np.float32)
    x = x.astype(np.float32)
    contributions, bias_share = pixel_contributions(model, x, 1)
    assert contributions.dtype == bias_share.dtype == np.float32
    assert dream(model, x, 1, lr=0.1, steps=2).dtype == np.float32
    assert adversarial(model, x, 1, eps=0.1, steps=2).dtype == np.float32
    assert occlusion(model, x[0], 1).dtype == np.float32


@pytest.mark.parametrize("size", [1, 2, 3, 9])
def test_occlusion_paints_one_square_at_a_time(model, rng, size):
    x = images(rng)[0]
    want = np.zeros((3, 3))
    for row in range(3):
        for column in range(3):
            painted = x.reshape(3, 3).copy()
            for i in range(row - size // 2, row - size // 2 + size):
                for j in range(column - size // 2, column - size // 2 + size):
                    if 0 <= i < 3 and 0 <= j < 3:
                        painted[i, j] = 0
            want[row, column] = model.predict(x)[1] - model.predict(painted.ravel())[1]
    np.testing.assert_allclose(occlusion(model, x, 1, size=size), want.ravel())


def test_occlusion_of_one_pixel_takes_its_contribution_away(rng):
    """True where no ReLU changes: here there is none."""
    layer = Dense(9, 2, rng=rng)
    x = images(rng)[0]
    np.testing.assert_allclose(
        occlusion(layer, x, 1, size=1), pixel_contributions(layer, x, 1)[0], atol=1e-12
    )


@pytest.mark.parametrize("shape", [(8,), (2, 9), ()])
def test_occlusion_needs_one_square_image(model, shape):
    with pytest.raises(ShapeError, match=r"occlusion: x has shape .*expected one square image"):
        occlusion(model, np.zeros(shape), 0)


def test_calibration_sorts_answers_into_bins():
    p = np.array([[0.55, 0.45], [0.4, 0.6], [0.1, 0.9], [0.85, 0.15], [0.3, 0.7]])
    found = calibration(p, [0, 0, 1, 1, 1], bins=4)
    np.testing.assert_array_equal(found.count, [0, 0, 3, 2])
    np.testing.assert_allclose(found.confidence, [np.nan, np.nan, 1.85 / 3, 0.875])
    np.testing.assert_allclose(found.accuracy, [np.nan, np.nan, 2 / 3, 0.5])
    np.testing.assert_allclose(found.error, (0.05 * 3 + 0.375 * 2) / 5)


def test_a_confidence_on_an_edge_belongs_to_the_bin_below():
    found = calibration([[0.5, 0.5], [1.0, 0.0]], [0, 0], bins=2)
    np.testing.assert_array_equal(found.count, [1, 1])


def test_a_calibrated_oracle_has_a_small_error(rng):
    p = softmax(2 * rng.normal(size=(20_000, 4)))
    targets = (p.cumsum(axis=1) > rng.random((20_000, 1))).argmax(axis=1)
    assert calibration(p, targets).error < 0.02
    assert calibration(softmax(3 * np.log(p)), targets).error > 0.1


def test_scores_are_not_taken_for_probabilities():
    with pytest.raises(ValueError, match=r"do not sum to 1.*Apply softmax"):
        calibration([[2.0, 1.0]], [0])
    with pytest.raises(ValueError, match="at least one row"):
        calibration(np.zeros((0, 3)), np.zeros(0, dtype=int))
    with pytest.raises(ShapeError, match="calibration: targets has shape"):
        calibration([[0.5, 0.5]], [0, 1])


def test_the_best_temperature_is_where_the_loss_is_lowest(rng):
    logits = 3 * rng.normal(size=(300, 4))
    targets = np.where(rng.random(300) < 0.6, logits.argmax(axis=1), rng.integers(4, size=300))
    best = best_temperature(logits, targets)
    losses = {T: cross_entropy(logits / T, targets)[0] for T in best * np.array([0.98, 1, 1.02])}
    assert min(losses, key=losses.get) == best
    assert best > 1
    np.testing.assert_allclose(best_temperature(logits * 3, targets), 3 * best, rtol=1e-6)


def test_a_temperature_stays_between_its_limits():
    assert best_temperature([[2.0, 0.0], [0.0, 1.0]], [0, 1]) == pytest.approx(0.01)
    assert best_temperature([[2.0, 0.0], [0.0, 1.0]], [1, 0]) == pytest.approx(100)


def test_a_dream_becomes_what_was_asked_for(model, rng):
    start = images(rng)
    targets = np.array([0, 1, 2, 0, 1, 2])
    dreamt = dream(model, start, targets, lr=0.3, steps=60)
    assert dreamt.min() >= 0
    assert dreamt.max() <= 1
    rows = np.arange(6)
    before, after = (softmax(model.predict(x))[rows, targets] for x in (start, dreamt))
    assert np.all(after > before)


def test_one_dreamt_step_is_a_step_of_gradient_descent(model, rng):
    start = images(rng)[0]
    gradient = numerical_gradient(lambda x: cross_entropy(model.predict(x)[None], [2])[0], start)
    np.testing.assert_allclose(
        dream(model, start, 2, lr=0.01, steps=1), start - 0.01 * gradient, atol=1e-9
    )


def test_each_dream_of_a_batch_is_its_own(model, rng):
    start = images(rng)
    together = dream(model, start, 1, lr=0.1, steps=5)
    alone = [dream(model, x, 1, lr=0.1, steps=5) for x in start]
    np.testing.assert_allclose(together, alone)


@pytest.mark.parametrize("steps", [1, 4])
def test_adversarial_inputs_stay_near_and_are_worse(model, rng, steps):
    x = images(rng)
    targets = model.predict(x).argmax(axis=1)
    changed = adversarial(model, x, targets, eps=0.15, steps=steps)
    assert np.abs(changed - x).max() <= 0.15 + 1e-12
    rows = np.arange(6)
    before, after = (softmax(model.predict(each))[rows, targets] for each in (x, changed))
    assert np.all(after < before)


def test_one_adversarial_step_is_the_sign_of_the_gradient(model, rng):
    x = images(rng)
    targets = np.array([0, 1, 2, 0, 1, 2])
    gradient = np.array(
        [
            numerical_gradient(lambda x, t=t: cross_entropy(model.predict(x)[None], [t])[0], row)
            for row, t in zip(x, targets, strict=True)
        ]
    )
    np.testing.assert_allclose(
        adversarial(model, x, targets, eps=0.05), x + 0.05 * np.sign(gradient)
    )


def test_adversarial_inputs_stay_between_paper_and_ink(model, rng):
    x = np.round(images(rng))
    changed = adversarial(model, x, 0, eps=0.3)
    assert changed.min() >= 0
    assert changed.max() <= 1


def test_more_steps_do_at_least_as_much_harm(rng):
    model = network(rng, d=9)
    x, targets = images(rng, 200), rng.integers(3, size=200)
    losses = [
        cross_entropy(model.predict(adversarial(model, x, targets, eps=0.3, steps=n)), targets)[0]
        for n in (1, 20)
    ]
    assert losses[1] >= losses[0]
