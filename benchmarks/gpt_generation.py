"""W5: generation from W4's model with keys and values remembered, batch 1, one token."""

import functools
import itertools
from collections.abc import Iterator

import numpy as np

from benchmarks.gpt_models import NaiveGPT, Size, multiplied, nnlib_gpt, torch_gpt
from benchmarks.gpt_training import W4_SIZE
from benchmarks.side_by_side import NAIVE, NNLIB, PRODUCTS, PYTORCH, Workload

PROMPT = [0]


def _n_new(size: Size) -> int:
    """So many tokens fill the context."""
    return size.context - len(PROMPT)


def nnlib(size: Size) -> Iterator[int]:
    """As chapter 12 writes: it yields the tokens of a whole text when the text is there."""
    model = nnlib_gpt(size)
    for seed in itertools.count():
        ids = model.generate(PROMPT, _n_new(size), rng=np.random.default_rng(seed))
        yield from ids[len(PROMPT) :]


def pytorch(size: Size) -> Iterator[int]:
    """With fused attention, and keys and values joined to those before."""
    import torch

    model = torch_gpt(size)
    for seed in itertools.count():
        rng = np.random.default_rng(seed)
        ids, pasts = torch.tensor([PROMPT]), None
        for _ in range(_n_new(size)):
            with torch.inference_mode():
                logits, pasts = model(ids, pasts)
                cumulative = torch.softmax(logits[0, -1].double(), dim=-1).cumsum(dim=-1)
                token = int(torch.searchsorted(cumulative, rng.random(), right=True))
                ids = torch.tensor([[token]])
            yield token


def naive(size: Size) -> Iterator[int]:
    """Everything is computed anew for every token."""
    model = NaiveGPT(size)
    for seed in itertools.count():
        rng = np.random.default_rng(seed)
        ids = list(PROMPT)
        for _ in range(_n_new(size)):
            logits = model.forward(np.array([ids]))[0][0, -1]
            p = np.exp(logits - np.max(logits))
            ids.append(int(rng.choice(len(p), p=p / np.sum(p))))
            yield ids[-1]


def products(size: Size) -> Iterator[tuple]:
    """What no NumPy can do without."""
    d_head = size.d // size.n_heads
    weights = multiplied(size)
    inputs = {width: np.ones((1, width), np.float32) for width in (size.d, 4 * size.d)}
    kept = np.ones((size.n_heads, size.context, d_head), np.float32)
    for t in itertools.cycle(range(1, _n_new(size) + 1)):
        for W in weights:
            inputs[W.shape[1]] @ W.T
        for _ in range(size.n_blocks):
            kept[:, :1] @ kept[:, :t].swapaxes(-1, -2) @ kept[:, :t]
        yield ()


def workload(what: str, size: Size, rounds: int) -> Workload:
    """A whole text of a GPT of this size."""
    contestants = {NNLIB: nnlib, PYTORCH: pytorch, NAIVE: naive, PRODUCTS: products}
    return Workload(
        what=what,
        target=0.35,
        steps=_n_new(size),
        rounds=rounds,
        contestants={
            name: functools.partial(contestant, size) for name, contestant in contestants.items()
        },
        remarks={PRODUCTS: "alone: the floor"},
    )


W5 = workload(
    "W5: generation from W4's model, keys and values remembered, batch 1, one token",
    W4_SIZE,
    rounds=10,
)
