"""W1: 784-16-16-10, sigmoid and squared error, batch 32, SGD, one step."""

import itertools
from collections.abc import Iterator

import numpy as np

from benchmarks.digits import X_32, X, Y, batches, copy_into, first_params
from benchmarks.side_by_side import NAIVE, NNLIB, PRODUCTS, PYTORCH, SCIKIT_LEARN, Workload
from nnlib.backprop import Dense, Sequential, Sigmoid
from nnlib.descent import mean_squared_error, one_hot
from nnlib.training import SGD

PARAMS = first_params(784, 16, 16, 10)
TARGETS = one_hot(Y, 10)
TARGETS_32 = TARGETS.astype(np.float32)
LR = 0.5


def nnlib() -> Iterator[float]:
    """As chapter 5 trains, in float32."""
    rng = np.random.default_rng(0)
    network = Sequential(
        *(Dense(784, 16, rng=rng), Sigmoid()),
        *(Dense(16, 16, rng=rng), Sigmoid()),
        *(Dense(16, 10, rng=rng), Sigmoid()),
    ).astype(np.float32)
    copy_into((param for _, param, _ in network.named_params()), PARAMS)
    sgd = SGD(lr=LR)
    for x, target in itertools.cycle(batches(X_32, TARGETS_32, size=32)):
        network.zero_grads()
        loss, dy = mean_squared_error(network.forward(x), target)
        network.accumulate(dy)
        sgd.step(network)
        yield loss


def pytorch() -> Iterator[float]:
    """As PyTorch's tutorials train."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    network = nn.Sequential(
        *(nn.Linear(784, 16), nn.Sigmoid()),
        *(nn.Linear(16, 16), nn.Sigmoid()),
        *(nn.Linear(16, 10), nn.Sigmoid()),
    )
    with torch.no_grad():
        copy_into(network.parameters(), map(torch.from_numpy, PARAMS))
    sgd = torch.optim.SGD(network.parameters(), lr=LR)
    x_all, targets = torch.from_numpy(X_32), torch.from_numpy(TARGETS_32)
    for x, target in itertools.cycle(zip(x_all.split(32), targets.split(32), strict=True)):
        sgd.zero_grad()
        loss = nn.functional.mse_loss(network(x), target, reduction="sum") / len(x)
        loss.backward()
        sgd.step()
        yield loss.item()


def scikit_learn() -> Iterator[float]:
    """With softmax and cross-entropy: MLPClassifier has no squared error."""
    from sklearn.neural_network import MLPClassifier

    network = MLPClassifier(
        (16, 16),
        activation="logistic",
        solver="sgd",
        alpha=0,
        batch_size=32,
        learning_rate_init=LR,
        momentum=0,
        shuffle=False,
    )
    while True:
        network.partial_fit(X_32, Y, classes=range(10))  # all batches
        yield from itertools.repeat(network.loss_, len(X) // 32)


def naive() -> Iterator[float]:
    """As many tutorials train: in float64, with new arrays at every step."""
    W1, b1, W2, b2, W3, b3 = PARAMS

    def sigmoid(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    for x, target in itertools.cycle(batches(X, TARGETS, size=32)):
        a1 = sigmoid(x @ W1.T + b1)
        a2 = sigmoid(a1 @ W2.T + b2)
        y = sigmoid(a2 @ W3.T + b3)
        loss = np.mean(np.sum((y - target) ** 2, axis=1))

        dz3 = 2 * (y - target) / len(x) * y * (1 - y)
        dz2 = dz3 @ W3 * a2 * (1 - a2)
        dz1 = dz2 @ W2 * a1 * (1 - a1)

        W1, b1 = W1 - LR * dz1.T @ x, b1 - LR * np.sum(dz1, axis=0)
        W2, b2 = W2 - LR * dz2.T @ a1, b2 - LR * np.sum(dz2, axis=0)
        W3, b3 = W3 - LR * dz3.T @ a2, b3 - LR * np.sum(dz3, axis=0)
        yield loss


def products() -> Iterator[tuple]:
    """What no NumPy can do without."""
    W1, _, W2, _, W3, _ = (param.astype(np.float32) for param in PARAMS)
    for (x,) in itertools.cycle(batches(X_32, size=32)):
        a1 = x @ W1.T
        a2 = a1 @ W2.T
        dz3 = a2 @ W3.T  # of the right shape, which is all that counts
        dz2 = dz3 @ W3
        dz1 = dz2 @ W2
        yield dz3.T @ a2, dz2.T @ a1, dz1.T @ x


WORKLOAD = Workload(
    what=__doc__,
    target=0.22,
    steps=len(X) // 32,
    rounds=100,
    contestants={
        NNLIB: nnlib,
        PYTORCH: pytorch,
        SCIKIT_LEARN: scikit_learn,
        NAIVE: naive,
        PRODUCTS: products,
    },
    remarks={SCIKIT_LEARN: "another loss", PRODUCTS: "alone: the floor"},
)
