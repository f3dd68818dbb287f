"""Entries of the list of references that screen readers announce as the items of a list.

docutils gives them the role doc-biblioentry, which ARIA has withdrawn.
"""

from docutils import nodes


def visit(translator, node):
    type(translator).visit_citation(translator, node)
    translator.body[-1] = translator.body[-1].replace("doc-biblioentry", "listitem")


def depart(translator, node):
    type(translator).depart_citation(translator, node)


def setup(app):
    app.add_node(nodes.citation, override=True, html=(visit, depart))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
