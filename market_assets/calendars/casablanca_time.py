"""The clock of Casablanca, from the tzdata package and never from the system's older files.

Morocco kept UTC+1 from 2018-10-28, with UTC+0 around Ramadan (2025-02-23..04-06,
2026-02-15..03-22), and has kept UTC+0 all year since 2026-09-20 (IANA 2026f, PyPI tzdata 2026.6).
Whoever still carries an older release is an hour ahead after that date: system zoneinfo (2025b was
seen), which Python's ``zoneinfo`` prefers to the package, and polars 2.1.0. DuckDB 2.0.0 was right.
"""

from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

ZONE = "Africa/Casablanca"


@cache
def casablanca_zone() -> ZoneInfo:
    """The zone ``Africa/Casablanca`` as the installed tzdata package has it."""
    with files("tzdata.zoneinfo.Africa").joinpath("Casablanca").open("rb") as rules:
        return ZoneInfo.from_file(rules, key=ZONE)
