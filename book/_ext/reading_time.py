"""How long the book takes, added up from what the first cell of each chapter says.

The role ``total`` stands for the sum: ``read``, ``exercises``, or ``run``.
"""

import json
import math
import re
from pathlib import Path

from docutils import nodes

COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "ten": 10, "fifteen": 15, "twenty": 20}
COUNTS |= {"a few": 5, "half a": 1 / 2, "half an": 1 / 2}
COUNTS |= {"a quarter of a": 1 / 4, "three quarters of an": 3 / 4}
PARTS = {"a half": 1 / 2, "a quarter": 1 / 4, "three quarters": 3 / 4}
TIMES = {"as long again": 1, "another": 1, "as much": 1, "somewhat longer": 4 / 3}
TIMES |= {"twice as long": 2}
SECONDS = {"second": 1, "minute": 60, "hour": 3600}
WORDS = re.compile(
    r"(?:(?:about|under|less than) )?(?P<count>.+?) (?P<unit>second|minute|hour)s?"
    r"(?: and (?P<part>a half|a quarter|three quarters))?"
)
SAID = re.compile(
    r"^\*\*Time\*\* to read: (?P<read>.+?), and (?P<exercises>.+) for the exercises\.\n"
    r"To run: (?P<run>.+)\.$",
    re.MULTILINE,
)


def seconds(words: str) -> float:
    """What words such as "an hour and a quarter" or "70 minutes" mean."""
    found = WORDS.fullmatch(words)
    count = found["count"] if found else ""
    if not (count.isdigit() or count in COUNTS):
        raise ValueError(f"{words!r} is no time that reading_time.py understands.")
    share = PARTS.get(found["part"] or "", 0)
    return (float(COUNTS.get(count, count)) + share) * SECONDS[found["unit"]]


def times(notebook: Path) -> dict[str, float]:
    """How many seconds it takes to read a chapter, to do its exercises, and to run it."""
    first = json.loads(notebook.read_text(encoding="utf-8"))["cells"][0]["source"]
    said = SAID.search("".join(first))
    if not said:
        raise ValueError(f"{notebook.name} does not say how long it takes in the usual words.")
    taken = {kind: seconds(said[kind]) for kind in ("read", "run")}
    words = said["exercises"]
    factor = TIMES.get(words)
    return taken | {"exercises": factor * taken["read"] if factor else seconds(words)}


def role(name, rawtext, kind, lineno, inliner, options=None, content=None):
    chapters = Path(inliner.document.settings.env.srcdir, "chapters").glob("*.ipynb")
    taken = sum(times(notebook)[kind] for notebook in chapters)
    text = f"{math.ceil(taken / 60)} minutes" if kind == "run" else f"{round(taken / 3600)} hours"
    return [nodes.Text(text)], []


def reread(app, env, added, changed, removed):
    """The first page says something about all chapters."""
    return ["book/intro"] if added | changed else []


def setup(app):
    app.add_role("total", role)
    app.connect("env-get-outdated", reread)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
