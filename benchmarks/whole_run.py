"""One whole ``market-assets run`` of the sandbox as a process: time, memory, Dagster's share.

``python benchmarks/whole_run.py``: 60 sessions x 81 lines x all sources into an empty directory
(cold: Dagster's database is made too), then once more with nothing new, then once more under the
profiler for the share of the time that goes into Dagster's bookkeeping. Exits non-zero where a
bound is missed; the bounds are for 2 otherwise idle cores.
"""

import os
import pstats
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS, MEGABYTES, SECONDS_AGAIN = 45.0, 700.0, 10.0
ARGUMENTS = ["-m", "market_assets.cli", "run", "--days", "60"]
BOOKKEEPING = {
    "events stored": ("sqlite_event_log.py", "store_event"),
    "database made": ("instance.py", "from_config"),
}


def process(arguments: list[str]) -> tuple[float, float]:
    """Wall seconds and peak megabytes of a Python process that must succeed."""
    started = time.monotonic()
    child = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)  # noqa: S603
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0, f"exit status {status}"
    return time.monotonic() - started, usage.ru_maxrss / 1024


def main() -> int:
    """Print the figures; 1 where a bound is missed."""
    with tempfile.TemporaryDirectory() as folder:
        run = [*ARGUMENTS, "--data-dir", f"{folder}/data"]
        seconds, megabytes = process(run)
        again, _ = process(run)
        print(f"whole run    {seconds:6.1f} s (at most {SECONDS:.0f})")
        print(f"peak memory  {megabytes:6.0f} MB (at most {MEGABYTES:.0f})")
        print(f"nothing new  {again:6.1f} s (at most {SECONDS_AGAIN:.0f})")
        profile = Path(folder) / "profile"
        process(
            [
                *("-m", "cProfile", "-o", str(profile)),
                *ARGUMENTS,
                *("--data-dir", f"{folder}/profiled"),
            ]
        )
        stats = pstats.Stats(str(profile)).stats  # type: ignore[attr-defined]
        total = sum(own for _, _, own, _, _ in stats.values())
        for name, (file, function) in BOOKKEEPING.items():
            spent = max(
                figures[3]
                for (path, _, called), figures in stats.items()
                if path.endswith(file) and called == function
            )
            print(f"Dagster, {name}: {spent / total:.0%} of the profiled time")
    missed = seconds > SECONDS or megabytes > MEGABYTES or again > SECONDS_AGAIN
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
