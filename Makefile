# make serve   install what is missing, build model and index, serve on http://127.0.0.1:8000 (PORT=… changes the port)
# make test    the whole suite
# make check   format, lint, types, then the suite
# make bench   how fast it is          make eval   how good it is
# make docs    the documentation as a site, in site/

PYTHON ?= python3
PORT ?= 8000

BIN := .venv/bin
INSTALLED := .venv/installed
TYPED := corpus index search feedback eval web terminal recueil api.py cli.py settings.py

.PHONY: serve test browser lint check bench waits eval docs lock wheel sbom crash clean

serve: $(INSTALLED)
	@$(BIN)/recueil serve --port $(PORT)

test: $(INSTALLED) browser
	$(BIN)/recueil build
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

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

# The documentation as a site that loads nothing from elsewhere: open site/index.html. A link that leads nowhere fails.
docs: $(INSTALLED)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# The stamp is written last: an interrupted installation is taken up again.
$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "recueil needs Python 3.11 or newer: make PYTHON=python3.11 …")'
	@echo 'Installing into .venv: a minute or two …'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --retries 5 -c constraints.txt -e '.[dev,docs,eval,import,mcp,model]'
	@touch $(INSTALLED)

# After a change of pyproject.toml: constraints.txt, the versions of everything, from what is installed; then the hashes of
# what serving needs of it, for a container or whoever installs with --require-hashes.
LOCK := deploy/requirements.lock
lock: $(INSTALLED)
	$(BIN)/python -m pip freeze --exclude-editable --exclude recueil | sed 's/+cpu$$//' > constraints.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --constraint constraints.txt --extra import --output-file $(LOCK) pyproject.toml

# The wheel, the same bytes from the same commit, and what is in it and below it (CycloneDX).
wheel: $(INSTALLED)
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/uv build --quiet --wheel --out-dir dist

sbom: $(INSTALLED)
	@mkdir -p dist
	$(BIN)/uv tool run --from cyclonedx-bom==7.5.0 cyclonedx-py requirements --pyproject pyproject.toml \
	  --output-reproducible --of JSON -o dist/sbom.cdx.json $(LOCK)

# Kills, full disks and flipped bits for an hour; the last line counts them.
crash: $(INSTALLED)
	$(BIN)/python -m tests.crash --seconds 3600

clean:
	rm -rf .venv var build dist site *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
