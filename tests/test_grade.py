"""Answers that were handed in are run again, and nothing in them can spoil the table."""

import csv
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import nnlib
from nnlib.exercises import ORDER, _grade, exercises
from nnlib.exercises._written import written

NNLIB = [sys.executable, "-m", "nnlib.exercises"]
HERE = {"PYTHONPATH": str(Path(nnlib.__file__).parents[1])}


def nnlib_exercises(*words, **how):
    return subprocess.run(
        [*NNLIB, *map(str, words)],
        env=os.environ | HERE | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        **how,
    )


def grade(*words, code=0):
    run = nnlib_exercises("grade", *words)
    assert run.returncode == code, run.stderr
    assert "Traceback" not in run.stderr
    return list(csv.DictReader(run.stdout.splitlines())), run.stderr


def handed_in(file, answers, state="done"):
    entries = {
        exercise: {"state": state, **({"answer": answer} if isinstance(answer, str) else answer)}
        for exercise, answer in answers.items()
    }
    file.write_text(json.dumps(entries), encoding="utf-8")
    return file


def code(exercise):
    if exercise.wants == "value":
        return written(exercise.name, exercise.answer)["answer"]
    return exercise.source()


def test_solutions_are_right_when_they_are_run_again(tmp_path):
    ends = {}
    for chapter in ORDER:
        first, *_, last = exercises(chapter).items()
        ends |= {f"{chapter}.{name}": code(exercise) for name, exercise in (first, last)}
    shuffled = dict(sorted(ends.items(), reverse=True))
    rows, _ = grade(handed_in(tmp_path / "all.json", shuffled))
    assert [f"{row['chapter']}.{row['exercise']}" for row in rows] == list(ends)
    assert {row["verdict"] for row in rows} == {"correct"}, rows


@pytest.mark.parametrize("chapter", ORDER)
def test_no_exercise_needs_more_than_the_imports_of_its_chapter(chapter, monkeypatch):
    monkeypatch.syspath_prepend(_grade.ROOT / "book" / "notebook")
    from dependencies import names

    (notebook,) = (_grade.ROOT / "chapters").glob(f"*_{chapter}.ipynb")
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    given = [cell for cell in cells if "exercise" in cell["metadata"].get("tags", [])]
    before = _grade.imports()[chapter]
    for cell, exercise in zip(given, exercises(chapter).values(), strict=True):
        assert names(f"{before}\n{''.join(cell['source'])}").needed == set()
        assert names(f"{before}\n{exercise.source()}").needed == set(), exercise


SPOILED = {
    "neuron.z_by_hand": ("while True: pass", "too slow"),
    "neuron.pre_activation": ("import sys; sys.exit('enough')", "raised"),
    "neuron.fires_above": ("import os; os._exit(0)", "crashed"),
    "neuron.colour_weights": ("plots.draw(1).show(widgets)\ncolour_weights = 3072, 1", "correct"),
    "neuron.pixel_index": ("raise KeyboardInterrupt", "raised"),
    "neuron.region_weights": ("\ud800", "raised"),
    "neuron.ignore_brightness": ("raise NotImplementedError", "not attempted"),
    "neuron.nand_neuron": ("import os; os.chdir('/')\nnand_neuron = ([-1, -1], 1.5)", "correct"),
    "neuron.only_first": ("from nnlib.exercises import _record\nonly_first = ...", "not attempted"),
    "neuron.xor_neurons": ({"answer": "x = 1", "call": "1 / 0"}, "raised"),
    "neuron.sigmoid": ("def sigmoid(z: return z", "raised"),
    "neuron.leaky_relu": ("for _ in range(500): print('x' * 10**5)\nleaky_relu = 3", "wrong type"),
    "neuron.flat_sigmoid": ("flat_sigmoid = 0.009\n" + "print(1)\n" * 10**3, "correct"),
    "neuron.tanh": ("import os; os.abort()", "crashed"),
    "matrices.layer_shape": ("[" * 10_000, "raised"),
    "matrices.layer": ("\0", "raised"),
    "matrices.weighted_sums": ("raise ValueError('\\ud800')", "raised"),
}  # fmt: skip


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory):
    """The table of answers that each try to spoil it."""
    answers = {exercise: answer for exercise, (answer, _) in SPOILED.items()}
    file = handed_in(tmp_path_factory.mktemp("spoiled") / "spoiled.json", answers, "tried")
    rows, _ = grade(file, "--limit", 15)
    return {f"{row['chapter']}.{row['exercise']}": row for row in rows}


