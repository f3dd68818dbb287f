"""What a reader sees: a coloured card in Jupyter, plain text elsewhere."""

import html
import re
import sys
from dataclasses import dataclass

PLAIN = dict(
    zip("✓✗○●◐−·×≥²³", ["+", "x", "o", "#", "/", "-", "*", "x", ">=", "^2", "^3"], strict=True)
)
PLAIN |= {"√": "root ", "½": "1/2", "…": "...", "π": "pi", "σ": "sigma", "η": "eta", "Σ": "sum"}

UNCHANGED = ("not attempted", "unchanged result")  # neither right nor wrong yet


class Card:
    """A heading and a text."""

    def __init__(self, heading: str, message: str, tone: str = "#2563a8"):
        self.heading, self.message, self.tone = heading, message, tone

    def __repr__(self) -> str:
        return _printable(f"{self.heading}\n{self.message}".strip())

    def _repr_html_(self) -> str:
        return self._html(self.message)

    def _html(self, text: str, folded: str = "") -> str:
        return (
            f'<div style="border-left: 4px solid {self.tone}; background: {self.tone}1a; '
            'padding: 0.6em 1em; margin: 0.3em 0; border-radius: 4px; overflow-x: auto">'
            f'<div style="white-space: pre-wrap"><b>{html.escape(self.heading)}</b></div>'
            f'<div style="white-space: pre-wrap">{html.escape(text)}</div>{folded}</div>'
        )


class Verdict(Card):
    """What the checker found; true only when the answer is correct.

    The message begins with the sentence that says what is wrong, which is the heading.
    The call is what went wrong, as a reader would write it.
    """

    def __init__(self, status: str, message: str, call: str = ""):
        marks = {"correct": ("✓", "#1a7f4b")} | dict.fromkeys(UNCHANGED, ("○", "#6b7280"))
        mark, tone = marks.get(status, ("✗", "#c2410c"))
        what, self.why = _first_sentence(message)
        super().__init__(f"{mark} {what}", message, tone)
        self.status, self.call = status, call

    def __bool__(self) -> bool:
        return self.status == "correct"

    def __repr__(self) -> str:
        call = self.call and f"The call: {self.call}"
        return _printable("\n".join(filter(None, [self.heading, self.why, call])))

    def _repr_html_(self) -> str:
        call = f'<div style="white-space: pre-wrap">{html.escape(self.call)}</div>'
        folded = f"<details><summary>The call</summary>{call}</details>" if self.call else ""
        return self._html(self.why, folded)


@dataclass(frozen=True, repr=False)
class Solution:
    """Code, and why the common wrong answers are wrong."""

    name: str
    code: str
    message: str

    def __repr__(self) -> str:
        return _printable(f"{self.name}\n\n{self.code}\n\n{self.message}")

    def _repr_markdown_(self) -> str:
        return f"**{self.name}**\n\n```python\n{self.code}\n```\n\n{self.message}"


def _first_sentence(text: str) -> tuple[str, str]:
    first, *rest = re.split(r"(?<=[.?])\s|\n", text, maxsplit=1)
    return first, "".join(rest)


def _printable(text: str) -> str:
    """The text in characters that the output can show; a Windows console has few."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text if _can_show(encoding, text) else "".join(_plain(c, encoding) for c in text)


def _plain(char: str, encoding: str) -> str:
    return next((s for s in (char, PLAIN.get(char, "?")) if _can_show(encoding, s)), "?")


def _can_show(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
