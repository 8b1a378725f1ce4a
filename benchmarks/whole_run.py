"""Whole runs of ``market-assets run`` on the sandbox as processes: time, memory, Dagster's share.

``python benchmarks/whole_run.py``: 60 sessions of Casablanca and 250 of Hong Kong, each with all
sources into an empty directory (cold: Dagster's database is made too), then once more with nothing
new; and Casablanca's under the profiler for the share of the time that goes into Dagster's
bookkeeping. Exits non-zero where a bound is missed; the bounds are for 2 otherwise idle cores.
"""

import os
import pstats
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BOUNDS = {"casablanca": (60, 45.0, 700.0, 10.0), "hkex": (250, 60.0, None, 10.0)}
"""Per market the sessions, and at most so many seconds, megabytes, and seconds with nothing new."""
BOOKKEEPING = {
    "events stored": ("sqlite_event_log.py", "store_event"),
    "database made": ("instance.py", "from_config"),
}


def process(arguments: list[str]) -> tuple[float, float]:
    """Wall seconds and peak megabytes of a Python process that must succeed."""
    started = time.monotonic()
    child = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, *arguments], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, f"exit status {status}"
    return time.monotonic() - started, usage.ru_maxrss / 1024


def arguments(market: str, folder: str) -> list[str]:
    """The command line of a whole run of ``market`` into ``folder``."""
    days = str(BOUNDS[market][0])
    command = ["-m", "market_assets.cli", "run", "--market", market]
    return [*command, "--days", days, "--data-dir", folder]


def whole(market: str, folder: str) -> bool:
    """Run, run again, print the figures; whether a bound was missed."""
    days, most_seconds, most_megabytes, most_again = BOUNDS[market]
    seconds, megabytes = process(arguments(market, folder))
    again, _ = process(arguments(market, folder))
    bound = f" (at most {most_megabytes:.0f})" if most_megabytes else ""
    print(f"{market}, {days} sessions")
    print(f"  whole run    {seconds:6.1f} s (at most {most_seconds:.0f})")
    print(f"  peak memory  {megabytes:6.0f} MB{bound}")
    print(f"  nothing new  {again:6.1f} s (at most {most_again:.0f})")
    too_large = most_megabytes is not None and megabytes > most_megabytes
    return seconds > most_seconds or too_large or again > most_again


def main() -> int:
    """Print the figures; 1 where a bound is missed."""
    with tempfile.TemporaryDirectory() as folder:
        missed = [whole(market, f"{folder}/{market}") for market in BOUNDS]
        profile = Path(folder) / "profile"
        profiled = arguments("casablanca", f"{folder}/profiled")
        process(["-m", "cProfile", "-o", str(profile), *profiled])
        stats = vars(pstats.Stats(str(profile)))["stats"]
        total = sum(own for _, _, own, _, _ in stats.values())
        for name, (file, function) in BOOKKEEPING.items():
            spent = max(
                figures[3]
                for (path, _, called), figures in stats.items()
                if path.endswith(file) and called == function
            )
            print(f"Dagster, {name}: {spent / total:.0%} of the profiled time")
    return int(any(missed))


if __name__ == "__main__":
    sys.exit(main())
