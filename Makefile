# make report   build Wigan's report from the embedded data and print where it is
# make test     run the whole suite on two cores
# make ui       open the Dagster UI on the same home
# make check    format, lint and types
.DEFAULT_GOAL := help
.PHONY: help setup report test ui check seeds

AREA ?= Wigan
SOURCE ?= seeds
JSNA := .venv/bin/jsna

help: ## Say what each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## Install what a build and the tests need
	@.ci/setup

report: setup ## Build AREA (Wigan) from SOURCE (seeds) and print the paths
	@$(JSNA) build "$(AREA)" --source $(SOURCE)

test: setup ## Run the whole test suite, on two cores
	@.venv/bin/pytest -q -n 2 --dist loadfile --no-loadscope-reorder

ui: setup ## Open the Dagster UI on the home that builds use
	@JSNA_SOURCE=$(SOURCE) DAGSTER_HOME="$$($(JSNA) home --source $(SOURCE))" .venv/bin/dagster dev -w workspace.yaml

check: setup ## Format, lint and type-check
	@.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy

seeds: setup ## Write the embedded data again
	@.venv/bin/python -m seeds.generate
