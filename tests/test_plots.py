"""Figures draw what they are given, in colours that the book can replace."""

import inspect
import io
import re

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt

from nnlib import plots
from nnlib.plots._style import label_ends

Z = np.linspace(-1, 1, 5)
W = np.array([[2.0, -1.0, 0.5], [-1.0, 3.0, 1.0]])
IMAGES = np.linspace(-1, 1, 3 * 784).reshape(3, 784)
POINTS = [[0, 0], [0, 1], [1, 0], [1, 1]]
HALF = slice(4, 12)

FIGURES = {
    "plot_activations": lambda: plots.plot_activations(Z, {"f": Z}, {"f": Z}),
    "plot_automaton": lambda: plots.plot_automaton(
        {"A": (0, 0), "B": (1, 0.5)}, [("A", "B", "Mia 0.5")]
    ),
    "plot_addition": lambda: plots.plot_addition({"a": Z, "b": -Z}, list("vwxyz"), signs="+"),
    "plot_attention": lambda: plots.plot_attention(
        {"a": np.tri(3) / 3, "b": np.where(np.tri(3), 0.5, np.nan)}, list("xyz"), numbers=True
    ),
    "plot_bars": lambda: plots.plot_bars(Z, list("abcde"), xlabel="digit", ylabel="p"),
    "plot_calibration": lambda: plots.plot_calibration(
        {"before": ([0.3, np.nan, 0.9], [0.2, np.nan, 0.8], [3, 0, 40])}
    ),
    "plot_batch": lambda: plots.plot_batch(W, W, np.ones(2), np.ones((2, 2))),
    "plot_bends": lambda: plots.plot_bends(Z, np.outer(Z, [1, -2]), 0.5, {"line": Z}),
    "plot_chords": lambda: plots.plot_chords(np.exp, Z, 0.0, [0.5, 0.1]),
    "plot_circle": lambda: plots.plot_circle(
        np.diag([2, 0.5]), np.eye(2), np.eye(2) + 1, np.eye(2)[::-1]
    ),
    "plot_contours": lambda: plots.plot_contours(
        *np.meshgrid(Z, Z), np.outer(Z, Z), {"walk": np.array([[0.5, 0.5], [0, 0]])}
    ),
    "plot_cost": lambda: plots.plot_cost(np.array([1, 4, 16]), {"a": np.array([1, 2, 6.0])}),
    "plot_curves": lambda: plots.plot_curves(Z, {"a": Z, "b": Z}, xlabel="x", ylabel="y"),
    "plot_decisions": lambda: plots.plot_decisions(
        {"or": {"points": POINTS, "fires": [0, 1, 1, 1], "w": [1, 1], "b": -0.5}},
        labels=["x", "y"],
    ),
    "plot_depth": lambda: plots.plot_depth(
        {"a": {"one": np.exp(Z)}, "b": {"two": np.exp([Z, -Z])}}, ylabel="gradient"
    ),
    "plot_descent": lambda: plots.plot_descent(Z, Z**2, {"a": (Z, Z**2), "b": (Z, Z**2)}),
    "plot_directions": lambda: plots.plot_directions(90 * Z, np.cos(Z), np.cos(Z)),
    "plot_gradients": lambda: plots.plot_gradients(
        {"x": (0, 1, "$x$", 2, 8), "u": (1, 0, "$u$", 3, 1), "y": (2, 1, "$y$", 6, 1)},
        {("x", "y"): (3, 3), ("x", "u"): (5, 5), ("u", "y"): (1, 1)},
    ),
    "plot_pairs": lambda: plots.plot_pairs(np.eye(3) + 0.1, ["space", "a", "b"]),
    "plot_tokens": lambda: plots.plot_tokens({"text": ["hug", "␣hug", "<C3>", "␣␣"] * 5}),
    "plot_windows": lambda: plots.plot_windows(list("abcdefgh"), [0, 3], 3),
    "plot_lists": lambda: plots.plot_lists(
        ["a", "b"], {"token": W, "query": [np.nan, 1]}, names="xyz", fan=(1, "token", "query")
    ),
    "plot_wishes": lambda: plots.plot_wishes({"wish": Z, "arrives": 2 * Z}, 0.5),
    "plot_flow": plots.plot_flow,
    "plot_head_layer": plots.plot_head_layer,
    "plot_heads": lambda: plots.plot_heads(
        {
            "before": (np.arange(8).reshape(2, 4), np.arange(8).reshape(2, 4) % 4 // 2),
            "after": (np.arange(8).reshape(2, 2, 2), np.arange(8).reshape(2, 2, 2) % 4 // 2),
        }
    ),
    "plot_failure": lambda: plots.plot_failure(
        {"bad": np.array([2.3, 5, np.nan]), "good": np.array([2.3, 1, 0.5])}, level=2.3
    ),
    "plot_early": lambda: plots.plot_early(np.exp(-Z), np.exp(Z**2), best=2),
    "plot_held_back": lambda: plots.plot_held_back({"a": np.exp(-Z), "b": np.exp(Z)}),
    "plot_luck": lambda: plots.plot_luck(np.abs(Z), Z**2),
    "plot_tasks": lambda: plots.plot_tasks(
        {"one": {"a": [0.5, 0.6], "b": [0.7]}, "two": {"a": [0.8], "b": [0.9, 0.95]}}
    ),
    "plot_explanations": lambda: plots.plot_explanations(IMAGES[0], {"a": IMAGES[1]}),
    "plot_firing": lambda: plots.plot_firing({"above 0": np.abs(W), "above 2": np.abs(W) / 2}),
    "plot_space": lambda: plots.plot_space({"a": (np.array(POINTS), np.array([0, 1, 1, 7]))}),
    "plot_unit": lambda: plots.plot_unit(
        np.abs(Z), np.array([0, 1, 0, 2, 1]), np.array([0.5, -0.2, 0.1]), threshold=0.7
    ),
    "plot_weights": lambda: plots.plot_weights([IMAGES, IMAGES[::-1]], ["trained", "start"]),
    "plot_detector": lambda: plots.plot_detector(
        IMAGES[0], IMAGES, list("abc"), Z[:3], threshold=0.5, fires=np.array([0, 0, 1])
    ),
    "plot_late": lambda: plots.plot_late(
        np.arange(5), {"a": np.exp(-Z), "b": np.exp(Z)}, slow=(1, 2)
    ),
    "plot_looks": lambda: plots.plot_looks(np.abs(W), list("abc"), ["one", "two"]),
    "plot_rungs": lambda: plots.plot_rungs({"a": 3.0, "b": 2.0}, 1.2, {"b: half": 2.5}),
    "plot_choices": lambda: plots.plot_choices(
        list("abc"), {"one": np.array([0.5, 0.5, 0]), "two": np.array([1.0, 0, 0])}
    ),
    "plot_floor": lambda: plots.plot_floor(np.linspace(4, 1, 60), {"a": 1.0, "b": 0.5}),
    "plot_gpt": lambda: plots.plot_gpt(list("abc"), list("bcd"), n_blocks=2),
    "plot_held_out": lambda: plots.plot_held_out(
        4 + 4 * Z, {"training": np.exp(-Z), "held out": Z**2}, {"counts": 2.0}, "held out"
    ),
    "plot_tuning": lambda: plots.plot_tuning(
        4 + 4 * Z, {"a": (Z**2, np.exp(Z)), "b": (Z**4, 1 + Z**2)}
    ),
    "plot_surprise": lambda: plots.plot_surprise(list("abcde"), {"a": Z**2, "b": Z**2}),
    "plot_caches": lambda: plots.plot_caches(
        {"a": (np.arange(5), Z**2), "b": (np.arange(5), Z**4)}
    ),
    "plot_gated": plots.plot_gated,
    "plot_groups": lambda: plots.plot_groups(6, {"each": 6, "three": 3, "one": 1}),
    "plot_hands": lambda: plots.plot_hands(np.outer(Z, [1, 0.1]), list("abcde"), ["fast", "slow"]),
    "plot_places": lambda: plots.plot_places({"a": np.exp(Z), "b": Z**2}, edge=2),
    "plot_tables": lambda: plots.plot_tables({"a": np.outer(Z, Z), "b": np.eye(5) - 0.5}),
    "plot_tries": lambda: plots.plot_tries(
        {"a": [1.5, 1.6], "control: b": [1.4]}, 1.2, xlabel="loss"
    ),
    "plot_turn": lambda: plots.plot_turn((3, 1), 1.0),
    "plot_images": lambda: plots.plot_images(IMAGES, list("abc"), columns=2),
    "plot_indices": lambda: plots.plot_indices(3, 2, highlight=(0, 2)),
    "plot_facts": lambda: plots.plot_facts(
        {"a": np.linspace(2, 1, 30), "b": np.linspace(2, 0, 50)}, {"one": 0.5, "two": 0.7}
    ),
    "plot_gates": lambda: plots.plot_gates(Z, {"a": Z, "b": Z**2, "c": Z**3}),
    "plot_soft_gate": lambda: plots.plot_soft_gate(
        Z, {"hard": Z, "soft": Z**2}, {"hard": Z, "soft": Z}
    ),
    "plot_lanes": lambda: plots.plot_lanes(["the", "cat", "sat"]),
    "plot_layer": lambda: plots.plot_layer(W, np.ones(3), np.ones(2), np.ones(2)),
    "plot_layers": lambda: plots.plot_layers({"a": np.exp(Z), "b": np.exp(-Z)}, ylabel="size"),
    "plot_ladder": lambda: plots.plot_ladder(
        [1, 2, 3], {"training": [3, 2, 1], "held out": [3, 2.2, 1.9]}, floor=1.1, top=4.2
    ),
    "plot_loss": lambda: plots.plot_loss({"a": np.exp(-Z), "b": np.exp(-Z[:3])}),
    "plot_maps": lambda: plots.plot_maps({"before": lambda x: x, "after": np.square}),
    "plot_named": lambda: plots.plot_named(
        Z, {"a": Z, "b": Z**2}, at=[0.5, 0.2], xlabel="x", ylabel="y"
    ),
    "plot_network": lambda: plots.plot_network([784, 16, 10]),
    "plot_neuron": lambda: plots.plot_neuron([3.5, 1], [2, -1], b=-4, z=2, a=0.88),
    "plot_loss_panels": lambda: plots.plot_loss_panels({"A": np.exp(-Z), "B": np.exp(Z)}),
    "plot_slopes": lambda: plots.plot_slopes(dict.fromkeys("abc", (Z, Z**2, 2 * Z, Z, 2 * Z))),
    "plot_training": lambda: plots.plot_training(
        W[:, :2], np.array([True, False]), {"learned": [1, -1, 0], "by hand": [2, -1, 0]}, Z**2
    ),
    "plot_pixels": lambda: plots.plot_pixels(IMAGES[0], rows=HALF, columns=HALF),
    "plot_plane": lambda: plots.plot_plane(
        W[:, :2], np.array([0, 1]), {"a": np.outer(Z, Z)}, edge=2
    ),
    "plot_product": lambda: plots.plot_product(
        [("X", ("N", "D"), (2, 1)), ("W", ("D", "K"), (1, 1)), ("Z", ("N", "K"), (2, 1))]
    ),
    "plot_runs": lambda: plots.plot_runs({"a": np.exp(-Z), "b": np.exp(Z)}, log=True, mean=2),
    "plot_valleys": lambda: plots.plot_valleys(
        {"raw": (W[:, :2] + 2, np.array([[0, 1], [1, 1]])), "mended": (W[:, :2], W[:, :2])}, [1, 2]
    ),
    "plot_scores": lambda: plots.plot_scores({"0": Z, "1": Z}, xlabel="sum", threshold=0),
    "plot_sweep": lambda: plots.plot_sweep(
        {"a": (np.exp(Z), Z**2), "b": (np.exp(Z), Z)},
        xlabel="rate",
        ylabel="loss",
        level=(0.5, "guessing"),
    ),
    "plot_shares": lambda: plots.plot_shares(
        np.arange(1, 11), {"a": np.ones(10), "b": np.arange(10)}, xlabel="T"
    ),
    "plot_streams": lambda: plots.plot_streams({"one": [("n", "a", "b")], "two": [("", "a"), "b"]}),
    "plot_transpose": lambda: plots.plot_transpose(W),
    "plot_words": lambda: plots.plot_words(
        np.outer(Z, [1, -2]), {"animals": [0, 1], "places": [2], "verbs": [3, 4]}, list("abcde")
    ),
    "plot_belief": lambda: plots.plot_belief(np.abs(Z), np.exp(Z), floor=0.3, at=0.5),
    "plot_next": lambda: plots.plot_next({"Mia": {"sees": 0.6, "sleeps": 0.4}, "a": {"cat": 1.0}}),
    "plot_word_pairs": lambda: plots.plot_word_pairs(np.eye(3), {"names": 1, "verbs": 2}),
    "plot_surprises": lambda: plots.plot_surprises(np.array([0.5, 0.3, 0.2])),
    "plot_touching": lambda: plots.plot_touching(np.linspace(0.1, 3, 20)),
}

every_figure = pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)


@pytest.fixture(autouse=True)
def book_style():
    with mpl.rc_context(), mpl.rc_context({"backend": "agg"}):
        plots.use_book_style()
        yield
    plt.close("all")


def test_no_figure_escapes_these_tests():
    drawn = [name for name, _ in inspect.getmembers(plots, inspect.isfunction) if "plot_" in name]
    assert drawn == sorted(FIGURES)


@every_figure
def test_a_figure_returns_its_axes(draw):
    for ax in np.ravel(draw()):
        assert isinstance(ax, mpl.axes.Axes)


@every_figure
def test_a_figure_uses_only_colours_that_the_book_replaces(draw):
    draw()
    svg = io.StringIO()
    plt.savefig(svg, format="svg")
    drawing = re.sub(r'xlink:href="data:[^"]*"', "", svg.getvalue())
    palette = {plots.PAPER, plots.INK, plots.MUTED, plots.FAINT, *plots.CYCLE}
    found = set(re.findall(r"(?:fill|stroke): (#[0-9a-f]{6})", drawing))
    assert found <= palette | {"#000000", "#ffffff"}


@every_figure
def test_a_picture_with_scales_names_them(draw):
    for ax in np.ravel(draw()):
        if ax.axison and ax.get_shared_x_axes().get_siblings(ax) == [ax]:
            assert ax.get_xlabel(), "the horizontal axis has no name"


@pytest.mark.parametrize(
    "curves",
    [
        {"a": Z, "almost a": Z + 0.001, "a little more": Z - 0.001},
        {"level": 0 * Z, "falling": np.exp(-3 * Z), "rising": np.exp(3 * Z)},
        {"a step": 1.0 * (Z > 0), "its opposite": 1.0 * (Z < 0)},
        {"begins late": np.array([np.nan, np.nan, 1, 0, 2])},
    ],
)
def test_names_of_curves_stand_in_the_plot_and_cover_nothing(curves):
    ax = plt.subplots()[1]
    for values in curves.values():
        ax.plot(Z, values)
    label_ends(ax, list(curves))
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert [text.get_text() for text in ax.texts] == list(curves)
    for box in boxes:
        assert ax.bbox.containsx(box.x0)
        assert ax.bbox.containsx(box.x1)
        assert ax.bbox.containsy(box.y0)
        assert ax.bbox.containsy(box.y1)
        assert sum(box.overlaps(other) for other in boxes) == 1
        assert not any(line.get_path().intersects_bbox(inside(ax, box), False) for line in ax.lines)


def inside(ax, box):
    return box.transformed(ax.transData.inverted())


def test_the_names_of_curves_stand_inside_the_picture():
    ax = plots.plot_curves(Z, {"a": Z, "b": Z**2}, xlabel="x", ylabel="y")
    ax.figure.draw_without_rendering()
    legend = ax.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b"]
    corners = ax.transAxes.inverted().transform(legend.get_window_extent())
    assert np.all((corners >= 0) & (corners <= 1))
    assert plots.plot_curves(Z, {"": Z}, xlabel="x", ylabel="y").get_legend() is None


def test_gradients_that_meet_are_added_up_and_a_single_one_is_not():
    ax = FIGURES["plot_gradients"]()
    texts = [text.get_text() for text in ax.texts]
    assert "$dx$ = 3 + 5 = 8" in texts
    assert "$du$ = 1" in texts
    assert "× 3 = 3" in texts
    assert "× 1" in texts


def test_the_shaded_box_of_a_map_has_its_four_corners():
    W = np.array([[1.1, -1.3], [-0.1, 1.7]])
    (ax,) = plots.plot_maps({"map": lambda x: x @ W})
    drawn = ax.patches[0].get_xy()
    for corner in [[0, 0], [0, 1], [1, 0], [1, 1]]:
        assert np.abs(drawn - corner @ W).sum(axis=1).min() < 1e-9


def test_a_map_has_an_arrow_to_where_each_unit_goes_if_that_is_far_enough():
    W = np.array([[1.1, -1.3], [0.1, 0.2]])
    (ax,) = plots.plot_maps({"map": lambda x: x @ W}, arrows=[("first", "second")])
    assert [text.get_text() for text in ax.texts] == ["first"]


def test_weights_are_drawn_with_zero_in_the_middle_of_their_colours():
    ax = plots.plot_images(np.linspace(-1, 3, 784), signed=True)[0, 0]
    low, high = ax.images[0].get_clim()
    assert low == -high


def test_negative_weights_are_striped():
    image = plots.plot_images(np.tile([-1.0, 1.0], 392), signed=True)[0, 0].images[0].get_array()
    upper, lower = image[::2], image[1::2]
    assert (upper[:, ::2] < 0).all()
    assert (lower[:, ::2] == 0).all()
    np.testing.assert_array_equal(upper[:, 1::2], lower[:, 1::2])
