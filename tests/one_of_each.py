"""One of each live figure, with traits of its own, for the tests on both of its sides."""

import numpy as np

from nnlib import widgets
from nnlib.attention import CausalSelfAttention
from nnlib.backprop import Dense, ReLU, Sequential
from nnlib.gpt import GPT
from nnlib.language import Embedding, TinyLanguage
from nnlib.tokens import BPETokenizer

X = np.array([[3.5, 1.0, 2.0], [0.0, -1.0, 0.5]])
W = np.array([[2.0, -1.0, 1.0], [-1.0, 3.0, 1.0]])
READER = Sequential(
    Dense(784, 6, rng=np.random.default_rng(0)), ReLU(), Dense(6, 10, rng=np.random.default_rng(1))
)
IMAGES = np.random.default_rng(2).random((20, 784))
LABELS = np.arange(20) % 10
DIGITS = np.linspace(0, 1, 2 * 784).reshape(2, 784)
POINTS = np.random.default_rng(0).random((12, 2))
LANGUAGE = TinyLanguage()
WORDS = len(LANGUAGE.vocabulary)

RNG = np.random.default_rng(0)
VOCABULARY = ["the", "cat", "cats", "Mia", "sleeps", "."]
KINDS = {"the": "other", "cat": "animal", "cats": "animals", "Mia": "name", "Ben": "name"}
X_WORDS = np.random.default_rng(4).normal(size=(5, 3))
READ = [
    Embedding(6, 8, rng=RNG),
    Embedding(5, 8, rng=RNG),
    CausalSelfAttention(8, 4, rng=RNG),
    CausalSelfAttention(8, 2, rng=RNG),
    Dense(8, 6, rng=RNG),
]

FIGURES = {
    "Attention": lambda: widgets.Attention(
        READ, VOCABULARY, sentence="Mia sleeps .", token=1, head=5
    ),
    "Backprop": lambda: widgets.Backprop(x=[0.5, 2], y=0, step=9),
    "Bends": lambda: widgets.Bends(v=[1.0, -2, 0.5, 0, 0, 1], b=-0.5, chosen="1"),
    "Classifier": lambda: widgets.Classifier(
        POINTS, POINTS[:, 0] > POINTS[:, 1], by_hand=[9, -9, 0.5], weights=[1, -2, 0], lr=5
    ),
    "Descent": lambda: widgets.Descent("narrow valley", "parabola", lr=0.1, momentum=0.5, steps=4),
    "Detector": lambda: widgets.Detector(DIGITS, ["a", "b"], w=np.linspace(-1, 1, 784), b=-3),
    "Digit": lambda: widgets.Digit(READER, DIGITS, ["a", "b"], explain=True),
    "Explorer": lambda: widgets.Explorer(
        READER, IMAGES, LABELS, rng=np.random.default_rng(0), neuron=2, threshold=0.1, out=[4]
    ),
    "Learner": lambda: widgets.Learner(rng=np.random.default_rng(0)),
    "Merges": lambda: widgets.Merges(
        BPETokenizer.train("hug hugs hug pug é é", 262), text="hugs é 日", step=3
    ),
    "Neuron": lambda: widgets.Neuron(w=[2, -1], b=0.5, goal="or"),
    "Plane": lambda: widgets.Plane([[2, -1], [-1, 2]], b=[-0.5, 0], activation="relu"),
    "Product": lambda: widgets.Product(X, W, b=[-4.0, 0.5]),
    "Rotary": lambda: widgets.Rotary([1, 0.5, -0.5, 0], [0, 1, 0.5, 1], ahead=[40, -20], m=3, n=9),
    "Softmax": lambda: widgets.Softmax([2, 0.5, -1], ["a", "b", "c"], shift=1),
    "Stream": lambda: widgets.Stream(
        gpt(), LANGUAGE.vocabulary, sentence="Mia sees Ben and", off=["attention 1, head 0"]
    ),
    "Umbrella": lambda: widgets.Umbrella(x=[1, 2, 3], w=[2, -1, 0], b=-0.5, activation="sigmoid"),
    "Vote": lambda: widgets.Vote(IMAGES, LABELS, rng=np.random.default_rng(0), example=7, neuron=2),
    "WordMap": lambda: widgets.WordMap(
        {"first": X_WORDS, "second": -(X_WORDS**2)}, KINDS, word="cats", network="second"
    ),
    "Writer": lambda: writer(text="the dogs near", top_k=9),
    "Xor": lambda: widgets.Xor(angle=[30, -110], shift=[0.3, -0.2], third="or"),
}


def gpt(vocab=WORDS, context=12):
    return GPT(vocab, context, 8, 2, 2, rng=np.random.default_rng(3))


def writer(model=None, **traits):
    return widgets.Writer(model or gpt(), LANGUAGE, rng=np.random.default_rng(0), **traits)
