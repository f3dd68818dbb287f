"""W3 and W4: a GPT for characters, a step of training with Adam."""

import functools
import itertools
from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.gpt_models import NaiveGPT, Size, multiplied, nnlib_gpt, torch_gpt
from benchmarks.side_by_side import NAIVE, NNLIB, PRODUCTS, PYTORCH, Workload
from nnlib.descent import cross_entropy
from nnlib.training import Adam

LR = 0.001
STEPS = 2


def _batches(size: Size, batch: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Random ids, and the same shifted by one."""
    rng = np.random.default_rng(2)
    ids = rng.integers(size.vocab, size=(STEPS, batch, size.context + 1))
    return [(rows[:, :-1], rows[:, 1:]) for rows in ids]


def nnlib(size: Size, batch: int, make: Callable = nnlib_gpt) -> Iterator[float]:
    """As chapter 12 trains."""
    model = make(size)
    adam = Adam(lr=LR)
    for x, y in itertools.cycle(_batches(size, batch)):
        model.zero_grads()
        loss, dlogits = cross_entropy(model.forward(x), y)
        model.backward(dlogits)
        adam.step(model)
        yield loss


def pytorch(size: Size, batch: int, make: Callable = torch_gpt) -> Iterator[float]:
    """With PyTorch's fused attention."""
    import torch

    model = make(size)
    adam = torch.optim.Adam(model.parameters(), lr=LR)
    batches = [tuple(map(torch.from_numpy, rows)) for rows in _batches(size, batch)]
    for x, y in itertools.cycle(batches):
        adam.zero_grad()
        logits, *_ = model(x)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())
        loss.backward()
        adam.step()
        yield loss.item()


def naive(size: Size, batch: int, make: Callable = NaiveGPT) -> Iterator[float]:
    """In float64, with new arrays at every step."""
    model = make(size)
    p = model.params
    m = {name: np.zeros_like(param) for name, param in p.items()}
    v = {name: np.zeros_like(param) for name, param in p.items()}
    for step, (x, y) in enumerate(itertools.cycle(_batches(size, batch)), start=1):
        logits, kept = model.forward(x)
        e = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
        probabilities = e / np.sum(e, axis=-1, keepdims=True)
        right = np.take_along_axis(probabilities, y[..., None], axis=-1)
        dlogits = (probabilities - np.eye(size.vocab)[y]) / y.size
        for name, g in model.backward(x, dlogits, kept).items():
            m[name] = 0.9 * m[name] + 0.1 * g
            v[name] = 0.999 * v[name] + 0.001 * g**2
            m_hat = m[name] / (1 - 0.9**step)
            v_hat = v[name] / (1 - 0.999**step)
            p[name] = p[name] - LR * m_hat / (np.sqrt(v_hat) + 1e-8)
        yield -np.mean(np.log(right))


def products(
    size: Size,
    batch: int,
    multiplied: Callable = multiplied,
    n_kv_heads: int | None = None,
) -> Iterator[tuple]:
    """What no NumPy can do without; heads of queries may share ``n_kv_heads`` of keys."""
    rng = np.random.default_rng(3)
    rows, d_head = batch * size.context, size.d // size.n_heads
    n_kv_heads = n_kv_heads or size.n_heads
    in_group = size.n_heads // n_kv_heads * size.context
    weights = multiplied(size)

    def random(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    inputs = {W.shape[1]: random(rows, W.shape[1]) for W in weights}
    outputs = {len(W): random(rows, len(W)) for W in weights}
    q, dy = random(2, batch, n_kv_heads, in_group, d_head)
    k, v = random(2, batch, n_kv_heads, size.context, d_head)
    scores = random(batch, n_kv_heads, in_group, size.context)
    while True:
        for W in weights:
            x, dz = inputs[W.shape[1]], outputs[len(W)]
            x @ W.T, dz @ W, dz.T @ x
        for _ in range(size.n_blocks):
            q @ k.swapaxes(-1, -2), scores @ v
            dy @ v.swapaxes(-1, -2), scores.swapaxes(-1, -2) @ dy
            scores @ k, scores.swapaxes(-1, -2) @ q
        yield ()


def workload(what: str, size: Size, batch: int, rounds: int) -> Workload:
    """A step of training for a GPT of this size."""
    contestants = {NNLIB: nnlib, PYTORCH: pytorch, NAIVE: naive, PRODUCTS: products}
    return Workload(
        what=what,
        target=1.00,
        steps=STEPS,
        rounds=rounds,
        contestants={
            name: functools.partial(contestant, size, batch)
            for name, contestant in contestants.items()
        },
        remarks={PRODUCTS: "alone: the floor"},
    )


W3 = workload(
    "W3: character GPT, 2 blocks, D 64, 4 heads, T 64, batch 32, V 64, Adam, one step",
    Size(vocab=64, context=64, d=64, n_heads=4, n_blocks=2),
    batch=32,
    rounds=30,
)
W4_SIZE = Size(vocab=64, context=128, d=128, n_heads=4, n_blocks=4)
W4 = workload(
    "W4: character GPT, 4 blocks, D 128, 4 heads, T 128, batch 16, V 64, Adam, one step",
    W4_SIZE,
    batch=16,
    rounds=10,
)
