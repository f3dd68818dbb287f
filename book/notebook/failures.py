"""What a page says about an error: what it is, what that means here, and where it happened."""

import re
import traceback

HERE = re.compile(r"^cell \d+$|^answer$")
LAB = "JupyterLab can."
MEANINGS = {
    r"No module named 'IPython": "The page has display without an import, and no more of IPython.",
    r"No module named '(?!nnlib)": (
        "The page has NumPy, Matplotlib, nnlib and most of Python's own modules. "
        "Other packages need JupyterLab."
    ),
    r"can't start new thread|does not support processes": (
        f"The page cannot start threads or other programs. {LAB}"
    ),
    r"unknown encoding: idna|host name|Host is unreachable|unknown url type: https": (
        f"The page cannot go online. {LAB}"
    ),
    r"stack switch|'await' outside|'async \w+' outside": f"The page cannot await. {LAB}",
    r"EOF when reading a line": (
        "input() waits for somebody to type, and in the page nobody can. "
        "Write the value in its place."
    ),
    r"No such file or directory": (
        "Python in the page sees only files that were written here since it started."
    ),
}
LINES = {
    r"[%!?]|.*\?$": f"Lines with %, ! or ? are IPython's, and the page cannot run them. {LAB}",
    r">>>|\.\.\.|(In|Out) ?\[": "Leave out what Python prints before a line, such as >>>.",
}
FULL = (
    "MemoryError: Python in a page has 4 GB at most, and they are full. "
    "It starts again, and what the cells had defined is gone."
)


def described(error: BaseException) -> str:
    """The error's name and text as a notebook has them, what they mean here, and the line."""
    if isinstance(error, MemoryError):
        return FULL
    return "\n".join(filter(None, [text(error), meaning(error), place(error)]))


def text(error: BaseException) -> str:
    """The last line of a traceback, with the notes below it."""
    kind = type(error)
    if isinstance(error, SyntaxError):
        return f"{kind.__name__}: {error.msg}"
    lines = traceback.TracebackException.from_exception(error, limit=0).format_exception_only()
    return "".join(lines).strip().removeprefix(f"{kind.__module__}.")


def meaning(error: BaseException) -> str:
    """What is different here, if that is why the error came."""
    said, line = text(error), _line(error)
    found = [MEANINGS[pattern] for pattern in MEANINGS if re.search(pattern, said)]
    if isinstance(error, SyntaxError):
        found += [LINES[pattern] for pattern in LINES if re.match(pattern, line)]
    return "".join(found[:1])


def place(error: BaseException) -> str:
    """The line of the reader's own code in which it happened."""
    if isinstance(error, SyntaxError):
        number, line = error.lineno, _line(error)
        return f"Line {number}: {line}" if line else ""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if HERE.match(f.filename)]
    return f"Line {frames[-1].lineno}: {frames[-1].line}" if frames else ""


def _line(error: BaseException) -> str:
    return (getattr(error, "text", "") or "").strip() if isinstance(error, SyntaxError) else ""
