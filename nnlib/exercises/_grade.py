"""Run answers that were handed in again, and say in a table what the checker finds."""

import asyncio
import contextlib
import csv
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL
from typing import TextIO

import nnlib
from nnlib.exercises import ORDER, _record, exercises

COLUMNS = ("file", "chapter", "exercise", "claimed", "verdict", "message")
LONGEST = 300
TASK, VERDICT = "task.json", "verdict.json"
ROOT = Path(nnlib.__file__).parents[1]


@dataclass(frozen=True)
class HandedIn:
    """What one file says about one exercise."""

    file: str
    exercise: str
    entry: _record.Entry


def handed_in(file: str) -> list[HandedIn]:
    """What is in a file, in the order of the book; exercises that it does not have come last."""
    known = [f"{chapter}.{name}" for chapter in ORDER for name in exercises(chapter)]
    entries = _record.read(file)
    if not entries:
        raise ValueError(f"{file} has no exercise that was done or tried.")
    names = [name for name in known if name in entries]
    return [HandedIn(file, name, entries[name]) for name in dict.fromkeys([*names, *entries])]


def imports() -> dict[str, str]:
    """The first cell of code of each chapter's notebook, which its exercises start from."""
    first = {}
    for chapter in ORDER:
        notebook = next((ROOT / "chapters").glob(f"*_{chapter}.ipynb"), None)
        if notebook is None:
            raise FileNotFoundError(
                f"There is no notebook of the chapter {chapter} in {ROOT / 'chapters'}. "
                "Answers are run after the imports of their chapter: "
                "use nnlib from the book's folder."
            )
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        code = next(cell["source"] for cell in cells if cell["cell_type"] == "code")
        first[chapter] = "".join(code)
    return first


async def write_table(answers: list[HandedIn], stream: TextIO, *, limit: float) -> None:
    """One row for each answer, in their order. Several are run at once."""
    before = imports()
    slots = asyncio.Semaphore(os.cpu_count() or 1)
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(COLUMNS)
    stream.flush()
    runs = [asyncio.create_task(_row(answer, before, slots, limit)) for answer in answers]
    for run in _with_bar(runs, stream):
        table.writerow(map(_cell, await run))
        stream.flush()


async def _row(
    answer: HandedIn, before: dict[str, str], slots: asyncio.Semaphore, limit: float
) -> tuple[str, ...]:
    chapter, _, name = answer.exercise.partition(".")
    if name not in (exercises(chapter) if chapter in ORDER else ()):
        status, message = "unknown exercise", "This edition of the book does not have it."
    elif "answer" not in answer.entry:
        status, message = "no answer", "The file says that it was done or tried, not how."
    else:
        task = {
            "exercise": answer.exercise,
            "imports": before[chapter],
            "code": answer.entry["answer"],
            "call": answer.entry.get("call", name),
        }
        async with slots:
            status, message = await _run_again(task, limit)
    return answer.file, chapter, name, answer.entry.get("state", "not checked"), status, message


async def _run_again(task: dict[str, str], limit: float) -> tuple[str, str]:
    """The verdict on one answer, which gets a process and a folder of its own."""
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            code = await _exit_code(task, folder, limit)
            return _verdict(Path(folder, VERDICT), code)
    except TimeoutError:
        return "too slow", f"It did not end within {limit:g} seconds."
    except OSError as error:
        return "not graded", f"The answer could not be run: {error}"


async def _exit_code(task: dict[str, str], folder: str, limit: float) -> int:
    files = [os.path.join(folder, name) for name in (TASK, VERDICT)]
    Path(files[0]).write_text(json.dumps(task), encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    record = os.path.join(folder, "progress.json")
    own = {"PYTHONPATH": path, "NNLIB_PROGRESS": record, "MPLBACKEND": "agg"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "nnlib.exercises._again", *files),
        cwd=folder,
        env=os.environ | dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1") | own,
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
    )
    try:
        return await asyncio.wait_for(process.wait(), limit)
    finally:
        _end(process)
        await process.wait()


def _end(process: asyncio.subprocess.Process) -> None:
    """End the process, and what it started where the system has groups of processes."""
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        elif process.returncode is None:
            process.kill()


def _verdict(file: Path, code: int) -> tuple[str, str]:
    try:
        status, message = json.loads(file.read_text(encoding="utf-8"))
        return str(status), str(message)
    except (OSError, ValueError, TypeError):
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return "crashed", f"Its process ended before there was a verdict: {how}."


def _with_bar(runs: list[asyncio.Task], stream: TextIO) -> Iterable[asyncio.Task]:
    try:
        from tqdm import tqdm
    except ImportError:
        return runs
    return tqdm(runs, unit=" answers", delay=2, disable=stream.isatty() or None)


def _cell(text: str) -> str:
    """One line, and nothing that a spreadsheet takes for a formula."""
    line = " ".join(text.split())[:LONGEST]
    return f"'{line}" if line.startswith(("=", "+", "-", "@")) else line
