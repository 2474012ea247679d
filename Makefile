# One target per thing that people do. `make run` and `make test` do all the set-up that they need.
PORT ?= 8501
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
TEST_READY := $(VENV)/.ready-test

.PHONY: help run test tests check soak explore test-tools demo bench form lint shots sheets images docs lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(READY): requirements.lock
	sh .ci/python $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	touch $@

$(TEST_READY): requirements-test.txt requirements-lake.txt $(READY)
	$(PY) -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-test.txt
	touch $@

run: $(READY) ## install and open the dashboard with sample data at http://localhost:8501
	PMQA_DEMO=1 $(PY) -m pmqa serve --port $(PORT)

test: ## install what tests need and run everything
	sh .ci/python $(VENV)
	$(MAKE) -j2 --no-print-directory $(TEST_READY) test-tools  # waiting for the network, twice at once
	$(MAKE) -j2 --no-print-directory lint tests

tests: $(TEST_READY)
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder  # in the order of tests/conftest.py

check: $(TEST_READY) lint ## lint, types and the fast tests
	$(PY) -m pytest -n 2 -m "not slow and not browser"

soak: $(TEST_READY) ## 100 kills, 20 full disks, backups beside 50 forms; SOAK="KILLS DISKS FORMS SEED" for others
	PYTHONPATH=.:tests $(PY) tests/soak.py $(SOAK)
	PYTHONPATH=.:tests $(PY) tests/soak_lake.py $(SOAK_LAKE)

explore: $(TEST_READY) ## the property tests on many new random cases; a failure found here becomes an @example
	$(PY) -m pytest -n 2 -m hypothesis --hypothesis-profile explore

lint: $(TEST_READY) ## style and types
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

test-tools: ## Chromium, LibreOffice, poppler, nginx, PostgreSQL and Thai fonts from the system's packages, where they are missing
	sh .ci/tools

demo: $(READY) ## fill the database with sample agencies
	$(PY) -m pmqa demo

form: $(READY) ## the blank form, as build/form.xlsx
	mkdir -p build
	$(PY) -m pmqa form build/form.xlsx

bench: $(TEST_READY) ## every benchmark; each prints ratios measured in one run
	for script in benchmarks/*.py; do echo "== $$script"; $(PY) -m benchmarks.$$(basename $$script .py) || exit 1; done

shots: $(TEST_READY) test-tools ## pictures of every page to look at, into build/shots; SHOTS="--data 24 --language th" for some
	PYTHONPATH=. $(PY) tests/browser/shots.py $(SHOTS)

sheets: $(TEST_READY) test-tools ## contact sheets of every slide, page and picture that is presented, into build/sheets; SHEETS="--what agency --language en" for some, SHEETS=--images for those of docs/files.md
	PYTHONPATH=. $(PY) tests/sheets.py $(SHEETS)

images: $(TEST_READY) test-tools ## the pictures of the README and of the user guide, into docs/images and static/guide
	PYTHONPATH=. $(PY) tests/browser/shots.py --images

docs: $(READY) ## docs/findings.md, from the catalogue of findings, docs/guide*.md, and docs/licences.md, of what is installed
	$(PY) -m pmqa.workbook.catalogue > docs/findings.md
	$(PY) -m pmqa.views.guide th > docs/guide.md
	$(PY) -m pmqa.views.guide en > docs/guide.en.md
	$(PY) .ci/licences.py > docs/licences.md

LOCKED := --universal --generate-hashes --python-version 3.11 --no-annotate --custom-compile-command "make lock" --quiet
lock: $(TEST_READY) ## requirements.lock and requirements-lake.lock, with hashes of every package for every system
	$(PY) -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(VENV)/bin/uv pip compile requirements.txt $(LOCKED) --output-file requirements.lock
	$(VENV)/bin/uv pip compile requirements-lake.txt --constraints requirements.lock $(LOCKED) --output-file requirements-lake.lock

clean: ## forget what was built; the database stays
	rm -rf build $(VENV) .pytest_cache .mypy_cache .ruff_cache
