"""With PAGES=static the pages have no Python, and say so where the text speaks of buttons."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SETTINGS = """
extensions = ["myst_nb", "folds", "solutions", "python_packs", "page_notebook"]
html_theme = "basic"
nb_execution_mode = "off"
"""
PAGES = {
    "index": "# The book\n\n```{toctree}\nbook/intro\nbook/glossary\n```\n",
    "book/intro": "# Begin\n\nPress *Run*.\n",
    "book/glossary": "# Words\n\nA word.\n",
}


def test_a_page_that_speaks_of_buttons_says_that_this_copy_has_none(tmp_path):
    source = tmp_path / "source"
    (source / "book").mkdir(parents=True)
    (source / "conf.py").write_text(SETTINGS, encoding="utf-8")
    for name, text in PAGES.items():
        (source / f"{name}.md").write_text(text, encoding="utf-8")
    path = os.pathsep.join([str(ROOT / "book" / "_ext"), str(ROOT)])
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", str(source), str(tmp_path / "out")],
        env=os.environ | {"PAGES": "static", "PYTHONPATH": path},
        check=True,
    )
    said = {
        name: "has no Python in its pages" in (tmp_path / "out" / f"{name}.html").read_text("utf-8")
        for name in PAGES
    }
    assert said == {"index": False, "book/intro": True, "book/glossary": False}
    assert not (tmp_path / "out" / "_static" / "python").exists()
