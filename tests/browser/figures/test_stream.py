"""The residual stream of chapter 11."""

from types import SimpleNamespace

import numpy as np
from live_figure import numbers_agree

from nnlib import widgets
from nnlib.backprop import Dense, Sequential
from nnlib.language import Embedding
from nnlib.matrices import softmax
from nnlib.transformer import LayerNorm, transformer_block


def streams(rng):
    for k in range(32):
        n_heads, size, n_blocks = (int(n) for n in rng.integers(1, 4, size=3))
        d, vocabulary, t = n_heads * size, list("abcdefghij")[: 5 + k % 6], 1 + k % 7
        model = SimpleNamespace(
            tokens=Embedding(len(vocabulary), d, rng=rng),
            positions=Embedding(t + k % 2, d, rng=rng),
            blocks=Sequential(*(transformer_block(d, n_heads, rng=rng) for _ in range(n_blocks))),
            norm=LayerNorm(d),
        )
        if k % 3:
            model.scores = Dense(d, len(vocabulary), rng=rng)
        for layer in vars(model).values():
            for _, param, _ in layer.named_params():
                param[...] = (param + 0.4 * rng.normal(size=param.shape)).astype(np.float16)
        ids = rng.integers(len(vocabulary), size=t)
        figure = widgets.Stream(model, vocabulary, sentence=" ".join("abcdefghij"[i] for i in ids))
        figure.off = [name for name in figure.parts if rng.random() < 0.3 * (k % 3)]
        yield (
            {"vocab": len(vocabulary), "sizes": figure.sizes, "weights": figure.weights}
            | {"ids": ids, "off": figure.off},
            by_hand(model, ids, figure.off),
        )


def by_hand(model, ids, off):
    """Probabilities and lengths at each place, one layer of the library after the other."""
    x = model.tokens.predict(ids) + model.positions.predict(np.arange(len(ids)))
    places, added = [x], [x]
    for n, block in enumerate(model.blocks):
        attend, think = block["attend"], block["think"]
        heads = attend["heads"].predict(attend["qkv"].predict(attend["norm"].predict(x)))
        parts = np.split(heads, attend["heads"].n_heads, axis=-1)
        kept = [part * (f"attention {n}, head {h}" not in off) for h, part in enumerate(parts)]
        added.append(attend["out"].predict(np.concatenate(kept, axis=-1)))
        x = x + added[-1]
        places.append(x)
        added.append((think.predict(x) - x) * (f"MLP {n}" not in off))
        x = x + added[-1]
        places.append(x)
    last = np.array(places)[:, -1]
    normed = model.norm.predict(last)
    tied = not hasattr(model, "scores")
    scores = normed @ model.tokens.params["W"].T if tied else model.scores.predict(normed)
    return {
        "probabilities": softmax(scores),
        "added": np.linalg.norm(np.array(added)[:, -1], axis=-1),
        "lengths": np.linalg.norm(last, axis=-1),
    }


def test_its_numbers_are_those_of_the_library(browser, rng):
    numbers_agree(browser, widgets.Stream, streams(rng))
