# make close is all a new checkout needs: it installs the pinned packages into .venv, loads the demo company and closes
# its books. Nothing outside the checkout is written: packages in .venv and .tools, state in .revrec, artefacts in target.
#
# Pins live in pyproject.toml; `make lock` writes both lock files with:
#   uv pip compile pyproject.toml --group dev --python-version 3.11 --generate-hashes --no-emit-index-url \
#       --no-annotate --no-header -o requirements-dev.lock
#   the same without the group and with -c requirements-dev.lock, -o requirements.lock
# What runs another engine in the tests is locked apart: tests/portability/engines/*.in and *.lock.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help install close demo-close test portability lint bench dagster docs lock clean

PYTHON := .venv/bin/python
export DAGSTER_HOME := $(CURDIR)/.revrec/dagster
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo .tools/uv/bin/uv)
COMPILE := $(UV) pip compile pyproject.toml --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

install: .venv/.requirements.lock ## the pinned packages, in .venv

.venv/.%.lock: %.lock
	@bin/bootstrap $<

close: install ## load the demo company, build, check; ends with drafts and a summary
	@bin/revrec run --demo

demo-close: install ## close half a year of a small company, month by month, every command shown
	@PYTHONPATH=.:tests $(PYTHON) -m close.half_year

test: .venv/.requirements-dev.lock ## every test, linters included; ends with pytest's figures
	@$(PYTHON) -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

portability: .venv/.requirements-dev.lock ## only what other engines run: Postgres, Spark, Snowflake's dialect; ends with what was compared
	@$(PYTHON) -m pytest -q -rsP tests/portability/test_*_equals_duckdb.py

lint: .venv/.requirements-dev.lock ## only ruff, sqlfluff and the rules of the house
	@$(PYTHON) -m pytest -q tests/project/test_style.py tests/project/test_layers.py

bench: .venv/.requirements-dev.lock ## time the books of a generated company; BENCH="--obligations 100000", BENCH=--suite for the whole table
	@$(PYTHON) -m benchmarks.run $(BENCH)

dagster: install ## the pipeline as a graph of assets on http://127.0.0.1:3000
	@mkdir -p $(DAGSTER_HOME) && cp orchestration/dagster.yaml $(DAGSTER_HOME)/dagster.yaml
	@PYTHONWARNINGS=ignore exec $(PYTHON) -m dagster dev --module-name orchestration.definitions --host 127.0.0.1 --port 3000

docs: install ## every table described, on http://127.0.0.1:8080
	@exec $(PYTHON) -m orchestration.docs

lock: ## re-lock after a change of pyproject.toml
	@$(COMPILE) --group dev -o requirements-dev.lock --quiet
	@$(COMPILE) -c requirements-dev.lock -o requirements.lock --quiet
	@for engine in spark snowflake; do \
		$(subst pyproject.toml,tests/portability/engines/$$engine.in,$(COMPILE)) -o tests/portability/engines/$$engine.lock --quiet; \
	done
	@echo "locked $$(grep -c == requirements.lock) packages, $$(grep -c == requirements-dev.lock) with the development tools"

clean: ## remove what can be rebuilt; the books in .revrec/*.duckdb stay
	@rm -rf .venv .tools target logs .pytest_cache .ruff_cache .hypothesis
	@find .revrec -mindepth 1 -maxdepth 1 ! -name '*.duckdb*' -exec rm -rf {} + 2>/dev/null || true
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "clean; kept: $$(ls .revrec/*.duckdb 2>/dev/null || echo 'no database')"
