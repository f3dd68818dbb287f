"""Which exercises are done: a local file, and nothing that leaves this machine."""

import contextlib
import json
import os
from pathlib import Path


def path() -> Path:
    """``NNLIB_PROGRESS`` if it is set, or a file in the user's data folder."""
    if chosen := os.environ.get("NNLIB_PROGRESS"):
        return Path(chosen)
    try:
        import platformdirs
    except ImportError:
        return Path.home() / ".nnlib" / "progress.json"
    return platformdirs.user_data_path("nnlib") / "progress.json"


def load() -> dict[str, str]:
    """``{"neuron.step": "done" or "tried"}``; empty when there is no readable file."""
    try:
        record = json.loads(path().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(record, dict):
        return {}
    return {exercise: state for exercise, state in record.items() if state in ("done", "tried")}


def save(exercise: str, *, done: bool) -> None:
    """Note that an exercise was tried or done; what was done once stays done.

    Progress is a convenience: where the file cannot be written, the checker still works.
    """
    record = load()
    state = "done" if done or record.get(exercise) == "done" else "tried"
    if record.get(exercise) == state:
        return
    file = path()
    draft = file.parent / f"{file.name}.{os.getpid()}"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(record | {exercise: state}, indent=1), encoding="utf-8")
        os.replace(draft, file)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
