"""What the page for teachers says about the folder that they put somewhere."""

import re
from pathlib import Path

import numpy as np
from built_book import BOOK

PAGE = Path(__file__).parents[2] / "book" / "teach.md"


def megabytes(files) -> float:
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def test_sizes_are_about_what_is_said():
    claims = map(float, re.findall(r"about (\d+) MB", PAGE.read_text(encoding="utf-8")))
    packs = {file.stem: file for file in (BOOK / "_static" / "python").glob("*.js")}
    figures = [packs.pop("matplotlib")]
    sizes = [megabytes(BOOK.rglob("*")), megabytes(packs.values()), megabytes(figures)]
    np.testing.assert_allclose(list(claims), sizes, rtol=0.1)


def test_github_serves_the_folder_as_it_is():
    assert (BOOK / ".nojekyll").exists()