def test_every_answer_has_a_row_whatever_the_others_do(spoiled):
    assert list(spoiled) == list(SPOILED)
    assert {row["claimed"] for row in spoiled.values()} == {"tried"}
    assert all(row["message"] for row in spoiled.values())


@pytest.mark.parametrize("exercise", SPOILED)
def test_an_answer_cannot_spoil_its_own_row(spoiled, exercise):
    assert spoiled[exercise]["verdict"] == SPOILED[exercise][1], spoiled[exercise]


def test_a_message_is_the_first_sentence_of_the_verdict(spoiled):
    assert spoiled["neuron.z_by_hand"]["message"] == "It did not end within 15 seconds."
    assert spoiled["neuron.nand_neuron"]["message"] == "Right in all 4 cases."
    assert spoiled["neuron.pre_activation"]["message"] == "SystemExit: enough"
    assert spoiled["neuron.fires_above"]["message"].endswith("exit code 0.")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits of this kind")
def test_memory_and_files_are_limited(tmp_path):
    answers = {
        "neuron.z_by_hand": "x = bytearray(10**11)",
        "neuron.colour_weights": "open('large', 'wb').write(bytes(2 * 10**8))",
    }
    (memory, file), _ = grade(handed_in(tmp_path / "large.json", answers))
    assert memory["message"].startswith("MemoryError")
    assert "too large" in file["message"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups of processes")
def test_what_an_answer_started_ends_with_it(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = (
            "import socket, subprocess, sys\n"
            f"line = socket.create_connection({server.getsockname()})\n"
            "line.set_inheritable(True)\n"
            "sleep = [sys.executable, '-c', 'import time; time.sleep(600)']\n"
            "subprocess.Popen(sleep, close_fds=False)\n"
            "z_by_hand = -2.5"
        )
        (row,), _ = grade(handed_in(tmp_path / "child.json", {"neuron.z_by_hand": answer}))
        assert row["verdict"] == "correct"
        line, _ = server.accept()
        with line:
            line.settimeout(60)
            assert line.recv(1) == b""  # nobody holds the other end


def test_neither_the_graders_record_nor_their_folder_is_written_to(tmp_path, progress_file):
    answer = (
        "def pre_activation(x, w, b): return w @ x + b\n"
        "ex.pre_activation.check(pre_activation)\nopen('here', 'w').write('x')"
    )
    run = nnlib_exercises(
        "grade", handed_in(tmp_path / "a.json", {"neuron.pre_activation": answer}), cwd=tmp_path
    )
    assert ",correct," in run.stdout
    assert [file.name for file in tmp_path.iterdir()] == ["a.json"]


def test_exercises_that_cannot_be_run_have_a_row_behind_those_of_the_book(tmp_path):
    file = tmp_path / "old.json"
    file.write_text(
        json.dumps(
            {
                "neuron.dropped": {"state": "done", "answer": "x = 1"},
                "cooking.soup": "done",
                "neuron.z_by_hand": "done",
                "matrices.layer_shape": {"answer": "layer_shape = (1, 2)"},
            }
        )
    )
    rows, _ = grade(file)
    assert [(row["exercise"], row["claimed"], row["verdict"]) for row in rows] == [
        ("z_by_hand", "done", "no answer"),
        ("layer_shape", "not checked", rows[1]["verdict"]),
        ("dropped", "done", "unknown exercise"),
        ("soup", "done", "unknown exercise"),
    ]
    assert rows[1]["verdict"] not in ("no answer", "unknown exercise", "not graded")


def test_files_that_cannot_be_read_are_named_and_the_others_graded(tmp_path):
    good = handed_in(tmp_path / "good.json", {"neuron.z_by_hand": "z_by_hand = -2.5"})
    contents = {
        "no.json": "nonsense",
        "list.json": "[]",
        "empty.json": "{}",
        "odd.json": '{"a": 1}',
    }
    for name, text in contents.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "folder.json").mkdir()
    wrong = [tmp_path / name for name in [*contents, "folder.json", "nowhere.json"]]
    rows, complaints = grade(*wrong[:3], good, *wrong[3:], code=1)
    assert [row["file"] for row in rows] == [str(good)]
    for file, line in zip(wrong, complaints.splitlines(), strict=True):
        assert file.name in line


def test_files_keep_their_order_and_one_given_twice_is_graded_once(tmp_path):
    answer = {"neuron.z_by_hand": {"answer": "z_by_hand = -2.5"}}
    for name in "ba":
        (tmp_path / name).mkdir()
    files = [handed_in(tmp_path / name / "progress.json", answer) for name in "ba"]
    rows, complaints = grade(*files, tmp_path / "a" / ".." / "b" / "progress.json")
    assert [row["file"] for row in rows] == list(map(str, files))
    assert "twice" in complaints


def test_a_pattern_is_read_where_the_shell_does_not(tmp_path):
    for name in ("b.json", "a.json", "[1].json"):
        handed_in(tmp_path / name, {"neuron.z_by_hand": {}})
    rows, _ = grade(tmp_path / "?.json", tmp_path / "[1].json")
    assert [Path(row["file"]).name for row in rows] == ["a.json", "b.json", "[1].json"]


def test_the_table_can_be_written_to_a_file(tmp_path):
    file = handed_in(tmp_path / "a.json", {"neuron.z_by_hand": "z_by_hand = 1 / 0"})
    rows, _ = grade(file, "--output", tmp_path / "grades.csv")
    assert rows == []
    text = (tmp_path / "grades.csv").read_bytes().decode()
    assert text.startswith("file,chapter,exercise,claimed,verdict,message\n")
    assert len(text.splitlines()) == 2


@pytest.mark.parametrize("words", [["--output", "b.json"], ["--limit", "0"], ["--limit", "soon"]])
def test_what_was_handed_in_is_not_overwritten_by_a_slip(tmp_path, words):
    file = handed_in(tmp_path / "b.json", {"neuron.z_by_hand": {}})
    before = file.read_bytes()
    run = nnlib_exercises("grade", file, *words, cwd=tmp_path)
    assert run.returncode == 2
    assert words[0] in run.stderr
    assert file.read_bytes() == before


def test_a_place_that_cannot_be_written_to_is_named(tmp_path):
    file = handed_in(tmp_path / "a.json", {"neuron.z_by_hand": {}})
    _, complaint = grade(file, "--output", tmp_path / "no" / "folder.csv", code=1)
    assert "folder.csv" in complaint


def test_a_spreadsheet_sees_no_formulas(tmp_path):
    message = "class Sum(Exception): pass\nraise ValueError('=1 + 1')"
    assert _grade._cell("=1 + 1") == "'=1 + 1"
    assert _grade._cell("two\nlines") == "two lines"
    (row,), _ = grade(handed_in(tmp_path / "=1.json", {"neuron.z_by_hand": message}))
    assert row["message"] == "ValueError: =1 + 1"


def test_without_the_notebooks_it_says_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(_grade, "ROOT", tmp_path)
    with pytest.raises(FileNotFoundError, match="no notebook of the chapter neuron"):
        _grade.imports()


@pytest.mark.skipif(sys.platform == "win32", reason="no signal of this kind reaches one process")
def test_an_interrupt_ends_it_without_a_traceback(tmp_path):
    slow = dict.fromkeys(SPOILED, "while True: pass")
    file = handed_in(tmp_path / "slow.json", slow)
    with subprocess.Popen(
        [*NNLIB, "grade", str(file)],
        env=os.environ | HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout.readline().startswith("file,")
        run.send_signal(signal.SIGINT)
        _, complaints = run.communicate(timeout=60)
    assert run.returncode == 130
    assert complaints == ""


def test_the_example_of_the_book_is_what_comes_out(tmp_path):
    page = (_grade.ROOT / "book" / "teach.md").read_text(encoding="utf-8")
    (exported,) = re.findall("```json\n(.*?)```", page, re.DOTALL)
    (table,) = re.findall("```text\n(.*?)```", page, re.DOTALL)
    (command,) = re.findall(r"nnlib\.exercises (grade .*)", page)
    (tmp_path / "ada.json").write_text(exported, encoding="utf-8")
    run = nnlib_exercises(*command.split(), cwd=tmp_path)
    assert run.returncode == 0
    assert (tmp_path / "grades.csv").read_text(encoding="utf-8") == table


def test_progress_is_shown_without_a_command():
    run = nnlib_exercises()
    assert run.returncode == 0
    for row, chapter in zip(run.stdout.splitlines()[1:], ORDER, strict=True):
        assert row.split()[0] == chapter
