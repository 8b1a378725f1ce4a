"""What numbers mean: pure polars, frames in and frames out; no clock, no I/O, no Dagster."""
