"""W7: a small Llama, a step of training with Adam."""

import functools

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


def workload(what: str, size: Size, batch: int, rounds: int) -> Workload:
    """A step of training for a Llama of this size."""
    contestants = {
        NNLIB: functools.partial(gpt_training.nnlib, make=nnlib_llama),
        PYTORCH: functools.partial(gpt_training.pytorch, make=torch_llama),
        TRANSFORMERS: functools.partial(gpt_training.pytorch, make=transformers_llama),
        NAIVE: functools.partial(gpt_training.naive, make=NaiveLlama),
        PRODUCTS: functools.partial(
            gpt_training.products, multiplied=multiplied, n_kv_heads=size.n_kv_heads
        ),
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
