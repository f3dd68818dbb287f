"""Live figures: a thin Python class and a JavaScript front end for each."""

from nnlib.widgets.detector import Detector
from nnlib.widgets.digit import Digit
from nnlib.widgets.learner import Learner
from nnlib.widgets.neuron import Neuron
from nnlib.widgets.product import Product

__all__ = ["Detector", "Digit", "Learner", "Neuron", "Product"]
