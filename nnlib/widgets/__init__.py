"""Live figures: a thin Python class and a JavaScript front end for each."""

from nnlib.widgets.attention import Attention
from nnlib.widgets.backprop import Backprop
from nnlib.widgets.descent import Descent
from nnlib.widgets.detector import Detector
from nnlib.widgets.digit import Digit
from nnlib.widgets.explorer import Explorer
from nnlib.widgets.learner import Learner
from nnlib.widgets.neuron import Neuron
from nnlib.widgets.product import Product
from nnlib.widgets.writer import Writer

__all__ = [
    "Attention",
    "Backprop",
    "Descent",
    "Detector",
    "Digit",
    "Explorer",
    "Learner",
    "Neuron",
    "Product",
    "Writer",
]
