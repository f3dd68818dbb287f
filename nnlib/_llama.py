"""What the files of a Llama on Hugging Face hold: a configuration, and arrays by their names."""

import json
import math
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from mmap import ACCESS_COPY, mmap
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nnlib.backprop import Layer
from nnlib.shapes import Array, ShapeError

AROUND = {
    "tokens.W": "model.embed_tokens.weight",
    "norm.gamma": "model.norm.weight",
    "head.W": "lm_head.weight",
}
BLOCK = {
    "attend.norm.gamma": "input_layernorm.weight",
    "attend.attention.q.W": "self_attn.q_proj.weight",
    "attend.attention.q.b": "self_attn.q_proj.bias",
    "attend.attention.k.W": "self_attn.k_proj.weight",
    "attend.attention.k.b": "self_attn.k_proj.bias",
    "attend.attention.v.W": "self_attn.v_proj.weight",
    "attend.attention.v.b": "self_attn.v_proj.bias",
    "attend.attention.out.W": "self_attn.o_proj.weight",
    "attend.attention.out.b": "self_attn.o_proj.bias",
    "think.norm.gamma": "post_attention_layernorm.weight",
    "think.swiglu.gate.W": "mlp.gate_proj.weight",
    "think.swiglu.up.W": "mlp.up_proj.weight",
    "think.swiglu.down.W": "mlp.down_proj.weight",
}
FREQUENCIES = "rotary_emb.inv_freq"  # in files of 2023, and computed since
SIZES = {
    "vocab": "vocab_size",
    "d": "hidden_size",
    "n_heads": "num_attention_heads",
    "n_blocks": "num_hidden_layers",
    "d_hidden": "intermediate_size",
}
# Keys that change what a Llama computes, and the values with which it computes what ours does.
NEUTRAL: dict[str, list] = {
    "model_type": ["llama"],
    "hidden_act": ["silu", "swish"],
    "mlp_bias": [False],
    "rope_interleaved": [False],
    "partial_rotary_factor": [1],
    "sliding_window": [],
    "attention_chunk_size": [],
    "pruned_heads": [{}],
    "quantization_config": [],
    "embedding_multiplier": [1],
    "attention_multiplier": [],
    "residual_multiplier": [1],
    "logits_scaling": [1],
    "attn_logit_softcapping": [],
    "final_logit_softcapping": [],
    "clip_qkv": [],
    "use_qk_norm": [False],
}
DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
CHUNK = 1 << 18  # numbers at a time, which stay in the processor's cache


def name_in_llama(ours: str) -> str:
    """What a Llama's files call a parameter of ours."""
    if ours in AROUND:
        return AROUND[ours]
    _, number, name = ours.split(".", 2)
    return f"model.layers.{number}.{BLOCK[name]}"


class Stored(NamedTuple):
    """Where an array lies in a file."""

    path: Path
    dtype: str
    shape: tuple[int, ...]
    start: int

    def read_into(self, array: Array) -> None:
        """Write its numbers into a contiguous array of float32, a chunk after the other."""
        flat = array.reshape(-1)
        chunk = np.empty(min(CHUNK, flat.size), DTYPES[self.dtype])
        with self.path.open("rb", buffering=0) as file:
            file.seek(self.start)
            for at in range(0, flat.size, CHUNK):
                part = flat[at : at + CHUNK]
                read = chunk[: part.size]
                file.readinto(read.view(np.uint8).data)
                if self.dtype == "BF16":  # the upper half of a float32
                    np.left_shift(read, np.uint32(16), out=part.view(np.uint32))
                else:
                    part[...] = read


