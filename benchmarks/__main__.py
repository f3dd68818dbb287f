"""``python -m benchmarks`` runs everything, ``python -m benchmarks W1 mnist`` these two."""

import argparse
import os
import platform
import warnings
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from benchmarks import (
    controls,
    gpt2,
    gpt_generation,
    gpt_training,
    llama_decoding,
    llama_loading,
    llama_training,
    memory,
    mnist,
    pages,
    side_by_side,
    w1,
    w2,
)

WORKLOADS = {
    "W1": w1.WORKLOAD,
    "W2": w2.WORKLOAD,
    "W3": gpt_training.W3,
    "W4": gpt_training.W4,
    "W5": gpt_generation.W5,
    "W7": llama_training.W7,
}
LARGE = {"W6": gpt2.FORWARD, "W6-decoding": gpt2.DECODING, "W8": llama_decoding.W8}
REPORTS = {
    "memory": memory.of_predict,
    "llama-loading": llama_loading.report,
    "mnist": mnist.on_test_images,
    "validation": mnist.on_held_out_images,
    "controls": controls.report,
    "pages": pages.report,
}


def main(argv: Sequence[str] | None = None) -> None:
    """Run what the command line names, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    names = [*WORKLOADS, *LARGE, *REPORTS]
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(names))
    parser.add_argument("--rounds", type=int, help="turns of each contestant")
    options = parser.parse_args(argv)
    if unknown := set(options.names) - set(names):
        parser.error(f"{', '.join(unknown)}: no such benchmark, expected {', '.join(names)}")

    print(machine())
    for name in options.names or [*WORKLOADS, "memory", "mnist"]:
        if name in REPORTS:
            REPORTS[name]()
            continue
        workload = side_by_side.installed((WORKLOADS | LARGE)[name])
        if not workload.contestants:
            print(f"\n{name} is left out. It needs the package {workload.reference}.")
            continue
        side_by_side.check(workload)
        times = side_by_side.measure(workload, options.rounds or workload.rounds)
        print(f"\n{workload.what}\n{side_by_side.table(workload, times)}")


def machine() -> str:
    """Where the numbers come from."""
    versions = [f"Python {platform.python_version()}"]
    for package in ("numpy", "torch", "scikit-learn", "transformers"):
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            versions.append(f"no {package}")
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    threads = f"{os.environ['OPENBLAS_NUM_THREADS']} thread each"
    return f"{system}, {threads}; {', '.join(versions)}"


if __name__ == "__main__":
    warnings.filterwarnings("ignore", module="sklearn")
    main()
