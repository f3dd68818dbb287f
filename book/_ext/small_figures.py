"""Leave out of the pages what only readers of the code of live figures need: comments, indents."""

import json

from myst_nb.core.render import sanitize_script_content
from rjsmin import jsmin


def smaller(state: dict) -> dict:
    """The state of all figures of a page, with less text in their modules."""
    for model in state["state"].values():
        if "_esm" in model["state"]:
            model["state"]["_esm"] = jsmin(model["state"]["_esm"])
    return state


def shorten(app, env):
    for page in getattr(env, "nb_metadata", {}).values():
        if found := page.get("js_files", {}).get("ipywidgets_state"):
            _, options = found
            state = smaller(json.loads(options["body"]))
            text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
            options["body"] = sanitize_script_content(text)


def setup(app):
    app.connect("env-updated", shorten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
