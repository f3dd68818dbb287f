"""What the files of GPT-2 on Hugging Face hold."""

import json
import os
from pathlib import Path

import numpy as np

from nnlib._tokenizer import byte_characters
from nnlib.shapes import Array
from nnlib.tokens import BPETokenizer

AROUND = {
    "tokens.W": "wte.weight",
    "positions.W": "wpe.weight",
    "norm.gamma": "ln_f.weight",
    "norm.beta": "ln_f.bias",
}
BLOCK = {
    "attend.norm.gamma": "ln_1.weight",
    "attend.norm.beta": "ln_1.bias",
    "attend.qkv.W": "attn.c_attn.weight",
    "attend.qkv.b": "attn.c_attn.bias",
    "attend.out.W": "attn.c_proj.weight",
    "attend.out.b": "attn.c_proj.bias",
    "think.norm.gamma": "ln_2.weight",
    "think.norm.beta": "ln_2.bias",
    "think.read.W": "mlp.c_fc.weight",
    "think.read.b": "mlp.c_fc.bias",
    "think.write.W": "mlp.c_proj.weight",
    "think.write.b": "mlp.c_proj.bias",
}
COLUMNS = ("c_attn.weight", "c_proj.weight", "c_fc.weight")  # stored as (d_in, d_out)


def names_in_gpt2(n_blocks: int) -> dict[str, str]:
    """What GPT-2 calls each parameter of a GPT, by our name."""
    blocks = {
        f"blocks.{i}.{ours}": f"h.{i}.{theirs}"
        for i in range(n_blocks)
        for ours, theirs in BLOCK.items()
    }
    return AROUND | blocks


def read_gpt2(path: Path, n_heads: int | None) -> tuple[dict[str, Array], int, int]:
    """The arrays in the file by its names, in our shapes; the numbers of heads and of blocks."""
    stored = _read(path)
    config = _read_config(path.with_name("config.json"))
    numbers = [int(name.split(".")[1]) for name in stored if name.startswith("h.")]
    n_blocks = config.get("n_layer", max(numbers, default=0) + 1)
    names = names_in_gpt2(n_blocks).values()
    for name in names:
        if name not in stored:
            raise ValueError(f"from_gpt2: {path} has no {name}, so it is no whole GPT-2.")
    head = stored.get("lm_head.weight")
    if head is not None and not np.array_equal(head, stored["wte.weight"]):
        raise ValueError(
            f"from_gpt2: {path} has a head of its own, expected that of GPT-2: the embedding."
        )
    arrays = {name: stored[name].T if name.endswith(COLUMNS) else stored[name] for name in names}
    d = arrays["wte.weight"].shape[1]
    n_heads = n_heads if n_heads is not None else config.get("n_head")
    if n_heads is None and d % 64:
        raise ValueError(
            f"from_gpt2: {path} has {d} features and no config.json beside it. "
            "Say how many heads share them: n_heads=."
        )
    return arrays, n_heads if n_heads is not None else d // 64, n_blocks


def _read(path: Path) -> dict[str, Array]:
    try:
        from safetensors import SafetensorError
        from safetensors.numpy import load_file
    except ImportError:
        raise ImportError(
            "from_gpt2: safetensors is not installed, the file needs it. pip install safetensors"
        ) from None
    if not path.is_file():
        raise FileNotFoundError(
            f"from_gpt2: there is no file {path}. It needs model.safetensors of a GPT-2, "
            "which you can download from Hugging Face."
        )
    try:
        stored = load_file(path)
    except (SafetensorError, TypeError) as error:
        raise ValueError(
            f"from_gpt2: {path} is no safetensors file, or damaged, "
            f"or has numbers of a type that NumPy lacks ({error})."
        ) from None
    return {name.removeprefix("transformer."): array for name, array in stored.items()}


def _read_config(path: Path) -> dict:
    """What the configuration says; {} where there is none."""
    if not path.is_file():
        return {}
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        known = {"activation_function": "gelu_new", "layer_norm_epsilon": 1e-5}
        other = {
            name: config[name] for name in known if config.get(name, known[name]) != known[name]
        }
    except (ValueError, AttributeError) as error:
        raise ValueError(f"from_gpt2: {path} is no configuration of a model ({error}).") from None
    if other:
        raise ValueError(f"from_gpt2: {path} has {other}, expected {known}: is it another model?")
    return {name: config[name] for name in ("n_layer", "n_head") if config.get(name)}


def gpt2_tokenizer(folder: str | os.PathLike) -> BPETokenizer:
    """GPT-2's tokenizer, from the file ``merges.txt`` of Hugging Face in this folder.

    Its last token is the special one ``<|endoftext|>``: with GPT-2's 50,000 merges, 50256.

    Raises
    ------
    FileNotFoundError
        If the folder has no such file.
    ValueError
        If the file holds something else.
    """
    path = Path(folder) / "merges.txt"
    if not path.is_file():
        raise FileNotFoundError(
            f"gpt2_tokenizer: there is no file {path}. It needs merges.txt of a GPT-2, "
            "which you can download from Hugging Face."
        )
    ids = {character: i for i, character in enumerate(byte_characters().values())}
    merges = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line or line.startswith("#version"):
            continue
        left, _, right = line.partition(" ")
        if left not in ids or right not in ids:
            raise ValueError(
                f"gpt2_tokenizer: line {number} of {path} is {line!r:.40}, "
                "expected two tokens that came before it."
            )
        merges.append((ids[left], ids[right]))
        ids[left + right] = len(ids)
    return BPETokenizer(merges, bytes(byte_characters()), special="<|endoftext|>")
