.PHONY: run test lint bench ui

run:
	uv run market-assets run

test:
	uv run pytest

lint:
	uv run ruff check .
	uv run ruff format --check .
	uv run pyright

bench:
	uv run python benchmarks/parsers.py
	uv run python benchmarks/increment.py --market casablanca
	uv run python benchmarks/increment.py --market hkex
	uv run python benchmarks/whole_run.py
	uv run python benchmarks/volume_analysis.py
	uv run python benchmarks/holding_deltas.py
	uv run python benchmarks/api_load.py

ui:
	uv run market-assets ui
