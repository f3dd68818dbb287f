"""What is done, and what was typed: a local file, and nothing that leaves this machine.

``{"neuron.step": {"state": "done", "answer": "def mine(z): …", "call": "mine"}}`` is also what
the pages of the book export and import. ``call`` is the expression that is checked, where that
is not the exercise's name. An answer that was not checked yet has no state. A state alone,
``{"neuron.step": "done"}``, is an older form.
"""

import contextlib
import json
import os
import re
from pathlib import Path
from typing import Any

STATES = (None, "tried", "done")  # from worst to best
NAME = re.compile(r"\w+\.\w+", re.ASCII)
MOVED = {  # exercises that stand in another chapter now; record.js has the same
    "training.best_epoch": "generalising.best_epoch",
    "training.choose_rate": "generalising.choose_rate",
    "training.choose_size": "generalising.choose_size",
    "tokens.embedding_shapes": "language.embedding_shapes",
    "tokens.embedding_gradient": "language.embedding_gradient",
    "tokens.entropy_by_hand": "language.entropy_by_hand",
    "tokens.divergence": "language.divergence",
    "tokens.perplexity": "language.perplexity",
    "tokens.ladder_causes": "language.ladder_causes",
    "tokens.with_positions": "attention.with_positions",
    "tokens.sinusoidal": "attention.sinusoidal",
}

Entry = dict[str, str]


def path() -> Path:
    """``NNLIB_PROGRESS`` if it is set, or a file in the user's data folder."""
    if chosen := os.environ.get("NNLIB_PROGRESS"):
        return Path(os.path.expanduser(chosen))
    try:
        import platformdirs
    except ImportError:
        return Path.home() / ".nnlib" / "progress.json"
    return platformdirs.user_data_path("nnlib") / "progress.json"


def load() -> dict[str, Entry]:
    """An entry for each exercise that was tried; empty when there is no readable file."""
    try:
        return read(path())
    except (OSError, ValueError):
        return {}


def save(exercise: str, *, done: bool, written: Entry) -> None:
    """Note that an exercise was tried or done, and what was written.

    Progress is a convenience: where the file cannot be written, the checker still works.
    """
    record = load()
    new = {"state": "done" if done else "tried"} | written
    entry = merged(record.get(exercise, {}), new)
    if record.get(exercise) != entry:
        with contextlib.suppress(OSError):
            write(path(), record | {exercise: entry})


def add(file: str | os.PathLike[str]) -> None:
    """Let what is done and typed in a file join the record of this machine."""
    record = load()
    for exercise, entry in read(file).items():
        record[exercise] = merged(record.get(exercise, {}), entry)
    write(path(), record)


def merged(old: Entry, new: Entry) -> Entry:
    """The better state, and of two equal ones the newer, with the answer that belongs to it.

    What was done once stays done, and an answer stays where no other takes its place.
    """
    worse, better = sorted([old, new], key=lambda entry: STATES.index(entry.get("state")))
    if "answer" in better or "answer" not in worse:
        return better
    return {key: text for key, text in worse.items() if key != "state"} | better


def read(file: str | os.PathLike[str]) -> dict[str, Entry]:
    """The entries of a file. Those that mean nothing are left out."""
    try:
        record = json.loads(Path(file).read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        raise ValueError(
            f"{file} is not a record of exercises, which is JSON such as "
            '{"neuron.step": {"state": "done"}}. The page Your progress exports one.'
        )
    entries: dict[str, Entry] = {}
    for name, value in record.items():
        if NAME.fullmatch(name) and (entry := _entry(value)):
            now = str(MOVED.get(name, name))
            entries[now] = merged(entries.get(now, {}), entry)
    return entries


def write(file: str | os.PathLike[str], record: dict[str, Entry]) -> None:
    """Write the file as a whole, or leave it as it was."""
    file = Path(file)
    draft = file.parent / f"{file.name}.{os.getpid()}"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(record, indent=1), encoding="utf-8")
        os.replace(draft, file)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def _entry(value: Any) -> Entry:
    """A state, an answer and its call, as far as they mean anything."""
    if not isinstance(value, dict):
        value = {"state": value}
    entry = {key: value.get(key) for key in ("state", "answer", "call")}
    entry = {key: text for key, text in entry.items() if isinstance(text, str) and text.strip()}
    if entry.get("state") not in STATES:
        return {}
    if "answer" not in entry:
        entry.pop("call", None)
    return entry
