# make demo   an OctoPrint with the plugin, to try it out
# make test   everything: lint, unit tests, browser tests
# Both need nothing but Debian, Python 3 and make; the rest they fetch themselves, below .cache and .venv.

PYTHON ?= python3
PORT ?= 5000
OCTOPRINT_VERSION ?= 1.11.8

DEMO := .cache/octoprint-$(OCTOPRINT_VERSION)
RUN := .venv/bin/python

export PYTHON OCTOPRINT_VERSION

.PHONY: help demo test lint unit browser screenshots translations translation wheel clean

help:
	@sed -n 's/^# make/make/p' Makefile

# make demo PORT=5001   the same on another port
demo: .venv/.ready
	@$(RUN) -m scripts.demo --port $(PORT) --octoprint $(OCTOPRINT_VERSION)

test: lint unit browser

lint: .venv/.ready
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

unit: .venv/.ready
	$(RUN) -m pytest tests/unit

# make browser OCTOPRINT_VERSION=2.0.0rc7   the browser tests with another OctoPrint
browser: .venv/.ready
	$(RUN) -m tests.octoprint.prepare $(OCTOPRINT_VERSION)
	$(RUN) -m pytest tests/browser

# make screenshots   the pictures of README and docs, taken from the running plugin
screenshots: .venv/.ready
	$(RUN) -m scripts.screenshots

# make translations   extract the messages, update and compile every catalog
translations: .venv/.ready
	$(RUN) -m scripts.translations

# make translation LOCALE=xx   start the catalog of a new language
translation: .venv/.ready
	$(RUN) -m scripts.translations $(LOCALE)

# make wheel   build what is published, into .cache/wheel
wheel: .venv/.ready
	$(RUN) -m tests.octoprint.wheel

# make clean   forget everything that was fetched or built
clean:
	rm -rf .cache .venv .pytest_cache .ruff_cache

.venv/.ready: requirements-dev.txt scripts/venv
	@echo "Setting up .venv"
	@scripts/venv .venv
	@.venv/bin/pip install --quiet -r requirements-dev.txt
	@touch $@
