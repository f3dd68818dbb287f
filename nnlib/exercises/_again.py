"""Run one answer again, in a process that it may spoil.

``python -m nnlib.exercises._again task.json verdict.json`` writes a status and a message.
"""

import json
import linecache
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from nnlib.exercises import exercises
from nnlib.exercises._cards import Verdict
from nnlib.exercises._judge import judge
from nnlib.exercises._running import explain

MEMORY = 2 * 2**30
LARGEST_FILE = 100 * 2**20


class Nothing(ModuleType):
    """Stands in for what only draws: it can be called and has every attribute."""

    def __getattr__(self, name: str) -> "Nothing":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_: Any, **__: Any) -> "Nothing":
        return self


def again(*, exercise: str, imports: str, code: str, call: str) -> Verdict:
    """The verdict on what ``call`` gives after the code."""
    chapter, _, name = exercise.partition(".")
    task = exercises(chapter)[name]
    names: dict[str, Any] = {"__name__": "__main__"}
    sys.modules |= {name: Nothing(name) for name in ("nnlib.plots", "nnlib.widgets")}
    try:
        exec(imports, names)
    except Exception as error:
        return Verdict("not graded", f"The imports of the chapter fail: {explain(error)}")
    linecache.cache["<answer>"] = len(code), None, code.splitlines(keepends=True), "<answer>"
    try:
        exec(compile(code, "<answer>", "exec"), names)
        answer = eval(call.strip(), names)
    except NotImplementedError:
        return Verdict("not attempted", "Not attempted yet.")
    except BaseException as error:
        return Verdict("raised", explain(error))
    return judge(task, answer)


def _set_limits() -> None:
    """Where the system can: so much memory, and no file that fills the disk."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))  # macOS may refuse
    except (ImportError, ValueError, OSError):
        pass


if __name__ == "__main__":
    task, result = map(Path, sys.argv[1:])
    _set_limits()
    verdict = again(**json.loads(task.read_text(encoding="utf-8")))
    text = verdict.heading.partition(" ")[2]  # behind its mark
    result.write_text(json.dumps([verdict.status, text]), encoding="utf-8")
    os._exit(0)  # whatever threads the answer left
