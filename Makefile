# Two commands for people: `make run` starts the playground, `make test` tests it. Python ≥ 3.11 is all
# they need. The plain pip equivalents stand in README.md.

HOST ?= 127.0.0.1
PORT ?= 8000

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt
ARITHMETIC := tests/unit tests/reference tests/contract
INSTALLS := pyproject.toml constraints.txt .ci/vendor.lock.json

.NOTPARALLEL:
.PHONY: help run test test-python test-js lint bench prove load chaos clean

help:
	@echo "make run    install what is needed, start the playground (HOST=$(HOST) PORT=$(PORT))"
	@echo "make test   install what the tests need, a browser included, and run the whole suite"
	@echo "make lint   every static check"
	@echo "make bench  speed beside a textbook loop, and beside PEERS=\"torch jax numba\""
	@echo "make prove  the long proofs, by hand before a release"
	@echo "make load   crowds of viewers: promised and measured (a part of make prove)"
	@echo "make chaos  kills, faults and lies (a part of make prove)"
	@echo "make clean  remove what these commands made"

run: $(VENV)/.installed static/vendor
	@exec $(BIN)/backprop-playground serve --host $(HOST) --port $(PORT)

test: $(VENV)/.installed-test static/vendor
	@$(BIN)/python .ci/browser.py
	@status=0; \
	$(MAKE) --no-print-directory test-js || status=1; \
	$(MAKE) --no-print-directory test-python || status=1; \
	exit $$status

# Arithmetic on all cores; then what talks to a server and watches the clock, alone. A test that fails is
# tried once more and listed as RERUN: a busy machine can starve a browser. RERUNS=0 is strict.
RERUNS ?= 1
RETRY := --reruns $(RERUNS) -r fER

test-python: $(VENV)/.installed-test
	@status=0; \
	$(BIN)/python -m pytest -q $(RETRY) -n auto --dist worksteal $(ARITHMETIC) || status=1; \
	$(BIN)/python -m pytest $(RETRY) tests/protocol tests/e2e || status=1; \
	exit $$status

test-js: $(VENV)/.installed-test
	$(BIN)/python .ci/js_checks.py

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/js_checks.py --types

# Peers that can be installed take part: make bench PEERS="torch jax numba" (scikit-learn always does).
bench:
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --disable-pip-version-check --quiet -c constraints.txt -e . $(PEERS)
	@.venv-bench/bin/python tests/benchmarks/compare.py

prove: $(VENV)/.installed-test static/vendor
	@$(BIN)/python .ci/browser.py
	$(BIN)/python -m pytest tests/prove

# Loopback only, bounded in count and time. PROVE_STALLED_SECONDS=600 for the ten minutes of a release.
load: $(VENV)/.installed-test
	$(BIN)/python -m pytest -q -s tests/prove/load

# PROVE_KILLS=200 before a release.
chaos: $(VENV)/.installed-test
	$(BIN)/python -m pytest -q -s tests/prove/chaos

clean:
	rm -rf $(VENV) .venv-bench static/vendor tests/js/node_modules tests/js/generated dist build

# Third-party browser files come with every installation; this brings them back if they were removed.
static/vendor:
	$(PIP) --no-deps -e .

$(VENV)/.installed: $(INSTALLS) | $(BIN)/python
	@echo "Installing Backprop Playground (the first time takes a minute) …"
	@$(PIP) -e .
	@touch $@

$(VENV)/.installed-test: $(INSTALLS) | $(BIN)/python
	@echo "Installing Backprop Playground and its tests …"
	@$(PIP) -e '.[test,lint]'
	@touch $@ $(VENV)/.installed

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) can't make a virtual environment; Debian, Ubuntu: apt install python3-venv" >&2; \
		exit 1; }
