"""Where tables live: DuckDB and nothing else."""
