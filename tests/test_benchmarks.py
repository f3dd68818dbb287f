"""Benchmarks compare like with like, and run. How fast anything is, no test says."""

import re
import sys

import numpy as np
import pytest

from benchmarks import __main__ as command
from benchmarks import (
    gpt_generation,
    gpt_training,
    llama_loading,
    llama_models,
    llama_training,
    memory,
    mnist,
)
from benchmarks.__main__ import main
from benchmarks.gpt_models import Size
from benchmarks.side_by_side import NAIVE, NNLIB, PYTORCH, Workload, check, installed, table
from nnlib.datasets import digits

SIZE = Size(vocab=17, context=12, d=12, n_heads=3, n_blocks=2)
LLAMA = llama_models.Size(
    vocab=17, context=12, d=12, n_heads=6, n_kv_heads=2, n_blocks=2, d_hidden=20
)
WORKLOADS = command.WORKLOADS | {
    "W3": gpt_training.workload("W3, smaller", SIZE, batch=3, rounds=1),
    "W4": gpt_training.workload("W4, smaller", SIZE._replace(n_blocks=1), batch=2, rounds=1),
    "W5": gpt_generation.workload("W5, smaller", SIZE, rounds=1),
    "W7": llama_training.workload("W7, smaller", LLAMA, batch=3, rounds=1),
}

every_workload = pytest.mark.parametrize("workload", WORKLOADS.values(), ids=WORKLOADS)


def only(workload, *names):
    return workload._replace(contestants={name: workload.contestants[name] for name in names})


@every_workload
def test_nnlib_does_the_same_work_as_the_naive_version(workload):
    check(only(workload, NNLIB, NAIVE))


@every_workload
def test_a_contestant_that_computes_something_else_is_not_timed(workload):
    def a_little_wrong():
        for loss in workload.contestants[NNLIB]():
            yield loss * 1.001

    wrong = workload._replace(contestants=workload.contestants | {NNLIB: a_little_wrong})
    with pytest.raises(AssertionError, match="nnlib computes something else"):
        check(only(wrong, NNLIB, NAIVE))


def test_a_contestant_that_is_not_installed_is_left_out():
    def absent():
        import a_package_that_does_not_exist

        yield a_package_that_does_not_exist

    def present():
        yield 1.0

    workload = Workload("", 0.5, 1, 1, {PYTORCH: absent, NAIVE: present})
    assert [*installed(workload).contestants] == [NAIVE]


def test_a_table_has_the_median_of_paired_ratios():
    times = {NNLIB: np.array([1.0, 2.0, 12.0]), PYTORCH: np.array([4.0, 4.0, 16.0])}
    workload = Workload("", 0.6, 1, 1, {}, remarks={PYTORCH: "much slower"})
    _, first, second = table(workload, times).splitlines()
    assert re.fullmatch(r"nnlib +0\.50 +0\.38 to 0\.62 +2,000,000 µs +target 0\.60", first)
    assert second.startswith(PYTORCH)
    assert second.endswith("much slower")


def test_every_speed_benchmark_runs(capsys, monkeypatch):
    monkeypatch.setattr(command, "WORKLOADS", WORKLOADS)
    main([*WORKLOADS, "--rounds=1"])
    printed = capsys.readouterr().out
    for workload in WORKLOADS.values():
        assert workload.what in printed
    for name in (NNLIB, NAIVE):
        assert len(re.findall(rf"^{name} +\d+\.\d\d ", printed, re.MULTILINE)) == len(WORKLOADS)


def test_predict_needs_a_third_of_the_memory_of_forward(capsys):
    main(["memory"])
    (ratio,) = re.findall(r"nnlib +(\d\.\d\d)   target 0\.33", capsys.readouterr().out)
    assert float(ratio) <= memory.TARGET


def test_loading_a_llama_is_measured(capsys):
    small = {"vocab_size": 50, "hidden_size": 12, "num_hidden_layers": 2}
    llama_loading.report(llama_loading.SMOLLM2 | small | {"num_attention_heads": 3}, rounds=2)
    printed = capsys.readouterr().out
    assert re.search(r"^time +\d+\.\d\d   target 1\.50", printed, re.MULTILINE)
    assert re.search(r"^nnlib +\d+\.\d\d   target 1\.60", printed, re.MULTILINE)


@pytest.mark.parametrize("name", command.LARGE)
def test_a_benchmark_that_nobody_here_can_run_is_left_out(name, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    main([name])
    assert f"{name} is left out. It needs the package transformers." in capsys.readouterr().out


def test_an_unknown_benchmark_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["W1", "W99"])
    assert "W99: no such benchmark" in capsys.readouterr().err


@pytest.mark.parametrize("recipe", mnist.RECIPES.values(), ids=mnist.RECIPES)
def test_the_recipes_for_mnist_learn_digits(recipe):
    x_train, y_train, x_test, y_test = digits()
    network = mnist.train(recipe, x_train.astype(np.float32), y_train, seed=0, epochs=4)
    assert (network.predict(x_test).argmax(axis=1) == y_test).mean() > 0.8
    assert {param.dtype for _, param, _ in network.named_params()} == {np.dtype(np.float32)}


def test_without_mnist_there_is_a_message(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("NNLIB_DATA_DIR", str(tmp_path))
    main(["mnist", "validation"])
    printed = capsys.readouterr().out
    assert printed.count("MNIST is left out.") == 2
    assert "has no file train-images-idx3-ubyte.gz" in printed
