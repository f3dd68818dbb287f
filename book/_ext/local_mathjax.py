"""MathJax from an installed package, so that formulas need no network.

Only the parts that the book uses: the ready-made bundle carries a menu as large as the rest.
"""

from importlib import resources
from pathlib import Path

LOADED = ("input/tex", "output/chtml", "a11y/assistive-mml")
FILES = (
    "startup.js",
    "core.js",
    *(f"{part}.js" for part in LOADED),
    "input/tex/extensions/*.js",
    "output/chtml/fonts/tex.js",
    "output/chtml/fonts/woff-v2/*.woff",
)


def configure(app, config):
    config.mathjax_path = "mathjax/startup.js"
    config.mathjax3_config = {"loader": {"load": list(LOADED)}}


def copy(app):
    source = Path(resources.files("sphinx-mathjax-offline")) / "static" / "mathjax"
    target = Path(app.outdir, "_static", "mathjax")
    for pattern in FILES:
        for file in source.glob(pattern):
            copied = target / file.relative_to(source)
            if not copied.exists():
                copied.parent.mkdir(parents=True, exist_ok=True)
                copied.write_bytes(file.read_bytes())


def setup(app):
    app.connect("config-inited", configure)
    app.connect("builder-inited", copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
