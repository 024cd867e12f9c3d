# Everything needs Python 3.11 to 3.13 and make, and sets up the rest by itself, below this folder. Nothing needs root.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

DATE ?= 2026-03-31
ACCOUNTS ?= 3000
SEED ?= 1
PORT ?= 8080
export MIRRORWATCH_DATA ?= $(CURDIR)/var/data
export MIRRORWATCH_OUT ?= $(CURDIR)/var/out
export MYPY_CACHE_DIR := $(CURDIR)/.cache/mypy
export RUFF_CACHE_DIR := $(CURDIR)/.cache/ruff
READY := .venv/.ready

.PHONY: help
help: ## list what can be made
	@sed -nE 's/^([a-z]+):.*## (.*)$$/  make \1\t\2/p' Makefile | expand -t 20

.PHONY: nightly
nightly: $(READY) var/data/transactions ## run one night on a labelled sample world, through Airflow, and say where its report is
	@.ci/airflow nightly $(DATE)
	@echo
	@.venv/bin/mirrorwatch headline --out $(MIRRORWATCH_OUT) --date $(DATE)
	@echo "What was planted: $(CURDIR)/var/data-labels"

.PHONY: airflow
airflow: $(READY) var/data/transactions ## start Airflow's scheduler and web pages with the DAGs loaded
	@.ci/airflow standalone $(PORT)

.PHONY: test
test: $(READY) ## run all tests
	.venv/bin/pytest -n 2 --dist loadfile $(PYTEST)

.PHONY: lint
lint: $(READY) ## check style
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

.PHONY: types
types: $(READY) ## check types
	.venv/bin/mypy --cache-dir .cache/mypy

.PHONY: clean
clean: ## remove everything that was set up or generated here
	rm -rf .venv .uv .cache var .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): pyproject.toml uv.lock
	@uv=$$(.ci/uv) && echo "Setting up .venv (a few minutes the first time) …" && "$$uv" sync --quiet --frozen --extra airflow
	@touch $@

# A sample world: written aside and moved into place, so that a folder that is there is whole.
var/data/transactions: | $(READY)
	@.venv/bin/mirrorwatch synth --data var/data --date $(DATE) --accounts $(ACCOUNTS) --seed $(SEED) --easy all=1 --force
