"""W8: SmolLM2-135M with random weights, one token at a time, beside the transformers library."""

import atexit
import functools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.llama_loading import SMOLLM2
from benchmarks.side_by_side import NNLIB, TRANSFORMERS, Workload
from nnlib.gpt import Past
from nnlib.modern import Llama

READING = "reading"
PROMPT = [4]
N_NEW = 32


@functools.cache
def _transformers():
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.set_num_threads(1)
    torch.manual_seed(0)
    return LlamaForCausalLM(LlamaConfig(**SMOLLM2)).eval()


@functools.cache
def _nnlib() -> Llama:
    """With the weights of the other, by way of a file as Hugging Face writes it."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _transformers().save_pretrained(folder)
    return Llama.from_llama(folder)


def nnlib() -> Iterator[int]:
    """One token after the other, each the best after those so far."""
    model = _nnlib()
    while True:
        past, ids = Past(model.context), PROMPT
        for _ in range(N_NEW):
            ids = [int(model.extend(ids, past)[-1].argmax())]
            yield ids[0]


def transformers() -> Iterator[int]:
    """The same, with the library's cache."""
    model = _transformers()
    import torch

    while True:
        past, ids = None, torch.tensor([PROMPT])
        for _ in range(N_NEW):
            with torch.inference_mode():
                out = model(ids, past_key_values=past, use_cache=True)
                past, ids = out.past_key_values, out.logits[:, -1:].argmax(dim=-1)
            yield int(ids)


def reading() -> Iterator[tuple]:
    """Every weight once, with as little to do as possible: none can decode in less time."""
    weights = [param.reshape(-1) for _, param, _ in _nnlib().named_params()]
    while True:
        for W in weights:
            W.max()
        yield ()


W8 = Workload(
    what="W8: SmolLM2-135M, one token with keys and values remembered",
    target=0.60,
    steps=N_NEW,
    rounds=5,
    contestants={NNLIB: nnlib, TRANSFORMERS: transformers, READING: reading},
    remarks={READING: "the weights once: the limit"},
    reference=TRANSFORMERS,
)
