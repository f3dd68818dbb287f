"""Word vectors as points that can be pointed at, each with its nearest neighbours."""

import numpy as np
import traitlets

from nnlib import plots
from nnlib.language import on_a_map
from nnlib.shapes import ShapeError
from nnlib.widgets._figure import Figure, Floats, front_end


class WordMap(Figure):
    """Point at a word, and see which words have vectors of nearly the same direction.

    Parameters
    ----------
    tables : dict of str to array_like of shape (V, D)
        The word vectors of some networks, under the names of these.
    kinds : dict of str to str
        The V words in the order of the rows, each with the name of its class.
    word : str
        The word that is looked at.
    network : str
        The network whose vectors are shown.

    Attributes
    ----------
    networks : list of str
        The names of the M networks.
    words : list of str
        The V words.
    classes : list of str
        The names of the classes.
    kind : list of int
        The class of each word.
    vectors : ndarray of shape (M * V * D,)
        The rows of all tables, each of length 1.
    places : ndarray of shape (M * V * 2,)
        Where each word is drawn: the two directions in which the words spread most.
    """

    _esm, _css = front_end("wordmap")
    networks = traitlets.List(traitlets.Unicode()).tag(sync=True)
    words = traitlets.List(traitlets.Unicode()).tag(sync=True)
    classes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    kind = traitlets.List(traitlets.Int()).tag(sync=True)
    vectors = Floats(-1)
    places = Floats(-1)
    word = traitlets.Unicode().tag(sync=True)
    network = traitlets.Unicode().tag(sync=True)

    def __init__(self, tables, kinds, **traits):
        tables = {name: np.asarray(table, dtype=float) for name, table in tables.items()}
        shapes = [table.shape for table in tables.values()]
        if len(set(shapes)) != 1 or len(shapes[0]) != 2 or shapes[0][0] != len(kinds):
            raise ShapeError(
                f"WordMap: the tables have shapes {shapes}, and there are {len(kinds)} words; "
                "expected a row for each word in every table."
            )
        units = [table / np.linalg.norm(table, axis=1, keepdims=True) for table in tables.values()]
        words, classes = list(kinds), list(dict.fromkeys(kinds.values()))
        super().__init__(
            networks=list(tables),
            words=words,
            classes=classes,
            kind=[classes.index(name) for name in kinds.values()],
            vectors=np.ravel(units),
            places=np.ravel([on_a_map(table) for table in tables.values()]),
            **{"word": words[0], "network": next(iter(tables))} | traits,
        )

    @traitlets.validate("word", "network")
    def _known(self, proposal):
        known = self.words if proposal.trait.name == "word" else self.networks
        if proposal.value not in known:
            raise traitlets.TraitError(
                f"WordMap: there is no {proposal.trait.name} {proposal.value!r}, expected one of "
                f"{', '.join(known)}."
            )
        return proposal.value

    def still(self):
        m = self.networks.index(self.network)
        places = self.places.reshape(len(self.networks), len(self.words), 2)[m]
        kinds = {
            name: [i for i, k in enumerate(self.kind) if k == c]
            for c, name in enumerate(self.classes)
        }
        return plots.plot_words(places, kinds, self.words)
