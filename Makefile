# Bare `make` explains every verb. Nothing is installed outside .venv.

.DEFAULT_GOAL := help
.PHONY: help setup run serve test check page clients browser screens verify soak bench docs clean

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PAGE := src/samruk/station/page/index.html
CLIENTS := .clients/.ready
ARGS ?=

help: ## explain the verbs
	@echo "samruk: will this unmanned-aircraft system complete this mission, and if not, why?"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  Words for the program go in ARGS:  make run ARGS=\"aircraft show anka\""

setup: $(READY) page ## create .venv with the pinned packages (needs Python 3.11 to 3.13)

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

serve: $(READY) page ## three aircraft and three ground stations, live in the browser
	@$(BIN)/samruk serve $(ARGS)

page: ## build the station's page (needs node; without it the rest works)
	@if command -v npm >/dev/null 2>&1; then $(MAKE) -s --no-print-directory $(PAGE); \
	else echo "No npm on the PATH: the station's page is not built; install node 20 or newer, then: make page"; fi

$(PAGE): $(shell find web -type f -not -path '*/node_modules/*' 2>/dev/null)
	@echo "Building the station's page"
	@cd web && npm ci --silent --no-audit --no-fund && npm run --silent build
	@touch $(PAGE)

clients: $(CLIENTS) ## install the MAVLink clients that tests fly with, each by itself in .clients

$(CLIENTS): $(wildcard tests/clients/requirements-*.txt) $(READY)
	@for file in tests/clients/requirements-*.txt; do \
		name=$$(basename $$file .txt); name=$${name#requirements-}; echo "Installing $$name"; \
		$(BIN)/python -m venv .clients/$$name && \
		.clients/$$name/bin/python -m pip install --quiet --disable-pip-version-check --requirement $$file || \
		{ echo "$$name cannot be installed here: flights with it will be skipped"; rm -rf .clients/$$name; }; \
	done
	@mkdir -p .clients && touch $(CLIENTS)

browser: ## install Chromium for the tests in a browser, where this machine lets us
	@if command -v chromium chromium-browser google-chrome >/dev/null 2>&1; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "Installing Chromium"; apt-get update -qq && apt-get install -y -qq chromium >/dev/null 2>&1 || \
		echo "Chromium cannot be installed here: tests in a browser will be skipped"; \
	else echo "No Chromium on the PATH: tests in a browser will be skipped"; fi

test: ## lint, types and every test, in minutes on two cores
	@$(MAKE) --no-print-directory -j3 $(if $(filter output-sync,$(.FEATURES)),-Oline) check clients screens
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

screens: page browser ## the tests of the station's page, in node and in Chromium
	@if [ -d web/node_modules ]; then cd web && npm run --silent check && npm run --silent test; fi

check: $(READY) ## lint and types alone, in seconds
	$(BIN)/ruff check src tests tools benchmarks examples design
	$(BIN)/mypy

verify: $(READY) ## every check against the outside world: authority, figure, limit; then the slow tests
	$(BIN)/samruk verify $(ARGS)
	$(BIN)/python -m pytest -m slow

soak: $(READY) ## a simulated day of three aircraft and three stations, faster than time: memory, heartbeats, records
	$(BIN)/python benchmarks/soak.py $(ARGS)

bench: $(READY) ## measure: rates beside JSBSim, starts, operations by stage, dispersed days
	$(BIN)/samruk bench $(ARGS)
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/dispersed.py
	$(BIN)/python benchmarks/gpu.py

docs: $(READY) ## write the pages that are made from data (a quarter of an hour)
	for page in docs models study gradients handling stories qualify; do $(BIN)/python tools/write_$$page.py || exit 1; done

clean: ## remove what was built, and .venv
	rm -rf $(VENV) .clients web/node_modules src/samruk/station/page build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
