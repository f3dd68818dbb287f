"""Letters above the glossary, each of which leads to the first entry that begins with it."""

from docutils import nodes
from sphinx.transforms import SphinxTransform


class Letters(SphinxTransform):
    """Put them below the first paragraph of the page."""

    default_priority = 800  # when the entries have their addresses

    def apply(self, **kwargs):
        if self.env.docname != "book/glossary":
            return
        (page,) = self.document.findall(lambda node: node.parent is self.document)
        entries = [node for node in page.children if isinstance(node, nodes.section)]
        first = {entry[0].astext()[0].upper(): entry["ids"][0] for entry in reversed(entries)}
        row = nodes.paragraph(classes=["letters"])
        for letter in sorted(first):
            row += [
                nodes.reference("", letter, refid=first[letter], internal=True),
                nodes.Text(" "),
            ]
        page.insert(page.index(entries[0]), row)


def setup(app):
    app.add_transform(Letters)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
