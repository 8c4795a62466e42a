# make run     a notebook of an invented organisation, on http://127.0.0.1:8000
# make test    everything that must hold, on SQLite, on PostgreSQL, behind a proxy and in browsers
# make dev     the same, started anew as one edits; each request says its time and its statements
# make check   style, types, and the tests of what changed since BASE (the last commit unless given)
# make engines the journeys that every phone must manage, on Firefox and on WebKit
# make migration WHAT="books that are lent": what the models have and the tables lack, to be looked through
# make strings the catalogue of translations brought up to date with code and templates
# make lock    the pinned packages, locked again with hashes
# make package one file that installs on a server without a network, with a list of what is inside
# make audit   what is known to be wrong with the pinned packages; asks the network
# make bench   what is measured, as ratios in one run

PYTHON ?= python3
BIN := .venv/bin
RUN := requirements.txt
TEST := requirements.txt requirements-postgres.txt requirements-dev.txt
CATALOGUE := app/translations/ar/LC_MESSAGES/messages.po
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

DAFTAR_DEMO ?= 1
NEXT = $(shell ls app/migrations/versions/0*.py | wc -l | awk '{ printf "%04d", $$1 + 1 }')

BASE ?= HEAD

.PHONY: run dev check test tools style types sqlite postgres served browser engines migration strings lock package audit bench
.DELETE_ON_ERROR:

run: export DAFTAR_DEMO := $(DAFTAR_DEMO)
run: .venv/installed-to-run
ifneq ($(DAFTAR_DEMO),0)
	$(BIN)/flask --app wsgi demo
endif
	$(BIN)/python wsgi.py

dev: export DAFTAR_DEMO := 1
dev: .venv/installed-to-run
	$(BIN)/flask --app wsgi demo
	$(BIN)/flask --app wsgi dev

check: style types
	$(BIN)/pytest -n auto -m "not browser and not served and not engines" $$($(BIN)/python -m tests.changed $(BASE))

test: tools style types sqlite postgres served browser engines

tools: .venv/installed-to-test
	tests/install-tools.sh

style: .venv/installed-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed-to-test
	$(BIN)/mypy

sqlite: .venv/installed-to-test
	$(BIN)/pytest -n auto -m "not browser and not served and not engines"

postgres: .venv/installed-to-test
	DAFTAR_TEST_DATABASE=postgres $(BIN)/pytest -n auto -m "not browser and not served and not engines"

served: .venv/installed-to-test
	$(BIN)/pytest -m served

browser: .venv/installed-to-test
	$(BIN)/pytest -n auto -m browser

engines: .venv/installed-to-test
	$(BIN)/pytest -n auto -m engines

migration: export DAFTAR_DEMO := 1
migration: .venv/installed-to-run
	scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && export DAFTAR_INSTANCE=$$scratch && \
	$(BIN)/flask --app wsgi db upgrade && \
	$(BIN)/flask --app wsgi db migrate --rev-id $(NEXT) --message "$(WHAT)"

strings: .venv/installed-to-test
	pot=$$(mktemp) && trap 'rm -f "$$pot"' EXIT && \
	$(BIN)/pybabel --quiet extract --mapping-file=babel.cfg --keywords="_n:1,2" --no-location \
		--no-wrap --sort-output --project=Daftar --output-file="$$pot" . && \
	$(BIN)/pybabel --quiet update --input-file="$$pot" --output-file=$(CATALOGUE) --locale=ar \
		--no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date

lock: .venv/installed-to-test
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) requirements-postgres.in --output-file requirements-postgres.txt
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt
	$(COMPILE) requirements-package.in --output-file requirements-package.txt

package: .venv-package/installed
	deploy/package.sh .venv-package/bin

audit: .venv-package/installed
	.venv-package/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.txt -r requirements-postgres.txt

bench: .venv/installed-to-test
	$(BIN)/python -m bench

.venv-package/installed: requirements-package.txt
	$(PYTHON) -m venv .venv-package
	.venv-package/bin/pip install --quiet --require-hashes -r requirements-package.txt
	touch $@

.venv/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	$(PYTHON) -m venv .venv

.venv/installed-to-run: $(RUN) | .venv/bin/pip
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	touch $@

.venv/installed-to-test: $(TEST) | .venv/bin/pip
	$(BIN)/pip install --quiet --require-hashes $(addprefix -r ,$(TEST))
	touch $@ .venv/installed-to-run
