# Everything a reader or engineer does with this repository. `make` alone tells what there is.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$name; break; fi; done)
BIN := .venv/bin
INSTALLED := .venv/installed
WORKERS ?= 2
PROOFS ?= $(shell cores=$$(nproc 2>/dev/null || echo 2); echo $$(((cores + 1) / 2)))

.PHONY: help install demo recording screenshots monitoring test test-kafka test-ops lint proofs bench lock clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

install: $(INSTALLED) ## an environment in .venv with exactly what requirements.lock says

$(INSTALLED): requirements.lock pyproject.toml .ci/install
	@PYTHON="$(PYTHON)" .ci/install
	@touch $(INSTALLED)

demo: install ## the main job on packaged events; nothing leaves this machine
	@$(BIN)/tellfirst demo

recording: install ## docs/demo.svg anew, the recording of the demo in the README
	@PYTHONPATH=. $(BIN)/python docs/record_demo.py

screenshots: install ## docs/images anew: mails in a browser; needs chromium and fonts-inter
	@PYTHONPATH=. $(BIN)/python docs/take_screenshots.py

monitoring: install ## deploy/monitoring and docs/metrics.md anew, when a metric, an alert or a dashboard has changed
	@PYTHONPATH=. $(BIN)/python -m deploy.monitoring.generate
	@PYTHONPATH=. $(BIN)/python docs/render_metrics.py

test: install lint ## lint, then all quick tests
	$(BIN)/pytest -n $(WORKERS)

lint: install ## style, types, and the arrows between the packages
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

proofs: install ## the slow tests; a skipped proof is a failed one
	.ci/tools
	$(BIN)/pytest tests/slow -m "slow and not measures" -n $(PROOFS) --dist loadfile --no-loadscope-reorder
	$(BIN)/pytest tests/slow -m measures

test-kafka: install ## the proofs on a real Kafka, which they start by themselves (JDK 17, Maven, openssl); proofs has them too
	$(BIN)/pytest tests/slow -m slow -k real_kafka

bench: install ## what an event costs here and elsewhere, half an hour or more; with QUICK=1 the shape of it, in minutes
	@$(BIN)/python -m benchmarks $(if $(QUICK),--quick) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(ONLY),--only $(ONLY))

test-ops: install ## the proofs on a real Prometheus and Alertmanager, which it fetches by apt, and of the image and Kubernetes; proofs has them too
	.ci/tools
	$(BIN)/pytest tests/slow -m slow -k "real_prometheus or real_image or real_kustomize"

LOCK = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --quiet --no-emit-index-url --no-emit-find-links \
	--no-annotate --custom-compile-command "make lock"

lock: install ## resolve pyproject.toml anew into requirements.lock, and of it what the image is built from
	$(LOCK) --upgrade pyproject.toml --extra dev --output-file requirements.lock
	$(LOCK) --constraint requirements.lock pyproject.toml --extra otel --output-file deploy/image/run.lock
	echo hatchling | $(LOCK) --constraint requirements.lock - --output-file deploy/image/build.lock

clean: ## remove the environment and all caches
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
