# make help tells what there is. Only make and a Python >= 3.11 are needed to begin.
.DEFAULT_GOAL := help
.PHONY: help setup install replay test test-reliability soak long truth lint demo bench coverage reference docs ui packages chromium lock clean

BIN := .venv/bin
PYTHON ?=
UV ?= uv
JOBS ?= 2
LOCKED := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade --quiet

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile

setup: .venv/developing ## make .venv with everything in it, for developing; .venv/bin/aparte is then ready

install: .venv/installed ## make .venv with no more than Aparté needs to run

.venv/developing: requirements-dev.txt pyproject.toml tools/setup.sh
	@PYTHON='$(PYTHON)' tools/setup.sh requirements-dev.txt
	@touch .venv/installed .venv/developing

.venv/installed: requirements.txt pyproject.toml tools/setup.sh
	@PYTHON='$(PYTHON)' tools/setup.sh requirements.txt
	@touch .venv/installed

lint: setup ## style, types, and who may import whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint chromium packages ## everything that must hold: lint, then all tests
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

long: setup chromium ## the long runs: 300,000 messages, 30 kills; the tests of a living server, and of conditions, at full size
	APARTE_LONG=1 $(BIN)/python -m pytest tests/live tests/targeting/conditions tests/truth tests/simulation

truth: setup ## reports against shops whose truth is known: a thousand seeds, sixty daily looks, a simulated shop; draws docs/pictures/truth.png
	APARTE_LONG=1 $(BIN)/python -m pytest tests/truth/test_incrementality_truth.py -raP
	@$(BIN)/python tools/truth.py

test-reliability: setup ## the proofs of reliability at the figures of their promises: kills, cuts, resends, hostile input; ten minutes on two quiet cores
	APARTE_RELIABILITY=1 $(BIN)/python -m pytest tests/reliability tests/hostile -raP -n $(JOBS) --dist loadgroup --no-loadscope-reorder

soak: setup ## the same for hours: 10,000 kills, 20,000 cuts, a million calls
	APARTE_SOAK=1 $(BIN)/python -m pytest tests/reliability tests/hostile -raP -n $(JOBS) --dist loadgroup --no-loadscope-reorder

chromium:
	@tools/chromium.sh

packages: web/node_modules/.installed

web/node_modules/.installed: web/package-lock.json web/package.json web/.npmrc $(wildcard web/*/package.json)
	@if command -v npm >/dev/null; then echo 'packages: installing the packages of the front end'; cd web && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.installed; \
	else echo 'packages: Node.js with npm is missing (version 20 or later); the tests of the front end cannot run' >&2; fi

demo: install ## a shop with visitors and agents, ready to be looked at in the browser
	$(BIN)/aparte demo

replay: install ## replay a recorded stream of real visits through the engine
	@mkdir -p demo-output
	$(BIN)/aparte replay examples/ga360/events.jsonl.gz --campaigns examples/ga360.toml --capacity unlimited --picture demo-output/ga360.svg --decisions-out demo-output/decisions.jsonl

bench: setup ## run the benchmarks and tell which bounds hold
	@$(BIN)/python tools/bench.py

coverage: setup ## write docs/coverage.md: which requirement is shown by which test
	@$(BIN)/python tools/coverage.py

reference: setup ## write what the reference takes from the code: attributes, and what the commands print
	@$(BIN)/python tools/reference.py
	@$(BIN)/python tools/kpis.py
	@$(BIN)/python tools/console.py docs/tutorial.md docs/tutorial-business-case.md docs/tutorial-business-case.fr.md docs/reference/command-line.md

docs: setup ## build the documentation into site/
	$(BIN)/mkdocs build --strict --quiet

ui: packages ## build the front end into src/aparte/static (needs Node.js)
	@command -v npm >/dev/null || { echo 'ui: Node.js with npm is needed (version 20 or later)' >&2; exit 2; }
	cd web && node check.mjs && node build.mjs

lock: ## make requirements*.txt again from pyproject.toml (needs uv)
	@command -v $(UV) >/dev/null || { echo 'lock: uv is needed; install it with: pip install uv' >&2; exit 2; }
	$(UV) pip compile pyproject.toml --extra install $(LOCKED) --output-file requirements.txt
	$(UV) pip compile pyproject.toml --all-extras $(LOCKED) --output-file requirements-dev.txt

clean: ## remove everything that make has made
	rm -rf web/node_modules .venv build dist site demo-output .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis src/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