def read_config(path: Path, stored: dict[str, Stored]) -> dict:
    """The arguments with which :class:`nnlib.modern.Llama` is made, from ``config.json``."""
    written = _json(path, "configuration")
    config = {key: value for key, value in written.items() if value is not None}
    _check_supported(path, config)
    sizes = {ours: config[theirs] for ours, theirs in SIZES.items()}
    d_head = config.get("head_dim", sizes["d"] // sizes["n_heads"])
    return sizes | {
        "n_kv_heads": config.get("num_key_value_heads", sizes["n_heads"]),
        "context": config.get("max_position_embeddings", 2048),
        "eps": config.get("rms_norm_eps", 1e-6),
        "tied": config.get("tie_word_embeddings", AROUND["head.W"] not in stored),
        "bias": config.get("attention_bias", False),
        "d_head": d_head,
        "frequencies": _frequencies(path, config, d_head),
    }


def _check_supported(path: Path, config: dict) -> None:
    for key, neutral in NEUTRAL.items():
        if key in config and config[key] not in neutral:
            raise ValueError(
                f"from_llama: {path} has {key} {config[key]!r:.100}, which is not supported, "
                f"expected {' or '.join(map(repr, neutral)) or 'none'}."
            )
    if others := set(config.get("layer_types", [])) - {"full_attention"}:
        raise ValueError(
            f"from_llama: {path} has layer_types {sorted(others)}, which are not supported."
        )
    for key in SIZES.values():
        if not isinstance(config.get(key), int) or config[key] < 1:
            raise ValueError(
                f"from_llama: {path} has {key} {config.get(key)!r:.40}, expected a number from 1. "
                "Is it the configuration of a Llama?"
            )


def _frequencies(path: Path, config: dict, d_head: int) -> Array:
    """The angle of each pair from one position to the next, which may be slowed down.

    Before transformers 5, ``rope_theta`` and ``rope_scaling`` stood where ``rope_parameters`` do.
    """
    name = "rope_scaling" if config.get("rope_scaling") else "rope_parameters"
    rope = config.get(name, {})
    kind = rope.get("rope_type") or rope.get("type") or "default"
    whole = rope.get("partial_rotary_factor") in (None, 1)
    nested = any(isinstance(value, dict) for value in rope.values())
    if kind not in ("default", "linear", "llama3") or not whole or nested:
        raise ValueError(
            f"from_llama: {path} has {name} {rope!r:.200}, which is not supported, "
            "expected the type default, linear or llama3, the same in all layers, for all features."
        )
    base = rope.get("rope_theta") or config.get("rope_theta", 10000.0)
    frequencies = base ** (-np.arange(0, d_head, 2) / d_head)
    if kind == "default":
        return frequencies
    try:
        slowed = frequencies / rope["factor"]
        if kind == "linear":
            return slowed
        low, high = rope["low_freq_factor"], rope["high_freq_factor"]
    except KeyError as error:
        raise ValueError(f"from_llama: {path} has {name} without {error}.") from None
    key = "original_max_position_embeddings"
    context = config.get(key) or rope.get(key) or config.get("max_position_embeddings", 2048)
    # How often a pair turned in the context of the first training: seldom, and it is slowed down.
    turns = context * frequencies / (2 * math.pi)
    kept = np.clip((turns - low) / (high - low), 0, 1)
    return kept * frequencies + (1 - kept) * slowed


def find_stored(path: Path) -> dict[str, Stored]:
    """Where each array lies, by its name, in one file or in the files that an index names."""
    names = ("model.safetensors", "model.safetensors.index.json")
    files = [path / name for name in names] if path.is_dir() else [path]
    path = next((file for file in files if file.is_file()), files[0])
    if path.suffix != ".json":
        return _header(path)
    where = _json(path, "index").get("weight_map")
    if not isinstance(where, dict):
        raise ValueError(f"from_llama: {path} has no weight_map, so it is no index.")
    shards = {file: _header(path.parent / file) for file in sorted(set(where.values()))}
    for name, file in where.items():
        if name not in shards[file]:
            raise ValueError(f"from_llama: {path.parent / file} has no {name}, which {path} names.")
    return {name: shards[file][name] for name, file in where.items()}


def _header(path: Path) -> dict[str, Stored]:
    """Where each array lies in a safetensors file, whose first bytes say so."""
    if not path.is_file():
        raise FileNotFoundError(
            f"from_llama: there is no file {path}. It needs model.safetensors of a Llama, or "
            "model.safetensors.index.json with the files that it names, and config.json beside "
            "it, which you can download from Hugging Face."
        )
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            start = 8 + int.from_bytes(file.read(8), "little")
            entries = json.loads(file.read(start - 8) if start <= size else "")
        entries.pop("__metadata__", None)
        stored = {}
        for name, entry in entries.items():
            begin, end = entry["data_offsets"]
            stored[name] = Stored(path, entry["dtype"], tuple(entry["shape"]), start + begin)
            _check_length(stored[name], end - begin, size)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ValueError(
            f"from_llama: {path} is no safetensors file, or damaged. Was it downloaded whole?"
        ) from None
    return stored


def _check_length(one: Stored, length: int, size: int) -> None:
    if one.dtype in DTYPES:
        expected = math.prod(one.shape) * np.dtype(DTYPES[one.dtype]).itemsize
        if length != expected or not 0 <= one.start <= size - length:
            raise ValueError


def _json(path: Path, what: str) -> dict:
    if not path.is_file():
        raise FileNotFoundError(
            f"from_llama: there is no file {path}, which says how the model computes. "
            "You can download it from Hugging Face, from where the weights are."
        )
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"from_llama: {path} is no {what} ({error}).") from None
    if not isinstance(read, dict):
        raise ValueError(f"from_llama: {path} is no {what}, but {read!r:.40}.")
    return read


