"""Put the notebooks' vector figures into the page, where they follow its colours and its fonts."""

from pathlib import Path

from docutils import nodes
from figure_html import inline
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)


class InlineFigures(SphinxPostTransform):
    """Replace every SVG that a notebook made."""

    default_priority = 200
    formats = ("html",)

    def run(self, **kwargs):
        for image in list(self.document.findall(nodes.image)):
            file = Path(self.app.srcdir, image["uri"].lstrip("/"))
            if file.suffix != ".svg" or "jupyter_execute" not in file.parts:
                continue
            if not image.get("alt"):
                logger.warning("a figure without alternative text", location=image)
            figure = inline(file.read_text("utf-8"), image.get("alt", ""), f"f{file.stem[:6]}")
            image.replace_self(nodes.raw("", figure, format="html"))


def setup(app):
    app.add_post_transform(InlineFigures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
