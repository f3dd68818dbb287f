"""What comes of a cell, on its way to the page: printed text, values, figures, progress."""

import builtins
import contextlib
import io
import json
import re
import sys
import time

import page
import tqdm.std

MOST = 100_000  # letters that a cell prints
MANY = 100  # messages to the page, after which they come
OFTEN = 0.1  # seconds apart
COLOUR = re.compile(r"\x1b\[[\d;]*[A-Za-z]")  # of a terminal


class Output:
    """Where a cell's output goes. A flood of prints is gathered, and cut off in the end."""

    def __init__(self, cell):
        self.cell = cell
        self.room = MOST
        self.sent = self.due = self.drawn = 0
        self.waiting = []  # pairs of a stream and its texts

    def print(self, stream, text):
        if self.room <= 0:
            return
        if not self.waiting or self.waiting[-1][0] != stream:
            self.waiting.append((stream, []))
            self.room -= MANY  # a box in the page weighs more than a letter
        self.waiting[-1][1].append(self.cut(text))
        if self.sent < MANY or time.monotonic() > self.due:
            self.flush()

    def cut(self, text):
        shown = text[: max(self.room, 0)]
        self.room -= len(text)
        return shown if self.room >= 0 else f"{shown}\n…"

    def flush(self):
        for stream, texts in self.waiting:
            self._post(stream, COLOUR.sub("", "".join(texts)))
        self.waiting = []
        self.due = time.monotonic() + OFTEN

    def post(self, kind, text):
        self.flush()
        self._post(kind, text)

    def _post(self, kind, text):
        self.sent += 1
        page.post(json.dumps({"cell": self.cell, "kind": kind, "text": text}))

    def show(self, value):
        """A value as a notebook shows it."""
        if isinstance(value, Inert):
            self.post("live", "")
        elif hasattr(type(value), "savefig"):
            self.draw(value)
        elif markup := as_html(value):
            self.post("html", markup)
        else:
            self.post("text", self.cut(repr(value)))

    def figures(self):
        """Show the figures that are open."""
        if plt := sys.modules.get("matplotlib.pyplot"):
            try:
                for number in plt.get_fignums():
                    self.draw(plt.figure(number))
            finally:
                plt.close("all")

    def draw(self, figure):
        """Show a figure as the page shows its own, and close it."""
        from figure_html import inline

        picture = io.StringIO()
        figure.savefig(picture, format="svg", metadata={"Date": None})
        self.drawn += 1
        self.post("figure", inline(picture.getvalue(), "{alt}", f"run{self.cell}-{self.drawn}"))
        sys.modules["matplotlib.pyplot"].close(figure)


def as_html(value):
    """The markup that a value has for notebooks, if it has any."""
    made = getattr(type(value), "_repr_html_", None)
    return made(value) if made else None


class Stream(io.TextIOBase):
    """What a cell prints to."""

    encoding = "utf-8"

    def __init__(self, output, name):
        self.output, self.name = output, name

    def write(self, text):
        self.output.print(self.name, text)
        return len(text)


@contextlib.contextmanager
def printed(output):
    """Take what is printed, and what is asked for: nobody can type."""
    global now
    before, now, sys.stdin = now, output, io.StringIO()
    with (
        contextlib.redirect_stdout(Stream(output, "stdout")),
        contextlib.redirect_stderr(Stream(output, "stderr")),
    ):
        try:
            yield
        finally:
            output.flush()
            now = before


class Said(Output):
    """What an answer prints, which stands below its verdict."""

    def __init__(self):
        super().__init__(None)
        self.text = ""

    def _post(self, kind, text):
        self.text += text

    def show(self, value):
        self.post("text", f"{self.cut(repr(value))}\n")


now = Said()  # where the output of what runs goes


def display(*values):
    """Show values, as in a notebook."""
    for value in values:
        now.show(value)


class Progress(tqdm.std.tqdm):
    """A bar of tqdm that the page draws."""

    monitor_interval = 0  # it would need a thread

    def __init__(self, *args, **options):
        super().__init__(*args, **options | {"file": io.StringIO()})

    def display(self, msg=None, pos=None):
        known = {name: self.format_dict[name] for name in ("n", "total", "elapsed")}
        prefix = self.desc.removesuffix(": ")
        page.post(json.dumps({"kind": "progress", "prefix": prefix, **known}))


class Inert:
    """Stands for a live figure: the page has its own."""

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return Inert()

    def __call__(self, *args, **kwargs):
        return Inert()


tqdm.tqdm = tqdm.std.tqdm = Progress
sys.modules["tqdm.notebook"] = tqdm.std
builtins.display = display
