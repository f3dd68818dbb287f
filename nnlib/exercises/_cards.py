"""What a reader sees: a coloured card in Jupyter, plain text elsewhere."""

import html
from dataclasses import dataclass


class Card:
    """A heading and a text."""

    def __init__(self, heading: str, message: str, tone: str = "#2563a8"):
        self.heading, self.message, self.tone = heading, message, tone

    def __repr__(self) -> str:
        return f"{self.heading}\n{self.message}".strip()

    def _repr_html_(self) -> str:
        return (
            f'<div style="border-left: 4px solid {self.tone}; background: {self.tone}1a; '
            'padding: 0.6em 1em; margin: 0.3em 0; border-radius: 4px; overflow-x: auto">'
            f'<div style="white-space: pre-wrap"><b>{html.escape(self.heading)}</b></div>'
            f'<div style="white-space: pre-wrap">{html.escape(self.message)}</div></div>'
        )


class Verdict(Card):
    """What the checker found; true only when the answer is correct."""

    def __init__(self, heading: str, message: str, status: str):
        tones = {"correct": "#1a7f4b", "not attempted": "#6b7280"}
        super().__init__(heading, message, tones.get(status, "#c2410c"))
        self.status = status

    def __bool__(self) -> bool:
        return self.status == "correct"


@dataclass(frozen=True, repr=False)
class Solution:
    """Code, and why the common wrong answers are wrong."""

    name: str
    code: str
    message: str

    def __repr__(self) -> str:
        return f"{self.name}\n\n{self.code}\n\n{self.message}"

    def _repr_markdown_(self) -> str:
        return f"**{self.name}**\n\n```python\n{self.code}\n```\n\n{self.message}"
