"""nnlib beside what a reader would use instead: see README.md."""

import os

# Read by NumPy and PyTorch when they are imported, which is after this.
for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
