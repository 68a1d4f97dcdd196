# Everything runs in .venv, which is made from the lock files when it is first needed.
#
#   PYTHON=python3.12         make .venv with this interpreter
#   ARGS="-k seal -x"         more arguments for pytest (make test) or the benchmark (make bench)
#   WORKERS=4                 processes of make test
#   UPGRADE=--upgrade         let make lock move to newer releases

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test chaos check bench docs lock clean runtime development

export PYTHON
# What another environment has left in the shell would be imported before .venv.
unexport PYTHONHOME PYTHONPATH VIRTUAL_ENV
WORKERS ?= 2
BIN := .venv/bin

help: ## List the targets
	@while IFS= read -r line; do case $$line in [a-z]*:*" ## "*) \
		printf 'make %-8s %s\n' "$${line%%:*}" "$${line##* ## }";; esac; done < Makefile

demo: runtime ## Carry a real annual report from draft to published, in a rehearsal under .demo/
	@$(BIN)/gongkai demo --keep .demo

test: development ## Run all tests, on SQLite and on a real PostgreSQL and Redis
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=loadgroup $(ARGS)

chaos: development ## Kill, freeze and flood for longer than make test does
	CHAOS_ROUNDS=10 $(BIN)/python -m pytest tests/chaos $(ARGS)

check: development ## Check format, lint, types, imports, generated documents and the wheel
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/generate_docs.py --check
	$(BIN)/python -m pytest tests/test_packaging.py

bench: development ## Measure throughput and start-up time, on SQLite and PostgreSQL
	$(BIN)/python -m tests.bench $(ARGS)

docs: development ## Regenerate the parts of the documents that come from the program
	$(BIN)/python tools/generate_docs.py

lock: development ## Resolve requirements/ again from pyproject.toml, for every platform
	sh tools/lock.sh $(UPGRADE)

clean: ## Remove what the other targets made, .venv included
	rm -rf .venv .venv.lock .demo build dist .hypothesis .import_linter_cache .mypy_cache \
		.pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

runtime development:
	@sh tools/environment.sh $@
