"""How long a bfloat16 file of SmolLM2-135M's shape takes to load, and how much memory."""

import json
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.memory import peak
from nnlib._llama import name_in_llama
from nnlib.modern import Llama

TARGET, TARGET_OF_MEMORY = 1.5, 1.6
ROUNDS = 10
SMOLLM2 = {
    "model_type": "llama",
    "vocab_size": 49152,
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 30,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "max_position_embeddings": 8192,
    "rms_norm_eps": 1e-5,
    "rope_theta": 100000.0,
    "tie_word_embeddings": True,
}
# In a process of its own, whose largest memory the system counts.
MEASURE = """
import sys
from nnlib.modern import Llama

def largest():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

before = largest()
model = Llama.from_llama(sys.argv[1])
print((largest() - before) * 1024)
"""


def shapes(config: dict) -> dict[str, tuple[int, ...]]:
    """The arrays in the file of a Llama with a tied head, by their names in it."""
    d, d_hidden = config["hidden_size"], config["intermediate_size"]
    d_kv = d // config["num_attention_heads"] * config["num_key_value_heads"]
    block = {
        "attend.norm.gamma": (d,),
        "attend.attention.q.W": (d, d),
        "attend.attention.k.W": (d_kv, d),
        "attend.attention.v.W": (d_kv, d),
        "attend.attention.out.W": (d, d),
        "think.norm.gamma": (d,),
        "think.swiglu.gate.W": (d_hidden, d),
        "think.swiglu.up.W": (d_hidden, d),
        "think.swiglu.down.W": (d, d_hidden),
    }
    ours = {"tokens.W": (config["vocab_size"], d), "norm.gamma": (d,)}
    for i in range(config["num_hidden_layers"]):
        ours |= {f"blocks.{i}.{name}": shape for name, shape in block.items()}
    return {name_in_llama(name): shape for name, shape in ours.items()}


def write(folder: Path, config: dict) -> Path:
    """A file of random weights in bfloat16, with its configuration."""
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    header, end = {}, 0
    for name, shape in shapes(config).items():
        start, end = end, end + 2 * math.prod(shape)
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    rng = np.random.default_rng(0)
    path = folder / "model.safetensors"
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for shape in shapes(config).values():
            numbers = rng.normal(scale=0.05, size=math.prod(shape)).astype(np.float32)
            file.write((numbers.view(np.uint32) >> 16).astype("<u2").tobytes())
    return path


def seconds(path: Path, rounds: int) -> tuple[np.ndarray, np.ndarray]:
    """The time of loading and of reading the file in each round, one after the other."""
    times = np.empty((2, rounds))
    for number in range(rounds):
        for i, work in enumerate((Llama.from_llama, Path.read_bytes)):
            start = time.perf_counter()
            work(path)
            times[i, number] = time.perf_counter() - start
    return times[0], times[1]


def memory(path: Path) -> float:
    """The most memory that loading takes, in bytes, as the system counts it or as Python does."""
    if not Path("/proc/self/status").exists():
        return peak(lambda: Llama.from_llama(path))
    run = [sys.executable, "-c", MEASURE, path]
    return int(subprocess.run(run, capture_output=True, text=True, check=True).stdout)


def report(config: dict = SMOLLM2, rounds: int = ROUNDS) -> None:
    """Both ratios, beside their targets."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), config)
        loading, reading = seconds(path, rounds)
        ratio = np.median(loading / reading)
        weights = 4 * sum(map(math.prod, shapes(config).values()))
        print(
            f"\nLoading {weights / 4e6:.0f} million parameters from bfloat16, over reading the "
            f"file\n{'':16}{'ratio':>7}\n{'time':16}{ratio:7.2f}   target {TARGET:.2f}"
            f"   ({np.median(loading):.2f} s)"
        )
        print(
            f"\nThe peak of memory meanwhile, over the weights in float32\n{'':16}{'ratio':>7}\n"
            f"{'nnlib':16}{memory(path) / weights:7.2f}   target {TARGET_OF_MEMORY:.2f}"
        )
