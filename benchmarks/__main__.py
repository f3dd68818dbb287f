"""``python -m benchmarks`` runs everything, ``python -m benchmarks W1 mnist`` these two."""

import argparse
import os
import platform
import warnings
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from benchmarks import mnist, side_by_side, w1, w2

WORKLOADS = {"W1": w1.WORKLOAD, "W2": w2.WORKLOAD}
ACCURACIES = {"mnist": mnist.on_test_images, "validation": mnist.on_held_out_images}


def main(argv: Sequence[str] | None = None) -> None:
    """Run what the command line names, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    names = [*WORKLOADS, *ACCURACIES]
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(names))
    parser.add_argument("--rounds", type=int, default=100, help="turns of each contestant")
    options = parser.parse_args(argv)
    if unknown := set(options.names) - set(names):
        parser.error(f"{', '.join(unknown)}: no such benchmark, expected {', '.join(names)}")

    print(machine())
    for name in options.names or [*WORKLOADS, "mnist"]:
        if name in ACCURACIES:
            ACCURACIES[name]()
            continue
        workload = side_by_side.installed(WORKLOADS[name])
        side_by_side.check(workload)
        times = side_by_side.measure(workload, options.rounds)
        print(f"\n{workload.what}\n{side_by_side.table(workload, times)}")


def machine() -> str:
    """Where the numbers come from."""
    versions = [f"Python {platform.python_version()}"]
    for package in ("numpy", "torch", "scikit-learn"):
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
