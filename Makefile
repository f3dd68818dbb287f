# The interpreters to try, in order; `make book PYTHON=/path/to/python3.12` names another.
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
BIN = .venv/bin
# The build sees what is set here too: `make book SOLUTIONS=no` leaves the solutions out, and
# `make book PAGES=static` leaves out Python in the pages.
# Warnings are errors. Where a cell failed, its traceback is in a file.
BUILD = $(BIN)/jupyter-book build . -W --keep-going || \
	{ find _build/html/reports -name '*.err.log' -exec cat {} +; exit 1; }

# Jupyter refuses to start for root, who is often all there is in a container.
AS_ROOT = $(shell test "$$(id -u)" -ne 0 || echo --allow-root)

.PHONY: help book lab check test notebooks bench clean .venv .venv-bench .pyodide

help:  ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile | expand -t 8

book: .venv .pyodide  ## build the book; warnings are errors
	$(BUILD)
	@echo "Open $(CURDIR)/_build/html/index.html"

lab: .venv  ## open the notebooks in JupyterLab
	cd chapters && ../$(BIN)/jupyter lab $(AS_ROOT)

check: .venv  ## lint, format, spelling, import order, stripped notebooks
	$(BIN)/pre-commit run --all-files

test: check .pyodide  ## check; then test the library, build the book from scratch, and test that
	$(BIN)/pytest -n 2 --ignore=tests/browser
	rm -rf _build
	$(BUILD)
	$(BIN)/pytest -rfEs -n 2 --dist worksteal tests/browser

notebooks: .venv  ## run every cell of the notebooks, with all failures of a chapter at once
	$(BIN)/pytest --nbval-lax -n 2 --dist loadfile chapters

bench: .venv .venv-bench  ## compare nnlib's speed with PyTorch's; train on MNIST; time figures and pages
	.venv-bench/bin/python -m benchmarks
	$(BIN)/python -m benchmarks controls pages

clean:  ## remove what these targets made, except .venv, .venv-bench and .pyodide
	rm -rf _build .*_cache .hypothesis *.egg-info
	find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +

.venv:
	@sh .ci/setup .venv requirements.txt $(PYTHON)

# Python for the pages, which is got and compiled once.
.pyodide: .venv
	@test "$(PAGES)" = static || $(BIN)/python book/_ext/python_archives.py

# PyTorch has an index of its own; where that cannot be reached, pip soon goes on without.
.venv-bench: export PIP_RETRIES = 1
.venv-bench: export UV_INDEX_STRATEGY = unsafe-best-match
.venv-bench:
	@sh .ci/setup .venv-bench benchmarks/requirements.txt $(PYTHON)
