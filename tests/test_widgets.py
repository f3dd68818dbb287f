"""Live figures seen from Python; tests/browser looks at their other side."""

import inspect
import re
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from traitlets import TraitError, TraitType

from nnlib import plots, widgets
from nnlib.widgets._figure import FOLDER

X = np.array([[3.5, 1.0, 2.0], [0.0, -1.0, 0.5]])
W = np.array([[2.0, -1.0, 1.0], [-1.0, 3.0, 1.0]])
DIGITS = np.linspace(0, 1, 2 * 784).reshape(2, 784)

FIGURES = {
    "Detector": lambda: widgets.Detector(DIGITS, ["a", "b"], w=np.linspace(-1, 1, 784), b=-3),
    "Neuron": lambda: widgets.Neuron(w=[2, -1], b=0.5, goal="or"),
    "Product": lambda: widgets.Product(X, W, b=[-4.0, 0.5]),
}

every_figure = pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)


def test_no_figure_escapes_these_tests():
    assert list(FIGURES) == widgets.__all__


@every_figure
def test_a_figure_is_one_module_that_loads_nothing(make):
    module = make()._esm
    assert module.count("export default { render }") == 1
    assert not re.search(r"^\s*import\b|\bimport\(|fetch\(|require\(", module, re.MULTILINE)


@every_figure
def test_a_figure_without_scripts_is_a_picture_that_names_it(make):
    figure = make()
    with mpl.rc_context({"backend": "agg"}):
        plots.use_book_style()
        data, _ = figure._repr_mimebundle_()
    picture = ElementTree.fromstring(data["image/svg+xml"])
    assert picture.tag.endswith("svg")
    assert picture.get("data-model") == figure.model_id
    assert mpl._pylab_helpers.Gcf.get_num_fig_managers() == 0


@pytest.mark.parametrize("name", FIGURES)
def test_every_trait_of_a_figure_is_documented(name):
    figure = getattr(widgets, name)
    for trait in (key for key, value in vars(figure).items() if isinstance(value, TraitType)):
        assert re.search(rf"^{trait} : ", inspect.getdoc(figure), re.MULTILINE), trait


def test_no_file_belongs_to_no_figure():
    modules = {path.stem for path in FOLDER.glob("*.js")} - {"_shared"}
    assert modules == {name.lower() for name in FIGURES}


def test_weights_travel_as_bytes():
    figure = FIGURES["Detector"]()
    sent = figure.get_state("w")["w"]
    np.testing.assert_array_equal(np.frombuffer(sent, "<f4"), figure.w)
    figure.set_state({"w": memoryview(np.full(784, 0.5, "<f4").tobytes())})
    assert figure.w.dtype == np.float32
    np.testing.assert_array_equal(figure.w, 0.5)


def test_weights_cannot_be_changed_behind_the_page():
    figure = FIGURES["Detector"]()
    with pytest.raises(ValueError, match="read-only"):
        figure.w[0] = 1.0


@pytest.mark.parametrize("wrong", [np.ones(783), "text", None])
def test_weights_of_a_wrong_kind_are_refused(wrong):
    with pytest.raises(TraitError, match="w of a Detector"):
        FIGURES["Detector"]().w = wrong


def test_an_unknown_activation_is_refused():
    with pytest.raises(TraitError, match="activation"):
        widgets.Neuron(activation="softmax")
