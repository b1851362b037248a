# Holdfast. On a fresh machine: Python >= 3.11 and make; everything else comes from the lock files.
#   make demo    run the shipped plan and print its verdict        make check   formatting, lint, types, contracts
#   make test    the tests, with the coverage gate                 make bench   measured speeds
#   make test-slow  the tests that take minutes                    make docs    write docs/reference anew
#   make lock    resolve the dependencies anew                     make clean   remove what make made

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
SCRIPTS := Scripts
else
BIN := $(VENV)/bin
SCRIPTS := bin
endif

# Compiled kernels are kept beside the environment: the second call starts at once.
export NUMBA_CACHE_DIR ?= $(abspath $(VENV))/numba-cache
export PIP_DISABLE_PIP_VERSION_CHECK := 1

PIP := $(BIN)/python -m pip --quiet
PYTEST := $(BIN)/python -m coverage run -m pytest -q -n $(WORKERS)
SOURCES := $(shell find src -type f -not -path '*/__pycache__/*' -not -path '*.egg-info/*')

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow check bench lock docs clean
.PHONY: check-format check-lint check-types check-contracts check-docs
.DELETE_ON_ERROR:
.NOTPARALLEL:

help:
	@sed -n '/^#/!q;s/^# *//p' Makefile

# ---- the environment -------------------------------------------------------------------------------------------

# Before anything else: a Python that is there, is new enough and can make an environment.
$(VENV)/.python:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo "make: '$(PYTHON)' was not found. Install Python 3.11 or later, or name one: make demo PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make: '$(PYTHON)' is `"$(PYTHON)" --version 2>&1`; Holdfast needs 3.11 or later: make demo PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "make: '$(PYTHON)' cannot make environments. Install its venv module (Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; }
	"$(PYTHON)" -m venv "$(VENV)"
	@touch $@

$(VENV)/.runtime: $(VENV)/.python requirements.lock
	$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	@touch $@

$(VENV)/.tools: $(VENV)/.python requirements-dev.lock
	$(PIP) install --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@ $(VENV)/.runtime

# build/ keeps files that src/ has lost; it must not reach the installed package.
$(VENV)/.package: $(VENV)/.runtime pyproject.toml README.md $(SOURCES)
	@rm -rf build
	$(PIP) install --no-deps --no-build-isolation --force-reinstall .
	@rm -rf build
	@touch $@

# ---- what people ask for ---------------------------------------------------------------------------------------

# In a folder of its own: the demo leaves a plan and its results there.
demo: $(VENV)/.package
	@mkdir -p demo
	cd demo && "$(abspath $(BIN))/holdfast" demo

# Two passes: what has kernels, interpreted, because coverage cannot see inside compiled code; then everything, compiled,
# against the slow twins. The gate reads both.
KERNELS := $(wildcard src/holdfast/analyses/*/kernels.py)
INTERPRETED := $(wildcard tests/engine $(patsubst src/holdfast/analyses/%/kernels.py,tests/analyses/%,$(KERNELS)))

test: $(VENV)/.tools $(VENV)/.package
	@rm -f .coverage .coverage.*
	NUMBA_DISABLE_JIT=1 $(PYTEST) -m "not slow and not jit" $(INTERPRETED)
	$(PYTEST) -m "not slow"
	@$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

test-slow: $(VENV)/.tools $(VENV)/.package
	$(BIN)/python -m pytest -q -m slow

# One target each, so that `make --keep-going check` shows them all.
check: check-format check-lint check-types check-contracts check-docs

check-format: $(VENV)/.tools
	$(BIN)/python -m ruff format --check --quiet .

check-lint: $(VENV)/.tools
	$(BIN)/python -m ruff check --quiet .

check-types: $(VENV)/.tools
	$(BIN)/python -m mypy

check-contracts: $(VENV)/.tools
	PYTHONPATH=src $(BIN)/lint-imports

check-docs: $(VENV)/.tools $(VENV)/.package
	$(BIN)/python tools/reference.py --check

bench: $(VENV)/.tools $(VENV)/.package
	@set -e; for script in benchmarks/*.py; do echo "$$script"; $(BIN)/python "$$script"; done

docs: $(VENV)/.tools $(VENV)/.package
	$(BIN)/python tools/reference.py

# The resolver lives in an environment of its own, made and removed here. One version of each package serves every
# Python (fork strategy "fewest"): the same plan gives the same numbers on all of them.
RESOLVE = pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-build \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-config --upgrade pyproject.toml requirements.in

lock:
	@set -e; folder=`mktemp -d`; trap 'rm -rf "$$folder"' EXIT; \
	"$(PYTHON)" -m venv "$$folder"; "$$folder/$(SCRIPTS)/python" -m pip --quiet install uv; \
	"$$folder/$(SCRIPTS)/uv" $(RESOLVE) --output-file requirements.lock; \
	"$$folder/$(SCRIPTS)/uv" $(RESOLVE) requirements-dev.in --constraints requirements.lock --output-file requirements-dev.lock
	@echo "requirements.lock and requirements-dev.lock are written; read the difference before committing it"

clean:
	rm -rf $(VENV) build dist .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf src/*.egg-info
