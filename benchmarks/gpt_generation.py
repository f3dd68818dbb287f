"""W5: generation from W4's model with keys and values remembered, batch 1, one token."""

import itertools
from collections.abc import Iterator

import numpy as np

from benchmarks.gpt_models import NaiveGPT, multiplied, nnlib_gpt, torch_gpt
from benchmarks.gpt_training import W4_SIZE as SIZE
from benchmarks.side_by_side import NAIVE, NNLIB, PRODUCTS, PYTORCH, Workload

PROMPT = [0]
N_NEW = SIZE.context - len(PROMPT)


def nnlib() -> Iterator[int]:
    """As chapter 10 writes: it yields the tokens of a whole text when the text is there."""
    model = nnlib_gpt(SIZE)
    for seed in itertools.count():
        yield from model.generate(PROMPT, N_NEW, rng=np.random.default_rng(seed))[len(PROMPT) :]


def pytorch() -> Iterator[int]:
    """With fused attention, and keys and values joined to those before."""
    import torch

    model = torch_gpt(SIZE)
    for seed in itertools.count():
        rng = np.random.default_rng(seed)
        ids, pasts = torch.tensor([PROMPT]), None
        for _ in range(N_NEW):
            with torch.inference_mode():
                logits, pasts = model(ids, pasts)
                cumulative = torch.softmax(logits[0, -1].double(), dim=-1).cumsum(dim=-1)
                token = int(torch.searchsorted(cumulative, rng.random(), right=True))
                ids = torch.tensor([[token]])
            yield token


def naive() -> Iterator[int]:
    """Everything is computed anew for every token."""
    model = NaiveGPT(SIZE)
    for seed in itertools.count():
        rng = np.random.default_rng(seed)
        ids = list(PROMPT)
        for _ in range(N_NEW):
            logits = model.forward(np.array([ids]))[0][0, -1]
            p = np.exp(logits - np.max(logits))
            ids.append(int(rng.choice(len(p), p=p / np.sum(p))))
            yield ids[-1]


def products() -> Iterator[tuple]:
    """What no NumPy can do without."""
    d_head = SIZE.d // SIZE.n_heads
    weights = multiplied(SIZE)
    inputs = {width: np.ones((1, width), np.float32) for width in (SIZE.d, 4 * SIZE.d)}
    kept = np.ones((SIZE.n_heads, SIZE.context, d_head), np.float32)
    for t in itertools.cycle(range(1, N_NEW + 1)):
        for W in weights:
            inputs[W.shape[1]] @ W.T
        for _ in range(SIZE.n_blocks):
            kept[:, :1] @ kept[:, :t].swapaxes(-1, -2) @ kept[:, :t]
        yield ()


W5 = Workload(
    what="W5: generation from W4's model, keys and values remembered, batch 1, one token",
    target=0.35,
    steps=N_NEW,
    rounds=10,
    contestants={NNLIB: nnlib, PYTORCH: pytorch, NAIVE: naive, PRODUCTS: products},
    remarks={PRODUCTS: "alone: the floor"},
)
