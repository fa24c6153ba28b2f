# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKFLOWS := $(wildcard .github/workflows/*.yml examples/ci/github/*.yml)

.DEFAULT_GOAL := help

.PHONY: help
help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# The environment is made again only when what it is made from has changed.
$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

.PHONY: setup
setup: $(READY) ## make the environment

.PHONY: demo
demo: $(READY) ## validate, plan, apply and drift against the built-in emulator
	@$(BIN)/reconciler demo

.PHONY: test
test: $(READY) ## run the tests
	$(BIN)/python -m pytest -n 2 -q

.PHONY: played
played: $(READY) ## run the commands of the pages and of the example workflows in a shell
	$(BIN)/python -m pytest -n 2 -q tests/played

.PHONY: faults
faults: $(READY) ## strike apply with every fault at every request (takes long)
	$(BIN)/python -m pytest -n 2 -q tests/faults --whole --junitxml build/faults.xml

.PHONY: faults-short
faults-short: $(READY) ## strike apply some hundred times
	$(BIN)/python -m pytest -n 2 -q tests/faults

.PHONY: reliability
reliability: faults fuzz ## write down how both went, in docs/reliability.md
	$(BIN)/python -m tools.reliability.faults build/faults.xml 'make faults'
	$(BIN)/python -m tools.reliability.fuzz build/fuzz.json 'make fuzz'
	$(BIN)/python -m tools.reliability.pacing 'make $@'

.PHONY: fuzz
fuzz: $(READY) ## read 100,000 bad inputs (takes long)
	$(BIN)/python -m tests.fuzz --inputs 100000 --report build/fuzz.json

.PHONY: fuzz-short
fuzz-short: $(READY) ## read 2,000 bad inputs, the same each time
	$(BIN)/python -m tests.fuzz --inputs 2000 --seed 5

.PHONY: sizes
sizes: $(READY) ## measure validate, plan and drift of up to 5,000 objects, for docs/reliability.md
	$(BIN)/python -m tools.reliability.size 'make $@'

.PHONY: wheel-test
wheel-test: $(READY) ## build the wheel, install it elsewhere, and play the demo there
	.ci/wheel-test

.PHONY: check
check: $(READY) ## lint, types, import contracts, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.generated --check
	$(BIN)/zizmor --quiet --offline --config .github/zizmor.yml .github action.yml examples/ci/github
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows $(WORKFLOWS)
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci examples/ci/gitlab/.gitlab-ci.yml
	@if $(MAKE) --silent $(BIN)/actionlint 2> /dev/null; then $(MAKE) --no-print-directory actionlint; \
	  else echo "actionlint is left out: Go, or its registry, is not there"; fi

.PHONY: actionlint
actionlint: $(BIN)/actionlint ## lint the workflows and their scripts (needs go)
	PATH="$(CURDIR)/$(BIN):$$PATH" actionlint $(WORKFLOWS)

# It is written in Go; `make check` leaves it out where Go or its registry is not there.
$(BIN)/actionlint: $(READY)
	GOBIN="$(CURDIR)/$(BIN)" go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
	touch $@

.PHONY: generate
generate: $(READY) ## write schemas/ and docs/reference/ anew
	$(BIN)/python -m tools.generated

.PHONY: format
format: $(READY) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: lock
lock: $(READY) ## renew the pinned set-up (needs uv)
	uv pip compile --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	  requirements/dev.in --output-file requirements/dev.txt

.PHONY: clean
clean: ## remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
