"""Make prose.txt.gz: what this book said when it was made, without mathematics.

Run it from the root of the repository. Numbers in the book depend on the file, so it is not made
again whenever a chapter changes.
"""

import gzip
import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
ROLE = re.compile(r" ?\{\w+\}`[^`]*`")
NAMES = re.compile(r"[$`]([\w .]+)[$`]")  # a letter or a name, in the type of code or mathematics
MARKS = re.compile(r"\*\*|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)")
PLAIN = re.compile(r"[A-Z(\"“].*[.?:)\"”]")  # a sentence, and nothing else
SIGNS = set("$`|\\{}[]^<>")  # of formulas, tables and directives


def sentences(text: str) -> list[str]:
    """The lines that are sentences; the book writes one a line."""
    text = NAMES.sub(r"\1", ROLE.sub("", LINK.sub(r"\1", text)))
    lines = (MARKS.sub("", line.strip("- ")) for line in text.splitlines())
    return [line for line in lines if PLAIN.fullmatch(line) and not set(line) & SIGNS]


def paragraphs(page: Path) -> list[str]:
    """What a page says, a line for each paragraph."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    parts = map(sentences, text.split("\n\n"))
    return [" ".join(part) for part in parts if part]


def main() -> None:
    """Write the file, and print how long the text and the file are."""
    pages = [*sorted(ROOT.glob("chapters/*.ipynb")), *sorted(ROOT.glob("book/*.md"))]
    text = "".join(f"{line}\n" for page in pages for line in paragraphs(page))
    target = Path(__file__).with_name("prose.txt.gz")
    target.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(len(text), target.stat().st_size)


if __name__ == "__main__":
    main()
