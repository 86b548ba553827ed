# Each target is sufficient on its own: it creates the environment it needs in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo web test lint bench docs data clean

# The first answer to "what does it do": a diary in, a workbook, a page and a summary out.
demo: $(VENV)/.installed
	$(BIN)/nutridiary analyze data/diaries/example.xlsx --sex female --age 34 -o report.xlsx -o report.html

# The same without a command line: a page in the browser, on this machine only.
web: $(VENV)/.installed
	$(BIN)/nutridiary web

# A file of tests stays on one processor: what its tests share is made once.
test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed-dev
	$(BIN)/python bench/speed.py
	$(BIN)/python bench/nhanes.py
	$(BIN)/python bench/matching.py
	$(BIN)/python bench/splitting.py
	$(BIN)/python bench/portions.py
	$(BIN)/python bench/whole_day.py
	$(BIN)/python bench/everyday.py
	$(BIN)/python bench/exports.py
	$(BIN)/python bench/recalls.py
	$(BIN)/python bench/supplements.py
	$(BIN)/python bench/app_exports.py
	$(BIN)/python bench/bounds.py
	$(BIN)/python bench/line_bounds.py
	$(BIN)/python bench/confidence.py
	$(BIN)/python bench/symptoms.py
	$(BIN)/python bench/suggestions.py
	$(BIN)/python bench/web.py
	$(BIN)/python bench/branded.py
	$(BIN)/python bench/fuzz.py --write

docs: $(VENV)/.installed-dev
	$(BIN)/python tools/check_docs.py
	$(BIN)/python -m sphinx -W --keep-going -q -b html -d build/doctrees docs build/docs

# Rebuilds the shipped tables from the official releases; see data/README.md for where to get them.
data: $(VENV)/.installed-dev
	$(BIN)/python tools/build_data.py $(RELEASES)

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "nutridiary needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[plots,web]'
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) dist build report.xlsx report.html .pytest_cache .mypy_cache .ruff_cache .hypothesis
