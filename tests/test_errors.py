"""The page Errors in circulation: each error has a correction, and numbers are computed."""

import doctest
import re
import textwrap
from pathlib import Path

import numpy as np
import pytest

PAGE = (Path(__file__).parents[1] / "book" / "errors.md").read_text(encoding="utf-8")
ENTRY = re.compile(r"^(?P<error>\S.*)\n: (?P<right>.*\n(?:(?:  .*)?\n)*)", re.MULTILINE)
CODE = re.compile(r"^  ```pycon\n(.*?)^  ```", re.MULTILINE | re.DOTALL)
FLAGS = doctest.IGNORE_EXCEPTION_DETAIL | doctest.ELLIPSIS
MEASURED = re.compile(r"\d{2}")  # smaller numbers are names, such as those of layers

entries = [found.groupdict() for found in ENTRY.finditer(PAGE)]
each_entry = pytest.mark.parametrize("entry", entries, ids=[e["error"][:60] for e in entries])


def test_nothing_on_the_page_escapes_these_tests():
    assert PAGE.count("\n: ") == len(entries) >= 60
    assert sum(len(CODE.findall(entry["right"])) for entry in entries) == PAGE.count("```pycon")


@each_entry
def test_an_error_has_a_correction_and_a_chapter(entry):
    words = CODE.sub("", entry["right"])
    assert len(words.split()) >= 8
    assert re.search(r"\[Chapter (\d+)\]\(\.\./chapters/0?\1_\w+\.ipynb\)", words)


@each_entry
def test_a_numerical_claim_is_computed(entry):
    numbers = re.sub(r"\{cite\}`[^`]*`|transformer of 2017|[Cc]hapter \S+", "", entry["error"])
    assert CODE.search(entry["right"]) or not MEASURED.search(numbers)


def test_the_code_of_the_page_prints_what_stands_there():
    names = {"np": np}
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    for number, code in enumerate(CODE.findall(PAGE)):
        test = doctest.DocTestParser().get_doctest(
            textwrap.dedent(code), names, f"block {number}", "errors.md", 0
        )
        assert test.examples
        runner.run(test, clear_globs=False)
        names = test.globs
    assert runner.summarize(verbose=False).failed == 0
