# Two commands: `make run` (the main job, on this machine alone) and `make test` (everything that proves it).
PORT ?= 8080
STATE ?= .circulation
PYTHON ?= python3
# The Python that Lambda has; pyenv may have it aside, and its shims may not run.
LAMBDA_PYTHON ?= $(firstword $(shell for python in python3.13 $(HOME)/.pyenv/versions/3.13.*/bin/python; \
	do $$python --version >/dev/null 2>&1 && command -v $$python; done))
BENCH_PYTHON ?= $(or $(LAMBDA_PYTHON),$(PYTHON))

BIN := .venv/bin
UV := .venv-uv/bin/uv
# Into the environment $(1) what $(2) says: by uv, which asks for many packages at once and keeps the wheels for the next environment;
# by pip, which takes ten times as long, where there is no uv for a machine or only pip's own settings name an index.
PIP_INSTALL = $(1)/bin/python -m pip install --quiet --disable-pip-version-check $(2)
INSTALL = $(UV) pip install --quiet --python $(1)/bin/python $(2) || $(PIP_INSTALL)
# Exactly what locks/$(1).txt names, by its hashes. A lock is complete: pip, if it resolved again, would refuse what another
# package asks for with an extra.
LOCKED = --require-hashes --no-deps --requirement locks/$(1).txt
# And then this project itself.
define install
$(call INSTALL,$(1),$(call LOCKED,$(2)))
$(call INSTALL,$(1),--no-deps --no-build-isolation --editable .)
endef

# Where this is set, every process compiles the project, and pytest all tests, anew.
unexport PYTHONDONTWRITEBYTECODE
# Sets have one order, so that a seed makes the same simulated world in every process.
export PYTHONHASHSEED ?= 0

.PHONY: run test lint types imports template unit lambda-python deployment browser readers simulation load layer \
	moving-in widget api lists bench coverage lock clean

# With DEMO=1, a new state is first filled with a made-up year of articles and readers.
run: .venv/.run
	@$(if $(DEMO),$(BIN)/circulation demo --story --port $(PORT) --state $(STATE))
	@exec $(BIN)/circulation serve --port $(PORT) --state $(STATE)

test: lint types imports template unit deployment browser

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell .

# For the oldest Python that it runs on, which pyproject.toml names, and for Lambda's.
types: .venv/.test
	$(BIN)/mypy
	$(BIN)/mypy --python-version 3.13

imports: .venv/.test
	$(BIN)/lint-imports

# sam validate transforms the template as CloudFormation would; it needs a region's name, not an account.
template: .venv/.test .venv-sam/.installed
	$(BIN)/cfn-lint template.yaml
	SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam validate --lint --region eu-central-1 --template template.yaml

# Tests that share a stack stay together, by a mark that tests/conftest.py gives them; the others fill the gaps.
unit: .venv/.test
	$(BIN)/pytest --numprocesses auto --dist loadgroup --ignore tests/browser --ignore tests/readers \
		--ignore tests/deployment

# The package's own tests and the functions' once more, on the Python of the functions; .ci/run takes SKIPPED for a failure.
# Those in memory: on moto it is the calls that are tested, which are the same on each Python, and `make deployment` makes
# them from this one. In one process: there are other legs for the other cores. A property has fewer examples (tests/conftest.py),
# and what ONE_PYTHON names is not repeated: it reads source, or counts what our own code reads, writes or repeats, by rules that
# know nothing of Python, and takes half of the time.
ONE_PYTHON = $(addprefix --ignore=tests/, unit/test_architecture.py unit/test_linear_time.py unit/test_names.py unit/test_public_seams.py \
	functions/test_permissions.py) $(addprefix --deselect=tests/, \
	functions/test_read_units.py::test_no_request_reads_or_answers_more_than_is_written_beside \
	integration/articles/test_bounds.py::test_ten_thousand_articles_to_come_break_no_publishing_and_come \
	unit/articles/test_nesting.py::test_markup_that_is_let_through_does_not_grow)

lambda-python: $(if $(LAMBDA_PYTHON),.venv-3.13/.installed)
	@if [ -z "$(LAMBDA_PYTHON)" ]; then \
		echo "SKIPPED: tests on Lambda's Python, without python3.13 (pyenv install 3.13 has it too)"; \
	else \
		.venv-3.13/bin/pytest -m "not moto" --hypothesis-profile second-python $(ONE_PYTHON) tests/unit tests/integration tests/functions; \
	fi

# Which lines and branches of the package and the functions no test of theirs in this process runs; no bound that fails.
coverage: .venv/.test
	$(BIN)/coverage run --module pytest tests/unit tests/integration tests/functions
	$(BIN)/coverage report

# The way of deploying in docs/deploying.md, to an emulator, and every function from its package as Lambda runs it.
deployment: .venv/.test .venv-sam/.installed
	@if [ -z "$(LAMBDA_PYTHON)" ]; then \
		echo "SKIPPED: deployment tests, without python3.13 (the functions' own; pyenv install 3.13 has it too)"; \
	else \
		LAMBDA_PYTHON="$(LAMBDA_PYTHON)" $(BIN)/pytest tests/deployment; \
	fi