class Undrawn:
    """In place of a generator where every weight will be read: arrays with a shape, and empty.

    Their first axis has length 0, and the others are what was asked for.
    """

    def normal(self, scale: float, size: tuple[int, ...]) -> Array:
        return np.empty((0, *size), dtype=np.float32)


def fill(model: Layer, stored: dict[str, Stored], path: Path) -> None:
    """Give a model that is :class:`Undrawn` the weights of a file, in float32.

    They lie in one array, whose memory can come in large pages, and are read by two threads. The
    gradients have pages of zeros, which take no memory before a backward writes to them.
    """
    places = {
        f"{prefix}{name}": (layer, name, param.shape if param.size else param.shape[1:])
        for prefix, layer in _layers(model)
        for name, param in layer.params.items()
    }
    theirs = {ours: name_in_llama(ours) for ours in places}
    _check_names(theirs.values(), stored, path)
    for ours, (_, _, shape) in places.items():
        _check_array(theirs[ours], stored[theirs[ours]], shape)

    weights = np.empty(sum(math.prod(shape) for _, _, shape in places.values()), np.float32)
    grads = np.frombuffer(mmap(-1, weights.nbytes, access=ACCESS_COPY), np.float32)
    end = 0
    with ThreadPoolExecutor(2) as threads:
        read = []
        for ours, (layer, name, shape) in places.items():
            start, end = end, end + math.prod(shape)
            layer.params[name] = weights[start:end].reshape(shape)
            layer.grads[name] = grads[start:end].reshape(shape)
            read.append(threads.submit(stored[theirs[ours]].read_into, weights[start:end]))
    for one in read:
        one.result()  # an error, if there was one
    _check_head(places.keys(), model.children["tokens"].params["W"], stored, path)


def _layers(layer: Layer, prefix: str = "") -> Iterator[tuple[str, Layer]]:
    yield prefix, layer
    for name, child in layer.children.items():
        yield from _layers(child, f"{prefix}{name}.")


def _check_names(names: Collection[str], stored: dict[str, Stored], path: Path) -> None:
    expected = set(names)
    for name in names:
        if name not in stored:
            raise ValueError(f"from_llama: {path} has no {name}, so it is no whole Llama.")
    for name in stored:
        if name not in expected and name != AROUND["head.W"] and not name.endswith(FREQUENCIES):
            raise ValueError(
                f"from_llama: {path} has {name}, which a Llama with this config.json has not: "
                "is it another model?"
            )


def _check_head(ours: Collection[str], table: Array, stored: dict[str, Stored], path: Path) -> None:
    """Refuse a head of its own where the configuration says that there is none."""
    name = AROUND["head.W"]
    if name in stored and "head.W" not in ours:
        _check_array(name, stored[name], table.shape)
        head = np.empty_like(table)
        stored[name].read_into(head)
        if not np.array_equal(head, table):
            raise ValueError(
                f"from_llama: {path} has {name}, which is not the table of tokens, but "
                "config.json has tie_word_embeddings true. Should it be false?"
            )


def _check_array(name: str, one: Stored, shape: tuple[int, ...]) -> None:
    if one.dtype not in DTYPES:
        raise ValueError(
            f"from_llama: {one.path} has {name} as {one.dtype}, which is not supported, "
            f"expected {', '.join(DTYPES)}. Is there a version that is not quantised?"
        )
    if one.shape != shape:
        raise ShapeError(
            f"from_llama with {one.path}: {name} has shape {one.shape}, expected {shape}.\n"
            "Is config.json that of another model?"
        )
