"""W2: 784-128-10, ReLU and softmax cross-entropy, batch 64, Adam, one step."""

import itertools
from collections.abc import Iterator

import numpy as np

from benchmarks.digits import X_32, X, Y, batches, copy_into, first_params
from benchmarks.side_by_side import NAIVE, NNLIB, PRODUCTS, PYTORCH, SCIKIT_LEARN, Workload
from nnlib.backprop import Dense, ReLU, Sequential
from nnlib.descent import cross_entropy
from nnlib.training import Adam

PARAMS = first_params(784, 128, 10)
LR = 0.001


def nnlib() -> Iterator[float]:
    """As chapter 5 trains, in float32."""
    rng = np.random.default_rng(0)
    network = Sequential(Dense(784, 128, rng=rng), ReLU(), Dense(128, 10, rng=rng))
    network.astype(np.float32)
    copy_into((param for _, param, _ in network.named_params()), PARAMS)
    adam = Adam(lr=LR)
    for x, y in itertools.cycle(batches(X_32, Y, size=64)):
        network.zero_grads()
        loss, dlogits = cross_entropy(network.forward(x), y)
        network.accumulate(dlogits)
        adam.step(network)
        yield loss


def pytorch() -> Iterator[float]:
    """As PyTorch's tutorials train."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    network = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    with torch.no_grad():
        copy_into(network.parameters(), map(torch.from_numpy, PARAMS))
    adam = torch.optim.Adam(network.parameters(), lr=LR)
    x_all, y_all = torch.from_numpy(X_32), torch.from_numpy(Y)
    for x, y in itertools.cycle(zip(x_all.split(64), y_all.split(64), strict=True)):
        adam.zero_grad()
        loss = nn.functional.cross_entropy(network(x), y)
        loss.backward()
        adam.step()
        yield loss.item()


def scikit_learn() -> Iterator[float]:
    """Without shuffling and without the penalty that are there by default."""
    from sklearn.neural_network import MLPClassifier

    network = MLPClassifier(
        128,
        alpha=0,
        batch_size=64,
        learning_rate_init=LR,
        shuffle=False,
        epsilon=1e-9,  # it stands where the others' 1e-8 comes out smaller in first steps
    )
    network.partial_fit(X_32, Y, classes=range(10))  # makes the arrays
    copy_into(network.coefs_, (W.T for W in PARAMS[::2]))
    copy_into(network.intercepts_, PARAMS[1::2])
    del network._optimizer  # forgets what it has seen
    while True:
        network.partial_fit(X_32, Y)  # all batches
        yield from itertools.repeat(network.loss_, len(X) // 64)


def naive() -> Iterator[float]:
    """As many tutorials train: in float64, with new arrays at every step."""
    params = list(PARAMS)
    m = [np.zeros_like(param) for param in params]
    v = [np.zeros_like(param) for param in params]
    for step, (x, y) in enumerate(itertools.cycle(batches(X, Y, size=64)), start=1):
        W1, b1, W2, b2 = params
        z = x @ W1.T + b1
        a = np.maximum(z, 0)
        logits = a @ W2.T + b2
        e = np.exp(logits - np.max(logits, axis=1, keepdims=True))
        p = e / np.sum(e, axis=1, keepdims=True)
        loss = -np.mean(np.log(p[np.arange(len(y)), y]))

        dlogits = (p - np.eye(10)[y]) / len(y)
        dz = dlogits @ W2 * (z > 0)
        grads = [dz.T @ x, np.sum(dz, axis=0), dlogits.T @ a, np.sum(dlogits, axis=0)]

        for i, g in enumerate(grads):
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            m_hat = m[i] / (1 - 0.9**step)
            v_hat = v[i] / (1 - 0.999**step)
            params[i] = params[i] - LR * m_hat / (np.sqrt(v_hat) + 1e-8)
        yield loss


def products() -> Iterator[tuple]:
    """What no NumPy can do without."""
    W1, _, W2, _ = (param.astype(np.float32) for param in PARAMS)
    for (x,) in itertools.cycle(batches(X_32, size=64)):
        a = x @ W1.T
        dlogits = a @ W2.T  # of the right shape, which is all that counts
        dz = dlogits @ W2
        yield dlogits.T @ a, dz.T @ x


WORKLOAD = Workload(
    what=__doc__,
    target=0.60,
    steps=len(X) // 64,
    rounds=100,
    contestants={
        NNLIB: nnlib,
        PYTORCH: pytorch,
        SCIKIT_LEARN: scikit_learn,
        NAIVE: naive,
        PRODUCTS: products,
    },
    remarks={PRODUCTS: "alone: the floor"},
)
