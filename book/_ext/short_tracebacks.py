"""Print the message of a planned error, without the frames and file names above it."""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

MESSAGE = re.compile(r"^[\w.]*(?:Error|Exception|Interrupt|Warning)\b", re.MULTILINE)


class ShortTracebacks(SphinxPostTransform):
    """Keep what stands from the last line that names an error."""

    default_priority = 100
    formats = ("html",)

    def run(self, **kwargs):
        for block in self.document.findall(nodes.literal_block):
            if "traceback" not in block["classes"]:
                continue
            text = block.astext()
            starts = [hit.start() for hit in MESSAGE.finditer(text)]
            block.children = [nodes.Text(text[starts[-1] :] if starts else text)]
            block.rawsource = block.astext()
            block["language"] = "text"


def setup(app):
    app.add_post_transform(ShortTracebacks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
