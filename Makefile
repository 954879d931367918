# make serve   install what is missing, build model and index, serve on http://127.0.0.1:8000 (PORT=… changes the port)
# make test    the whole suite
# make check   format, lint, types, then the suite
# make bench   how fast it is          make eval   how good it is

PYTHON ?= python3
PORT ?= 8000

BIN := .venv/bin
INSTALLED := .venv/installed
TYPED := corpus index search feedback eval web terminal api.py cli.py settings.py

.PHONY: serve test browser lint check bench waits eval lock clean

serve: $(INSTALLED)
	@$(BIN)/recueil serve --port $(PORT)

test: $(INSTALLED) browser
	$(BIN)/python -m pytest -q

# Chromium, for the tests of the page: installed where that needs no password, else they are left out and say so.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
	  { echo 'Installing Chromium for the tests of the page …'; \
	    SUDO=$$([ "$$(id -u)" = 0 ] || echo 'sudo -n'); \
	    { $$SUDO apt-get update -qq && $$SUDO apt-get install -qq -y --no-install-recommends chromium; } >/dev/null 2>&1; } || \
	  echo 'Chromium could not be installed: apt-get install chromium. The tests of the page are left out.'

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(TYPED)

check: lint test

bench: $(INSTALLED)
	$(BIN)/recueil build
	$(BIN)/recueil bench

# How long people wait for results on the page, in a real browser; a service must be running.
waits: $(INSTALLED)
	$(BIN)/python -m tests.browser.waits http://127.0.0.1:$(PORT)/

eval: $(INSTALLED)
	$(BIN)/recueil build
	$(BIN)/recueil eval --gate

# The stamp is written last: an interrupted installation is taken up again.
$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "recueil needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	@echo 'Installing into .venv: a minute or two …'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --retries 5 -c constraints.txt -e '.[dev,eval,import,model]'
	@touch $(INSTALLED)

# Renew constraints.txt from what is installed, after a change of pyproject.toml.
lock: $(INSTALLED)
	$(BIN)/python -m pip freeze --exclude-editable --exclude recueil | sed 's/+cpu$$//' > constraints.txt

clean:
	rm -rf .venv var build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
