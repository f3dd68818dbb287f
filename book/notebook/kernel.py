"""Python behind a page: runs its cells, checks its exercises, and tells the page what comes of it.

The page asks with a text in JSON, and is answered with one.
"""

import ast
import builtins
import contextlib
import importlib
import io
import json
import linecache
import re
import sys
import traceback
import types
import warnings

import page
import page_clock
import tqdm.std
from history import History

from nnlib.exercises import exercises
from nnlib.exercises._cards import Verdict
from nnlib.exercises._running import explain

PATIENCE = 20_000  # milliseconds for the statements of an answer, before anything is called
FIGURES = re.compile(r"\bplots\.(?!use_book_style\b)|\bmatplotlib\b|\bplt\b")
FULL = (
    "MemoryError: Python in a page has 4 GB at most, and they are full. "
    "It starts again, and what the cells had defined is gone."
)
HERE = re.compile(r"^cell \d+$|^answer$")

namespace = {}  # what the page's cells have defined
history = History(namespace)


def answers(method):
    """A function that the page calls: JSON in, JSON out."""

    def called(text):
        return json.dumps(method(**json.loads(text)))

    return called


# Checking


@answers
def check(exercise, imports, code, call):
    """The verdict on the code in an exercise's editor."""
    chapter, _, name = exercise.partition(".")
    asked = exercises(chapter)[name]
    place = {"__name__": "__main__"}
    with _said() as said:
        _execute(imports, "cell 0", place)
        try:
            page_clock.interrupt_after(PATIENCE)
            _execute(code, "answer", place)
            answer = eval(call, place)
        except BaseException as error:
            verdict = _failed(error, call)
        else:
            page_clock.interrupt_after(None)
            verdict = asked.check(answer)
        finally:
            page_clock.interrupt_after(None)
    return {
        "status": verdict.status,
        "html": _as_html(verdict),
        "text": repr(verdict),
        "said": said.getvalue()[-10_000:],
    }


def _failed(error, call):
    """The verdict on code that cannot even define the answer."""
    if isinstance(error, KeyboardInterrupt):
        seconds = PATIENCE // 1000
        return Verdict(
            "too slow", f"It was stopped after {seconds} seconds. Does a loop never end?"
        )
    if isinstance(error, NotImplementedError):
        return Verdict("not attempted", "Not attempted yet. Replace raise NotImplementedError.")
    if isinstance(error, NameError) and error.name in re.findall(r"\w+", call):
        return Verdict("raised", f"There is no {error.name}. The answer must have this name.")
    return Verdict("raised", f"{explain(error)} {_place(error)}".strip())


# Running


@answers
def plan(sources, target, everything):
    """Which cells must run for this one, and whether they draw."""
    order = history.plan(sources, target, everything)
    return {"order": order, "draws": any(FIGURES.search(sources[i]) for i in order)}


@answers
def run(number, source):
    """Run a cell. What it prints and draws is posted as it comes; the answer says how it ended."""
    history.begin(number)
    file = f"cell {number}"
    namespace.setdefault("__name__", "__main__")
    sys.modules["__main__"].__dict__.update(namespace)
    with _posted(number), warnings.catch_warnings(), _figures(number):
        warnings.showwarning = _show_warning
        try:
            value = _execute(source, file, namespace)
            _display(number, value, source)
        except BaseException as error:
            text = f"{_plain(error)}\n{_place(error)}".strip()
            _post(number, "error", text)
            return {"error": text, "memory": isinstance(error, MemoryError)}
    history.end(number)
    return {"error": ""}


def _execute(source, file, place):
    """Execute the code; the value of a last line that is an expression is returned."""
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    tree = ast.parse(source, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, file, "exec"), place)
    return eval(compile(ast.Expression(last.value), file, "eval"), place) if last else None


