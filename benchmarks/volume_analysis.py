"""The volume analysis against pandas, DuckDB and a memory copy: same rows, same figures.

Run: ``uv run python benchmarks/volume_analysis.py [--rows 20000000] [--rounds 3]``. What is
compared and how is told in README.md. Exits with 1 where a ratio is missed.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

# Memory that polars has freed stays with the process, as the copy's buffers do. Read at its import.
KEEP_MEMORY = "dirty_decay_ms:-1,muzzy_decay_ms:-1"
if __name__ == "__main__":
    os.environ.setdefault("_RJEM_MALLOC_CONF", KEEP_MEMORY)

import duckdb  # noqa: E402
