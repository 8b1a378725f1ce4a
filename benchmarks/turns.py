"""Ways to the same figures, measured in processes that take turns, and how they compare.

Each way has a process of its own, but the copy, which is ours' yardstick and shares it: 20 million
rows of all at once are too much for most memories.
"""

import argparse
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from math import inf
from multiprocessing import get_context
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
import polars as pl

Result = TypeVar("Result")
MEMORY = {"_RJEM_MALLOC_CONF": "thp:always,dirty_decay_ms:-1,muzzy_decay_ms:-1"}
"""polars gets what NumPy's buffers have: large pages, and those freed stay with the process."""
STRING_VIEW = np.dtype("V16")
"""What polars and Arrow keep of a short string in its column."""
COMPARED = 1_000_000
"""Rows of the same history on which the results are compared, one by one."""


@dataclass
class Way(Generic[Result]):
    """One way to the figures and what its rounds took, in seconds."""

    name: str
    run: Callable[[], Result]
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def round(self) -> Result:
        """What it gives; the time is noted."""
        wall, cpu = time.perf_counter(), time.process_time()
        result = self.run()
        self.cpu.append(time.process_time() - cpu)
        self.wall.append(time.perf_counter() - wall)
        return result


class Timed(NamedTuple):
    """What the rounds of a way took in one process, in seconds: its first and its fastest later."""

    name: str
    cold: float
    warm: float
    cpu: float


class Goals(NamedTuple):
    """How many times as fast as pandas and DuckDB, at least; how many times the copy, at most."""

    pandas: float
    duckdb: float
    copy: float


def missed(
    agree: Callable[[int], None],
    contests: Sequence[Callable[[int], list[Timed]]],
    goals: Goals,
    *,
    rounds: int,
) -> bool:
    """Let the ways agree, measure them in turns, print what they took; whether a goal is missed.

    ``contests`` are those of ours and the copy, of pandas and of DuckDB, each a function of the
    number of rows that a new process can be given; ``rounds`` is of processes, by default.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--rounds", type=int, default=rounds, help="processes for each way")
    options = parser.parse_args()
    os.environ.update(MEMORY)  # not by default: importing polars has set its own
    _alone(agree, min(options.rows, COMPARED))
    timed = [
        way
        for _ in range(options.rounds)
        for contest in contests
        for way in _alone(contest, options.rows)
    ]
    best = {way.name: Timed(way.name, inf, inf, inf) for way in timed}
    for way in timed:
        best[way.name] = Timed(way.name, *map(min, best[way.name][1:], way[1:]))
    return _report(best, goals, rows=options.rows)


def in_turns(times: int, *ways: Way[Any]) -> list[Timed]:
    """The ways in turns, so many times each."""
    for _ in range(times):
        for way in ways:
            way.round()
    return [Timed(way.name, way.wall[0], min(way.wall[1:]), min(way.cpu[1:])) for way in ways]


def buffers(*frames: pl.DataFrame) -> list[np.ndarray]:
    """Arrays as large as the columns of ``frames``, bit masks of nulls and flags included."""
    arrays = []
    for column in (column for frame in frames for column in frame):
        bits = np.ones(column.len() // 8 + 1, dtype=np.uint8)
        if column.null_count():
            arrays.append(bits.copy())
        number = column.to_physical().head(1).to_numpy().dtype
        width = STRING_VIEW if column.dtype == pl.String else number
        arrays.append(bits if column.dtype == pl.Boolean else np.ones(column.len(), width))
    return arrays


def _alone(work: Callable[[int], Result], rows: int) -> Result:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, rows).result()


def _report(best: Mapping[str, Timed], goals: Goals, *, rows: int) -> bool:
    print(f"\n{rows:,} rows, seconds; cold: the first round in a process")
    print(f"{'':14}{'cold':>9}{'warm':>9}{'CPU':>9}{'M rows/s':>10}")
    for name, cold, warm, cpu in best.values():
        print(f"{name:14}{cold:9.2f}{warm:9.2f}{cpu:9.2f}{rows / warm / 1e6:10.1f}")
    ours, copy, pandas, duck = best.values()
    print(f"\n{'':36}{'goal':>6}{'time':>8}{'CPU':>8}")
    kept = [
        _kept("times as fast as pandas, at least", goals.pandas, pandas, ours, sign=1),
        _kept("times as fast as DuckDB, at least", goals.duckdb, duck, ours, sign=1),
        _kept("times the NumPy copy, at most", goals.copy, ours, copy, sign=-1),
    ]
    return not all(kept)


def _kept(goal: str, bound: float, slow: Timed, fast: Timed, *, sign: int) -> bool:
    """Whether ``slow`` takes so many times as long as ``fast``; by the clock, not by CPU."""
    wall, cpu = slow.warm / fast.warm, slow.cpu / fast.cpu
    kept = (wall - bound) * sign >= 0
    print(f"{goal:36}{bound:6.1f}{wall:8.1f}{cpu:8.1f}  {'' if kept else 'MISSED'}")
    return kept
