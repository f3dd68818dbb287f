"""Live figures: a thin Python class and a JavaScript front end for each."""

from nnlib.widgets.attention import Attention
from nnlib.widgets.backprop import Backprop
from nnlib.widgets.bends import Bends
from nnlib.widgets.classifier import Classifier
from nnlib.widgets.descent import Descent
from nnlib.widgets.detector import Detector
from nnlib.widgets.digit import Digit
from nnlib.widgets.explorer import Explorer
from nnlib.widgets.learner import Learner
from nnlib.widgets.merges import Merges
from nnlib.widgets.neuron import Neuron
from nnlib.widgets.plane import Plane
from nnlib.widgets.product import Product
from nnlib.widgets.rotary import Rotary
from nnlib.widgets.softmax import Softmax
from nnlib.widgets.stream import Stream
from nnlib.widgets.umbrella import Umbrella
from nnlib.widgets.vote import Vote
from nnlib.widgets.wordmap import WordMap
from nnlib.widgets.writer import Writer
from nnlib.widgets.xor import Xor

__all__ = [
    "Attention",
    "Backprop",
    "Bends",
    "Classifier",
    "Descent",
    "Detector",
    "Digit",
    "Explorer",
    "Learner",
    "Merges",
    "Neuron",
    "Plane",
    "Product",
    "Rotary",
    "Softmax",
    "Stream",
    "Umbrella",
    "Vote",
    "WordMap",
    "Writer",
    "Xor",
]