def _display(number, value, source):
    if value is None or source.rstrip().endswith(";"):
        return
    builtins._ = value
    if isinstance(value, Inert):
        _post(number, "live", "")
    elif hasattr(value, "_repr_html_"):
        _post(number, "html", _as_html(value))
    else:
        _post(number, "text", repr(value))


def _as_html(card):
    return card._repr_html_()


@contextlib.contextmanager
def _figures(number):
    """Show the figures that are open at the end, as the page shows its own."""
    try:
        yield
    finally:
        if plt := sys.modules.get("matplotlib.pyplot"):
            for each in plt.get_fignums():
                _post(number, "figure", _drawn(plt.figure(each), f"run{number}-{each}"))
            plt.close("all")


def _drawn(figure, name):
    from figure_html import inline

    picture = io.StringIO()
    figure.savefig(picture, format="svg", metadata={"Date": None})
    return inline(picture.getvalue(), "{alt}", name)


# Errors


def _plain(error):
    """The name of the error and what it says, without the frames above."""
    if isinstance(error, MemoryError):
        return FULL
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def _place(error):
    """The line of the reader's own code in which it happened."""
    if isinstance(error, SyntaxError):
        number, text = error.lineno, (error.text or "").strip()
        return f"Line {number}: {text}" if number else ""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if HERE.match(f.filename)]
    return f"Line {frames[-1].lineno}: {frames[-1].line}" if frames else ""


def _show_warning(message, category, *_):
    print(f"{category.__name__}: {message}", file=sys.stderr)


# Output


def _post(cell, kind, text):
    page.post(json.dumps({"cell": cell, "kind": kind, "text": text}))


class Stream(io.TextIOBase):
    """What a cell prints, posted line by line."""

    def __init__(self, cell, kind):
        self.cell, self.kind = cell, kind

    def write(self, text):
        _post(self.cell, self.kind, text)
        return len(text)


@contextlib.contextmanager
def _posted(cell):
    with (
        contextlib.redirect_stdout(Stream(cell, "stdout")),
        contextlib.redirect_stderr(Stream(cell, "stderr")),
    ):
        yield


@contextlib.contextmanager
def _said():
    """What an answer prints, which stands below its verdict."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        yield said


class Progress(tqdm.std.tqdm):
    """A bar of tqdm that the page draws."""

    monitor_interval = 0  # it would need a thread

    def display(self, msg=None, pos=None):
        known = {name: self.format_dict[name] for name in ("n", "total", "elapsed", "prefix")}
        page.post(json.dumps({"kind": "progress", **known}))


tqdm.tqdm = tqdm.std.tqdm = Progress


# Modules that are not here


class Inert:
    """Stands for a live figure: the page has its own."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return Inert()

    def __call__(self, *args, **kwargs):
        return Inert()


class Plots(types.ModuleType):
    """nnlib.plots until somebody draws: Matplotlib is as large as all else together."""

    def use_book_style(self):
        """The style is set when the real module comes."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise ImportError(f"plots.{name} needs Matplotlib, which is not loaded yet.")


def stand_in(name, module):
    sys.modules[f"nnlib.{name}"] = module
    setattr(sys.modules["nnlib"], name, module)


@answers
def draw():
    """Matplotlib is here: from now on figures are drawn."""
    del sys.modules["nnlib.plots"]
    import matplotlib as mpl

    mpl.use("svg")
    plots = importlib.import_module("nnlib.plots")
    plots.use_book_style()
    sys.modules["nnlib"].plots = plots
    for name, value in list(namespace.items()):
        if isinstance(value, Plots):
            namespace[name] = plots
    return {}


threadpoolctl = types.ModuleType("threadpoolctl")
threadpoolctl.threadpool_limits = lambda *_: None  # there is one thread
sys.modules["threadpoolctl"] = threadpoolctl

widgets = types.ModuleType("nnlib.widgets")
widgets.__getattr__ = lambda name: Inert()
stand_in("widgets", widgets)
stand_in("plots", Plots("nnlib.plots"))
