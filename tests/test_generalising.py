"""The chapter on new images: its one line to change for real MNIST."""

import ast
import json
import os
from pathlib import Path

import pytest

NOTEBOOK = Path(__file__).parents[1] / "chapters" / "06_generalising.ipynb"
COMPLETE = ("imports", "network", "train", "split-code", "fit", "complete-train", "complete-once")


def complete_training(change):
    """The names that are left when the notebook has trained its complete networks."""
    names = {}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            tree = ast.parse(change("".join(cell["source"])))
            if cell["id"] not in COMPLETE:
                tree.body = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
            exec(compile(tree, cell["id"], "exec"), names)
    return names


def with_mnist_and_two_epochs(source):
    return source.replace("data = datasets.digits()", "data = datasets.mnist()").replace(
        "epochs=25)", "epochs=2)"
    )


def test_the_notebook_says_which_line_to_change_and_has_it_once():
    source = NOTEBOOK.read_text(encoding="utf-8")
    assert source.count("data = datasets.digits()") == 1
    assert source.count("data = datasets.mnist()") == 1


@pytest.mark.skipif(not os.environ.get("NNLIB_DATA_DIR"), reason="NNLIB_DATA_DIR is not set")
def test_the_notebook_trains_on_the_real_mnist_after_one_changed_line():
    names = complete_training(with_mnist_and_two_epochs)
    assert len(names["x_train"]) == 48_000
    assert names["right"] > 0.96
