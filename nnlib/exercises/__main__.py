"""Show what you have done, or grade what others handed in."""

import argparse
import asyncio
import glob
import os
import sys
from collections.abc import Iterator

from nnlib.exercises import _grade, progress

PROGRAM = "python -m nnlib.exercises"
NOTE = """\
Answers are code. Each runs in a process of its own, but with your rights: it can read your
files and use the network. Run what you do not trust as a user who has none, or in a container.
The exit code is 1 if a file could not be graded.
"""


def main(words: list[str] | None = None) -> int:
    options = _parser().parse_args(words)
    try:
        if options.command == "grade":
            return _grade_all(options.file, options.output, options.limit)
        print(progress(), flush=True)
    except BrokenPipeError:  # nobody reads on
        return 1
    except OSError as error:
        _complain(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(PROGRAM, description=__doc__)
    grade = parser.add_subparsers(dest="command", title="other than your progress").add_parser(
        "grade",
        help="run the answers in exported files again, and write a table",
        description="Run the answers in exported files again, and write a table as CSV.",
        epilog=NOTE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    grade.add_argument("file", nargs="+", help="a file exported from the page Your progress")
    grade.add_argument(
        "--output", type=_csv, metavar="FILE.csv", help="where the table goes, if not here"
    )
    grade.add_argument(
        "--limit",
        type=_seconds,
        default=20.0,
        metavar="SECONDS",
        help="the longest that an answer may take (%(default)g)",
    )
    return parser


def _csv(name: str) -> str:
    if not name.endswith(".csv"):
        raise argparse.ArgumentTypeError(f"{name} does not end in .csv, and would be overwritten")
    return name


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < 86_400:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and a day")
    return seconds


def _grade_all(patterns: list[str], output: str | None, limit: float) -> int:
    answers: list[_grade.HandedIn] = []
    code = 0
    for file in _files(patterns):
        try:
            answers += _grade.handed_in(file)
        except (OSError, ValueError) as error:
            _complain(str(error))
            code = 1
    with open(
        output or sys.stdout.fileno(),
        mode="w",
        encoding="utf-8",
        errors="backslashreplace",
        newline="",
        closefd=bool(output),
    ) as stream:
        asyncio.run(_grade.write_table(answers, stream, limit=limit))
    return code


def _files(patterns: list[str]) -> Iterator[str]:
    """Every file once. Windows leaves it to us to look for *.json."""
    seen = set()
    for pattern in patterns:
        found = [] if os.path.exists(pattern) else sorted(glob.glob(pattern))
        for file in found or [pattern]:
            if (place := os.path.realpath(file)) in seen:
                _complain(f"{file} is there twice, and graded once.")
            else:
                seen.add(place)
                yield file


def _complain(what: str) -> None:
    print(f"{PROGRAM} grade: {what}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
