"""Python behind a page: runs its cells, checks its exercises, and tells the page what comes of it.

The page asks with a text in JSON, and is answered with one.
"""

import ast
import builtins
import importlib
import json
import linecache
import re
import sys
import types
import warnings

import failures
import page_clock
import showing
from history import History

from nnlib.exercises import exercises
from nnlib.exercises._cards import Verdict
from nnlib.exercises._running import explain

PATIENCE = 10_000  # milliseconds for the statements of an answer, before anything is called
SILENT = re.compile(r";\s*(#.*)?\Z")
FIGURES = re.compile(r"\bplots\.(?!use_book_style\b)|\bmatplotlib\b|\bplt\b")
__main__ = sys.modules["__main__"] = types.ModuleType("__main__")
namespace = vars(__main__)  # what the page's cells have defined
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
    said = showing.Said()
    with showing.printed(said):
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
        "html": verdict._repr_html_(),
        "said": said.text,
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
    if isinstance(error, SyntaxError):
        return Verdict("raised", failures.described(error))
    what = [explain(error), failures.meaning(error), failures.place(error)]
    return Verdict("raised", "\n".join(filter(None, what)))


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
    output = showing.Output(number)
    with showing.printed(output), warnings.catch_warnings():
        warnings.showwarning = _show_warning
        try:
            try:
                _show(output, _execute(source, f"cell {number}", namespace), source)
            finally:
                output.figures()
        except BaseException as error:
            text = failures.described(error)
            output.post("error", text)
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


def _show(output, value, source):
    if value is None or SILENT.search(source):
        return
    builtins._ = value
    output.show(value)


def _show_warning(message, category, *_):
    print(f"{category.__name__}: {message}", file=sys.stderr)


# Modules that are not here


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
    sys.modules["matplotlib.pyplot"].show = lambda *_, **__: showing.now.figures()
    sys.modules["nnlib"].plots = plots
    for name, value in list(namespace.items()):
        if isinstance(value, Plots):
            namespace[name] = plots
    return {}


threadpoolctl = types.ModuleType("threadpoolctl")
threadpoolctl.threadpool_limits = lambda *_: None  # there is one thread
sys.modules["threadpoolctl"] = threadpoolctl

widgets = types.ModuleType("nnlib.widgets")
widgets.__getattr__ = lambda name: showing.Inert()
stand_in("widgets", widgets)
stand_in("plots", Plots("nnlib.plots"))
