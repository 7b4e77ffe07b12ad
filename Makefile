# The two commands a newcomer needs: `make demo` and `make test`. `make check` is what a change must pass besides.
.PHONY: demo test check format lock setup

demo: setup
	.venv/bin/recist demo

test: setup
	.venv/bin/python -m pytest -n 2 --dist loadfile

check: setup
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python tools/check_links.py

format: setup
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

lock:
	.venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --all-extras --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet --upgrade --output-file requirements.lock

setup:
	@tools/setup
