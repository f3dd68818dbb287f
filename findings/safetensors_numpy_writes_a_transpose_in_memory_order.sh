#!/usr/bin/env bash
# safetensors 0.8.0: save_file of safetensors.numpy writes an array that is not C-contiguous, such
# as a transpose, in the order in which its bytes lie in memory, under the shape of the array.
# Nothing is said, and what load_file gives back has the right shape and other numbers.
#
# Seen: x = [[0, 1, 2], [3, 4, 5]].T comes back as [[0, 1], [2, 3], [4, 5]],
# where [[0, 3], [1, 4], [2, 5]] went in. np.ascontiguousarray(x) comes back as it was.
# (save_file of safetensors.torch refuses such a tensor and says how to mend it.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet numpy==2.4.6 safetensors==0.8.0
"$folder/venv/bin/python" - "$folder/x.safetensors" <<'PYTHON'
import sys

import numpy as np
from safetensors.numpy import load_file, save_file

path = sys.argv[1]
x = np.arange(6.0).reshape(2, 3).T
save_file({"transposed": x, "copied": np.ascontiguousarray(x)}, path)
back = load_file(path)
print("went in:", x.tolist(), "came back:", back["transposed"].tolist())
np.testing.assert_array_equal(back["copied"], x)
np.testing.assert_array_equal(back["transposed"], [[0, 1], [2, 3], [4, 5]])
PYTHON
echo "as described"
