# The two commands of the README are `make demo` and `make test`; both set up all they need.
PYTHON ?= python3.11
PY := $(shell command -v $(PYTHON) 2>/dev/null || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: install install-dev demo test lint bench train-signals lock clean

install: .venv/installed
install-dev: .venv/installed-dev

.venv/bin/python:
	@$(PY) -c 'import sys; sys.exit("Quartermaster needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PY) -m venv .venv

.venv/installed: .venv/bin/python requirements/run.txt pyproject.toml
	@echo "Installing what running needs (once, about a minute) ..."
	@$(PIP) --no-deps -r requirements/run.txt
	@$(PIP) "setuptools>=77"
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/quartermaster prepare
	@touch $@

.venv/installed-dev: .venv/bin/python requirements/dev.txt pyproject.toml
	@echo "Installing what developing needs (once, a few minutes) ..."
	@$(PIP) --no-deps -r requirements/dev.txt
	@$(PIP) "setuptools>=77"
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/quartermaster prepare
	@touch $@ .venv/installed

demo: .venv/installed
	@$(BIN)/quartermaster demo

test: .venv/installed-dev
	@tests/install_browser.sh
	@tests/install_emulate.sh
	@$(BIN)/python -m pytest -n 2 --dist loadfile

lint: .venv/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/quartermaster docs --check

bench: .venv/installed-dev
	@for file in bench/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

# What the encoder learns of customers' words; writes intents/signals/adapter.npz (a quarter of an hour).
train-signals: .venv/installed-dev
	@OMP_NUM_THREADS=1 $(BIN)/python -m intents.signals.train_adapter

lock: .venv/bin/python
	@$(BIN)/python requirements/lock.py

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
