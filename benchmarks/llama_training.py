"""W7: a small Llama, a step of training with Adam."""

import functools
from collections.abc import Iterator

import numpy as np

from benchmarks import gpt_training
from benchmarks.llama_models import (
    NaiveLlama,
    Size,
    multiplied,
    nnlib_llama,
    torch_llama,
    transformers_llama,
)
from benchmarks.side_by_side import NAIVE, NNLIB, PRODUCTS, PYTORCH, TRANSFORMERS, Workload


def products(size: Size, batch: int) -> Iterator[tuple]:
    """What no NumPy can do without."""
    rng = np.random.default_rng(3)
    rows, d_head = batch * size.context, size.d // size.n_heads
    weights = multiplied(size)

    def random(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    inputs = {W.shape[1]: random(rows, W.shape[1]) for W in weights}
    outputs = {len(W): random(rows, len(W)) for W in weights}
    in_group = size.n_heads // size.n_kv_heads * size.context
    q, dy = random(2, batch, size.n_kv_heads, in_group, d_head)
    k, v = random(2, batch, size.n_kv_heads, size.context, d_head)
    scores = random(batch, size.n_kv_heads, in_group, size.context)
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
    """A step of training for a Llama of this size."""
    contestants = {
        NNLIB: functools.partial(gpt_training.nnlib, make=nnlib_llama),
        PYTORCH: functools.partial(gpt_training.pytorch, make=torch_llama),
        TRANSFORMERS: functools.partial(gpt_training.pytorch, make=transformers_llama),
        NAIVE: functools.partial(gpt_training.naive, make=NaiveLlama),
        PRODUCTS: products,
    }
    return Workload(
        what=what,
        target=0.75,
        steps=gpt_training.STEPS,
        rounds=rounds,
        contestants={
            name: functools.partial(contestant, size, batch)
            for name, contestant in contestants.items()
        },
        remarks={PRODUCTS: "alone: the floor"},
    )


W7 = workload(
    "W7: small Llama, 4 blocks, D 128, 4 heads in 2 groups, T 128, batch 16, V 64, Adam, one step",
    Size(vocab=64, context=128, d=128, n_heads=4, n_kv_heads=2, n_blocks=4, d_hidden=344),
    batch=16,
    rounds=10,
)
