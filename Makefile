# Two commands: `make run` (the main job, on this machine alone) and `make test` (everything that proves it).
PORT ?= 8080
STATE ?= .circulation
PYTHON ?= python3

PINS := pyproject.toml constraints.txt layers/circulation/requirements.txt
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: run test lint types imports template unit browser layer lock clean

run: .venv/.run
	@exec $(BIN)/circulation serve --port $(PORT) --state $(STATE)

test: lint types imports template unit browser

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.test
	$(BIN)/mypy

imports: .venv/.test
	$(BIN)/lint-imports

# sam validate transforms the template as CloudFormation would; it needs a region's name, not an account.
template: .venv/.test .venv-sam/.installed
	$(BIN)/cfn-lint template.yaml
	SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam validate --lint --region eu-central-1 --template template.yaml

unit: .venv/.test
	$(BIN)/pytest --ignore tests/browser

# .ci/run installs Chromium and takes a line that begins with SKIPPED for a failure.
browser: .venv/.test
	@if command -v chromium >/dev/null; then $(BIN)/pytest tests/browser; \
	else echo "SKIPPED: browser tests (no chromium: apt-get install chromium)"; fi

# The layer for Lambda (python3.13, arm64) from any host; `sam build` runs the same Makefile.
layer: .venv/bin/python
	rm -rf build/layer
	$(MAKE) --directory layers/circulation build-CirculationLayer ARTIFACTS_DIR=$(CURDIR)/build/layer \
		PIP="$(CURDIR)/$(BIN)/python -m pip"

# Pin everything that was installed, after a change of a direct pin.
lock: .venv/.test
	$(BIN)/python -m pip install --quiet --upgrade --editable '.[local,test]'
	$(BIN)/python -m pip freeze --exclude-editable > constraints.txt

clean:
	rm -rf .venv .venv-sam build .aws-sam .mypy_cache .ruff_cache .pytest_cache

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/python $(PINS)
	$(INSTALL) --editable '.[local]'
	@touch $@

.venv/.test: .venv/bin/python $(PINS)
	$(INSTALL) --editable '.[local,test]'
	@touch $@ .venv/.run

.venv-sam/.installed: requirements-sam.txt
	$(PYTHON) -m venv .venv-sam
	.venv-sam/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@
