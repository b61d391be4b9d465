# Bare `make` explains every verb. Nothing is installed outside .venv.

.DEFAULT_GOAL := help
.PHONY: help setup run test check verify bench docs clean

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=

help: ## explain the verbs
	@echo "samruk: will this unmanned-aircraft system complete this mission, and if not, why?"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  Words for the program go in ARGS:  make run ARGS=\"aircraft show anka\""

setup: $(READY) ## create .venv with the pinned packages (needs Python 3.11 to 3.13)

$(READY): requirements.lock pyproject.toml
	@python=$$(for name in python3.11 python3.12 python3.13 python3 python; do \
		$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$name && break; \
	done); \
	test -n "$$python" || { echo "samruk needs Python 3.11, 3.12 or 3.13; none was found on the PATH." >&2; exit 1; }; \
	test -x $(BIN)/python || { echo "Creating $(VENV) with $$python"; $$python -m venv $(VENV); }
	@echo "Installing the pinned packages"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

run: $(READY) ## fly the first story, or what ARGS says
	@$(BIN)/samruk $(ARGS)

test: check ## lint, types and every test, in minutes on two cores
	$(BIN)/python -m pytest -n auto --dist loadfile

check: $(READY) ## lint and types alone, in seconds
	$(BIN)/ruff check src tests tools benchmarks examples design
	$(BIN)/mypy

verify: $(READY) ## every check against the outside world: authority, figure, limit; then the slow tests
	$(BIN)/samruk verify $(ARGS)
	$(BIN)/python -m pytest -m slow

bench: $(READY) ## measure: rates beside JSBSim, starts, operations by stage, dispersed days
	$(BIN)/samruk bench $(ARGS)
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/dispersed.py
	$(BIN)/python benchmarks/gpu.py

docs: $(READY) ## write the pages that are made from data (a quarter of an hour)
	for page in docs models study gradients handling stories qualify; do $(BIN)/python tools/write_$$page.py || exit 1; done

clean: ## remove what was built, and .venv
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
