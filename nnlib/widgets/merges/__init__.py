"""A text that becomes tokens, one merge of byte pair encoding after the other."""

import traitlets

from nnlib import plots
from nnlib.tokens import BPETokenizer, visible
from nnlib.widgets._figure import Figure, front_end

ROOM = 120  # bytes, in tokens.js too


class Merges(Figure):
    """Type a text, and step through the merges of a trained tokenizer, forwards and back.

    Parameters
    ----------
    tokenizer : BPETokenizer
        Its merges are copied. Its 256 bytes must be in their own order.
    text : str
        At most 120 bytes.
    step : int
        How many of the merges are made: 0 leaves bytes.

    Attributes
    ----------
    merges : list of int
        The pairs of all merges, end to end.
    """

    _esm, _css = front_end("merges")
    merges = traitlets.List(traitlets.Int()).tag(sync=True)
    text = traitlets.Unicode().tag(sync=True)
    step = traitlets.Int(min=0).tag(sync=True)

    def __init__(self, tokenizer, **traits):
        self._pairs = list(tokenizer.merges)
        if tokenizer.vocabulary[:256] != BPETokenizer([]).vocabulary:
            raise ValueError(
                "Merges: token v of this tokenizer is not byte v, and the page takes it for that."
            )
        super().__init__(merges=[i for pair in self._pairs for i in pair], **traits)

    @traitlets.validate("text")
    def _short(self, proposal):
        size = len(proposal["value"].encode())
        if size > ROOM:
            raise traitlets.TraitError(
                f"The text of a Merges has {size} bytes, and there is room for {ROOM}."
            )
        return proposal["value"]

    def still(self):
        tokenizer = BPETokenizer(self._pairs[: self.step])
        ids = tokenizer.encode(self.text)
        pieces = [visible(tokenizer.vocabulary[i]) for i in ids]
        title = f"{len(self.text.encode())} bytes, {len(ids)} tokens after {self.step} merges"
        return plots.plot_tokens({title: pieces})
