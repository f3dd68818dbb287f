"""How many images of MNIST two networks read right, after at most ten epochs.

The recipes were chosen by the accuracy on the last 10,000 training images, which
``python -m benchmarks validation`` reports; the test images had no part in it.
"""

import itertools
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from nnlib.backprop import Dense, Layer, ReLU, Sequential, Tanh
from nnlib.datasets import Dataset, mnist
from nnlib.descent import accuracy, cross_entropy
from nnlib.training import Adam, he_normal, initialise, minibatches, xavier_normal

BATCH_SIZE = 32
EPOCHS = 10
SEEDS = (0, 1, 2)


class Recipe(NamedTuple):
    """A network, how it is trained, and the share of test images that it should read right."""

    sizes: tuple[int, ...]
    activation: Callable[[], Layer]
    first_weights: Callable
    lr: float
    weight_decay: float
    target: float


RECIPES = {
    "784-128-10, ReLU": Recipe(
        (784, 128, 10), ReLU, he_normal, lr=0.003, weight_decay=0.05, target=0.98
    ),
    "784-16-16-10, tanh": Recipe(
        (784, 16, 16, 10), Tanh, xavier_normal, lr=0.006, weight_decay=0.1, target=0.955
    ),
}


def train(
    recipe: Recipe, x: np.ndarray, y: np.ndarray, *, epochs: int = EPOCHS, seed: int
) -> Sequential:
    """A network that has seen every row once an epoch, in float32.

    The learning rate falls in a straight line to 0.
    """
    rng = np.random.default_rng(seed)
    layers = []
    for d_in, d_out in itertools.pairwise(recipe.sizes):
        layers += [Dense(d_in, d_out, rng=rng), recipe.activation()]
    network = Sequential(*layers[:-1])
    initialise(network, recipe.first_weights, rng=rng)
    network.astype(np.float32)
    adam = Adam(lr=recipe.lr, weight_decay=recipe.weight_decay)

    steps = epochs * math.ceil(len(x) / BATCH_SIZE)
    batches = itertools.chain.from_iterable(
        minibatches(x, y, batch_size=BATCH_SIZE, rng=rng) for _ in range(epochs)
    )
    for step, (x_batch, y_batch) in enumerate(tqdm(batches, f"seed {seed}", steps, leave=False)):
        adam.lr = recipe.lr * (1 - step / steps)
        network.zero_grads()
        _, dlogits = cross_entropy(network.forward(x_batch), y_batch)
        network.accumulate(dlogits)
        adam.step(network)
    return network


def on_test_images() -> None:
    """The accuracy of each recipe on the 10,000 test images."""
    data = _mnist()
    if data:
        print(f"\nMNIST: the share of {len(data.y_test):,} test images that is read right")
        report(data)


def on_held_out_images() -> None:
    """The same for the last 10,000 training images, after training on the others."""
    data = _mnist()
    if data:
        print("\nMNIST, to choose a recipe: the share of 10,000 held-out training images")
        x, y, _, _ = data
        report(Dataset(x[:-10_000], y[:-10_000], x[-10_000:], y[-10_000:]))


def report(data: Dataset, *, epochs: int = EPOCHS) -> None:
    """Train each network once for each seed, and print the shares and their median."""
    x_train, x_test = data.x_train.astype(np.float32), data.x_test.astype(np.float32)
    print(f"{'':20}{'median':>9}{'target':>9}   seeds {', '.join(map(str, SEEDS))}")
    for name, recipe in RECIPES.items():
        shares = []
        for seed in SEEDS:
            network = train(recipe, x_train, data.y_train, epochs=epochs, seed=seed)
            shares.append(accuracy(network.predict(x_test), data.y_test))
        each = ", ".join(f"{share:.2%}" for share in shares)
        print(f"{name:20}{np.median(shares):9.2%}{recipe.target:9.1%}   {each}")


def _mnist() -> Dataset | None:
    try:
        return mnist()
    except (ImportError, OSError, RuntimeError) as error:
        print(f"\nMNIST is left out.\n{error}")
        return None