# .ci/run installs what this needs and takes a line that begins with SKIPPED for a failure.
browser: .venv/.test
	@for tool in chromium chromedriver npm; do command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	if [ -n "$$missing" ]; then \
		echo "SKIPPED: browser tests, without$$missing (apt-get install chromium chromium-driver nodejs npm)"; \
	else \
		$(MAKE) --no-print-directory $(addsuffix /node_modules/.package-lock.json,widget tests/browser/libraries) && \
		$(BIN)/pytest --numprocesses auto --dist worksteal tests/browser; \
	fi

# A million views and a million mails in worlds in which everything goes wrong; .ci/run runs a part of it after the tests.
simulation: .venv/.test
	$(BIN)/python -m tests.simulation $(OPTIONS)

# Readers and publishers against the local stack while its parts are killed; OPTIONS=--help says what can be chosen.
load: .venv/.test
	$(BIN)/python -m bench.load $(OPTIONS)

# Real readers of feeds; needs newsboat, node and npm, which .ci/run installs.
readers: .venv/.test $(addsuffix /node_modules/.package-lock.json,tests/readers bench/moving_in)
	$(BIN)/pytest tests/readers

# What a stack makes of the exports, feeds and pages in FOLDER (docs/moving-in.md); needs node and npm.
moving-in: .venv/.test bench/moving_in/node_modules/.package-lock.json
	$(BIN)/python -m bench.moving_in $(FOLDER) $(OPTIONS)

%/node_modules/.package-lock.json: %/package-lock.json
	npm ci --prefix $* --no-audit --no-fund
	@touch $@

# The layer for Lambda (python3.13, arm64) from any host; `sam build` runs the same Makefile.
layer: .venv/bin/python
	rm -rf build/layer
	$(MAKE) --directory layers/circulation build-CirculationLayer ARTIFACTS_DIR=$(CURDIR)/build/layer \
		PIP="$(CURDIR)/$(BIN)/python -m pip"

# The scripts for a site's pages, from widget/ with esbuild, into the package that serves them. A build that
# was deployed stays: pages may name it.
widget: widget/node_modules/.package-lock.json
	npm run --silent --prefix widget build

# docs/api.md and what GET /openapi.json answers, from docs/openapi.yaml.
api: .venv/.test
	$(BIN)/python -m contract.write

# The lists of bots and of referrer spammers, from npm; needs node and npm, and writes circulation/data.
lists: .venv/.test
	$(BIN)/python -m lists.refresh

# Speed and cost beside what a user would write instead, kept in bench/results.md; ONLY=name runs one of them.
bench: .venv-bench/.installed
	.venv-bench/bin/python -m bench $(ONLY)

# Resolve what pyproject.toml asks for into locks/, for every platform and Python; a pin that still fits stays, or the newest is
# taken with OPTIONS=--upgrade. What Lambda has is what is tested.
LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate $(OPTIONS)

lock: .venv-uv/.installed
	$(LOCK) pyproject.toml --extra serve --group test --constraint layers/circulation/requirements.txt --output-file locks/test.txt
	$(LOCK) pyproject.toml --extra serve --group build --constraint locks/test.txt --output-file locks/run.txt
	$(LOCK) pyproject.toml --extra serve --group bench --constraint locks/test.txt --output-file locks/bench.txt
	$(LOCK) --group sam --output-file locks/sam.txt
	$(LOCK) --group uv --output-file locks/uv.txt

clean:
	rm -rf .venv .venv-3.13 .venv-bench .venv-sam .venv-uv build bench/moving_in/node_modules tests/browser/libraries/node_modules tests/readers/node_modules widget/node_modules .aws-sam .coverage .mypy_cache .ruff_cache .pytest_cache

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/python .venv-uv/.installed pyproject.toml locks/run.txt
	@echo "Installing what make run needs into .venv, once: this takes up to a minute."
	@$(call install,.venv,run)
	@touch $@

.venv/.test: .venv/bin/python .venv-uv/.installed pyproject.toml locks/test.txt
	$(call install,.venv,test)
	@touch $@ .venv/.run

.venv-3.13/.installed: .venv-uv/.installed pyproject.toml locks/test.txt
	$(LAMBDA_PYTHON) -m venv .venv-3.13
	$(call install,.venv-3.13,test)
	@touch $@

.venv-sam/.installed: .venv-uv/.installed locks/sam.txt
	$(PYTHON) -m venv .venv-sam
	$(call INSTALL,.venv-sam,$(call LOCKED,sam))
	@touch $@

.venv-bench/.installed: .venv-uv/.installed pyproject.toml locks/bench.txt
	$(BENCH_PYTHON) -m venv .venv-bench
	$(call install,.venv-bench,bench)
	@touch $@

# Without uv it is as good: see INSTALL. Only `make lock` needs it.
.venv-uv/.installed: locks/uv.txt
	$(PYTHON) -m venv .venv-uv
	$(call PIP_INSTALL,.venv-uv,$(call LOCKED,uv)) || echo "There is no uv here; pip installs the rest."
	@touch $@
