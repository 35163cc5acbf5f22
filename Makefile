# The two commands of the README, and what the project's own people need beside them.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
RUN = $(VENV)/.installed-run
DEV = $(VENV)/.installed-dev

.PHONY: help probe test fleet-test images lint proto bench lock clean

help:            ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | tr '|' '\t'

$(RUN): pyproject.toml constraints.txt
	$(PYTHON) tools/bootstrap.py $(VENV) agent,collector
	@touch $@

$(DEV): pyproject.toml constraints.txt
	$(PYTHON) tools/bootstrap.py $(VENV) agent,collector,parquet,webllm,proto,lint,test
	@touch $@ $(RUN)

probe: $(RUN)    ## probe this machine with the shipped model, and show what a collector knows then
	@$(BIN)/python tools/first_probe.py $(ARGS)

test: $(DEV) lint ## run every test (ARGS="-k outbox" runs some)
	$(BIN)/python -m pytest $(ARGS)

fleet-test: $(DEV) ## bring up a fleet in containers, break it, and check what the collector says of it
	$(BIN)/python -m pytest tests/fleet --timeout=1500 $(ARGS)

images:          ## build the images of docker-compose.yml, and print their sizes
	docker compose build
	@docker image ls --format 'table {{.Repository}}:{{.Tag}}\t{{.Size}}' | grep -E '^(REPOSITORY|localloom-|python:3.11-slim)'

lint: $(DEV)     ## formatting, lint, types, stale generated code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python tools/generate_proto.py --check

proto: $(DEV)    ## generate the modules beside the .proto files
	$(BIN)/python tools/generate_proto.py

bench: $(DEV)    ## print the benchmarks' figures
	$(BIN)/python tests/bench/run.py

lock: $(DEV)     ## resolve constraints.txt anew
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.10 \
	  --no-header --no-emit-index-url --no-emit-find-links --no-annotate --upgrade --output-file constraints.txt

clean:           ## remove the environment and the caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
