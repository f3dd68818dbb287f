"""W6: GPT-2 small with random weights, beside the transformers library."""

import atexit
import functools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.side_by_side import NNLIB, TRANSFORMERS, Workload
from nnlib.gpt import GPT, Past

IDS = np.random.default_rng(4).integers(41, size=64)
N_NEW = 32


@functools.cache
def _transformers():
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.set_num_threads(1)
    torch.manual_seed(0)
    return GPT2LMHeadModel(GPT2Config()).eval()


@functools.cache
def _nnlib() -> GPT:
    """With the weights of the other, by way of a file as Hugging Face writes it."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _transformers().save_pretrained(folder)
    return GPT.from_gpt2(folder / "model.safetensors")


def nnlib_forward() -> Iterator[float]:
    """The largest score for the token after 64 others."""
    model = _nnlib()
    while True:
        yield float(model.predict([IDS])[0, -1].max())


def transformers_forward() -> Iterator[float]:
    """The same."""
    model = _transformers()
    import torch

    while True:
        with torch.inference_mode():
            yield float(model(torch.from_numpy(IDS[None])).logits[0, -1].max())


def nnlib_decode() -> Iterator[int]:
    """One token after the other, each the best after those so far."""
    model = _nnlib()
    while True:
        past, ids = Past(model.context), IDS[:1]
        for _ in range(N_NEW):
            ids = [int(model.extend(ids, past)[-1].argmax())]
            yield ids[0]


def transformers_decode() -> Iterator[int]:
    """The same, with the library's cache."""
    model = _transformers()
    import torch

    while True:
        past, ids = None, torch.from_numpy(IDS[None, :1])
        for _ in range(N_NEW):
            with torch.inference_mode():
                out = model(ids, past_key_values=past, use_cache=True)
                past, ids = out.past_key_values, out.logits[:, -1:].argmax(dim=-1)
            yield int(ids)


FORWARD = Workload(
    what="W6: GPT-2 small, forward of 64 tokens",
    target=0.90,
    steps=1,
    rounds=10,
    contestants={NNLIB: nnlib_forward, TRANSFORMERS: transformers_forward},
    reference=TRANSFORMERS,
)
DECODING = Workload(
    what="W6: GPT-2 small, one token with keys and values remembered",
    target=0.67,
    steps=N_NEW,
    rounds=5,
    contestants={NNLIB: nnlib_decode, TRANSFORMERS: transformers_decode},
    reference=TRANSFORMERS,
)
