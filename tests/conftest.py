"""What every test starts from."""

import numpy as np
import pytest
from hypothesis import settings
from threadpoolctl import threadpool_limits

settings.register_profile("same every time", derandomize=True, deadline=None)
settings.load_profile("same every time")
threadpool_limits(1)  # as the chapters do


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture(autouse=True)
def progress_file(tmp_path, monkeypatch):
    """No test touches the reader's own record."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("NNLIB_PROGRESS", str(path))
    return path


NOT_NUMBERS = {
    "text": "1",
    "list of texts": ["1", "2"],
    "bytes": b"1",
    "None": None,
    "list with None": [1.0, None],
    "complex": 1j,
    "dict": {0: 1.0},
    "set": {1.0},
    "generator": (x for x in [1.0]),
    "function": abs,
    "huge integer": 10**400,
    "array of objects": np.array([1.0, None]),
    "array of texts": np.array(["1"]),
    "array of complex": np.array([1j]),
    "dates": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "records": np.zeros(2, dtype="f8, i4"),
}


@pytest.fixture(params=NOT_NUMBERS.values(), ids=NOT_NUMBERS.keys())
def not_numbers(request):
    return request.param


def pytest_terminal_summary(terminalreporter):
    """How many single changes of the solutions were tried, and how many are right as well."""
    counts = {"mutants": 0, "listed": 0}
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            counts[name] += value
    if counts["mutants"]:
        terminalreporter.write_line(
            "{mutants} mutants of solutions, {listed} of them listed as right".format_map(counts)
        )
