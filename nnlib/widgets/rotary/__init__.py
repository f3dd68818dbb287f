"""Queries and keys that turn with their places, pair by pair, and their score."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.modern import rotate
from nnlib.widgets._figure import Figure, front_end

LAST = 24  # the last place

# Three pairs of features, in which the key points where the query does.
Q = [0.9, 0.2, -0.6, 0.4, 0.9, 0.6]


class Rotary(Figure):
    """Move a query and a key through the text, and see their arrows turn and the score stay.

    Parameters
    ----------
    q : list of floats
        The query at place 0. Feature i turns with feature i + d / 2; there is room for two or
        three such pairs.
    k : list of floats
        The key at place 0.
    ahead : list of floats
        By how many degrees the key is turned in each pair, besides.
    m : int
        The place of the query, from 0 to 24.
    n : int
        The place of the key, from 0 to 24.
    base : float
        The pair i turns by ``base ** (-2 i / d)`` a place, where a whole turn is 2π.
    """

    _esm, _css = front_end("rotary")
    q = traitlets.List(traitlets.Float(), Q).tag(sync=True)
    k = traitlets.List(traitlets.Float(), Q).tag(sync=True)
    ahead = traitlets.List(traitlets.Float(), [0.0, 0.0, 0.0]).tag(sync=True)
    m = traitlets.Int(8, min=0, max=LAST).tag(sync=True)
    n = traitlets.Int(5, min=0, max=LAST).tag(sync=True)
    base = traitlets.Float(30.0).tag(sync=True)

    def __init__(self, q=Q, k=Q, **traits):
        traits.setdefault("ahead", [0.0] * (len(q) // 2))
        q, k = (np.asarray(x, dtype=float).tolist() for x in (q, k))
        super().__init__(q=q, k=k, **traits)

    def scores(self, distances):
        """The score at each distance m − n."""
        first, second = np.split(np.array(self.k), 2)
        cos, sin = (f(np.deg2rad(self.ahead)) for f in (np.cos, np.sin))
        key = np.concatenate([first * cos - second * sin, second * cos + first * sin])
        queries = np.tile(self.q, (len(distances), 1))
        return rotate(queries, np.asarray(distances), base=self.base) @ key

    def still(self):
        distances = np.arange(-LAST, LAST + 0.25, 0.25)
        ax = plots.plot_curves(
            distances,
            {"all distances": self.scores(distances)},
            xlabel="distance m − n",
            ylabel="score",
        )
        here = self.m - self.n
        ax.plot([here], self.scores([here]), "o", label=f"m = {self.m}, n = {self.n}")
        ax.legend(fontsize=10, frameon=False)
        return ax
