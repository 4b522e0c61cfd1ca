# Two commands do all on a fresh machine: `make demo` and `make test`. The rest is for people who build.
SHELL := /bin/sh
PY := .venv/bin/python
PORT ?= 8000
# Order and chance of the tests: the same each time; another order is `make test SEED=$$RANDOM`.
SEED ?= 20261120
TEST_ENV := QA_IGNORE_ENV=1 SECRET_KEY=tests-only
.PHONY: demo demo-reset test check e2e bench lock messages setup setup-dev clean

demo: setup .env
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py collectstatic --noinput --verbosity 0
	@$(PY) manage.py demo
	@echo "The portal is at http://127.0.0.1:$(PORT) - Ctrl-C stops it."
	@PORT=$(PORT) $(PY) deploy/serve.py

demo-reset:
	rm -rf var
	@echo "The demo's data is gone; the next 'make demo' starts anew."

# With DATABASE_URL and REDIS_URL set: PostgreSQL and Redis, and with them the tests marked postgres and slow.
test: setup-dev
	@if [ -n "$$DATABASE_URL" ]; then marks="not e2e"; else marks="not e2e and not postgres and not slow"; fi; \
	  QA_IGNORE_ENV=1 $(PY) -m pytest -n auto --dist loadfile --randomly-seed=$(SEED) -m "$$marks" $(ARGS)

check: setup-dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint --quiet
	$(TEST_ENV) DEBUG=1 $(PY) manage.py makemigrations --check --dry-run
	QA_IGNORE_ENV=1 SECRET_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(60))") SITE_URL=https://example.org \
	  $(PY) manage.py check --deploy --fail-level WARNING
	$(PY) deploy/translations.py --check
	$(TEST_ENV) DEBUG=1 $(PY) manage.py spectacular --validate --fail-on-warn --file /dev/null
	$(MAKE) test

e2e: setup-dev
	@deploy/system.sh browser
	QA_IGNORE_ENV=1 $(PY) -m pytest tests/e2e -m e2e -n0 -p no:randomly $(ARGS)

bench: setup-dev
	QA_IGNORE_ENV=1 $(PY) -m bench $(ARGS)

# -- set-up: each step runs only when what it is made of has changed ------------------------------
setup: var/.setup
	@deploy/system.sh pdf
	@$(PY) deploy/messages.py

setup-dev: var/.setup-dev
	@deploy/system.sh pdf
	@$(PY) deploy/messages.py

.venv/bin/python:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	python3 -m venv .venv

var/.setup: .venv/bin/python requirements.txt requirements-node.txt package-lock.json static/icons.txt deploy/frontend.py
	@mkdir -p var
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@command -v npm >/dev/null || .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.txt
	$(PY) deploy/frontend.py
	@touch $@

var/.setup-dev: var/.setup requirements-dev.txt
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.env:
	@PORT=$(PORT) $(PY) deploy/dotenv.py

# The lock: needs uv on the machine; everybody else installs from the files it writes.
lock:
	UV_SYSTEM_CERTS=true UV_PYTHON_DOWNLOADS=never uv lock
	uv export -q --no-emit-project --no-dev --no-header --no-annotate -o requirements.txt
	uv export -q --no-emit-project --no-header --no-annotate -o requirements-dev.txt
	uv export -q --only-group node --no-header --no-annotate -o requirements-node.txt

messages:
	$(PY) deploy/translations.py --collect

clean:
	rm -rf .venv var node_modules static/vendor
