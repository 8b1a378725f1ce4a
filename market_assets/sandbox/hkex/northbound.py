"""What Hong Kong holds of some mainland lines, at quarter ends; invented like all holdings here."""

from datetime import date
from itertools import takewhile

import numpy as np

from market_assets.sandbox.hkex.days import (
    DAY,
    FIRST_DAY,
    served_day,
    southbound_sessions,
)
from market_assets.sandbox.hkex.stocks import mainland_lines

PREFIX = {"sh": "9", "sz": "7"}
SESSIONS_UNTIL_OUT = 5
"""A quarter end is published on the fifth Northbound trading day after it (since 2024-08-19)."""


def quarter_end_out(day: date, *, asked_on: date) -> date:
    """The newest quarter end up to ``day`` that is out when asked, as a page states it.

    Invented: that a quarter end without figures of its own is stated as the day served for it.
    """
    end = _quarter_end_before(day + DAY)
    since = [session for session in southbound_sessions() if end < session]
    out = since[SESSIONS_UNTIL_OUT - 1]
    return served_day(end if out <= asked_on else _quarter_end_before(end))


def northbound_rows(
    market: str, quarter_end: date, *, chinese: bool, seed: int
) -> list[tuple[str, str, int, float | None]]:
    """Code, name, shares and percent of each line of ``market``.

    Names of the English page end in the mainland code, those of the Chinese one do not.
    """
    lines = [line for line in mainland_lines() if line.code.startswith(PREFIX[market])]
    rng = np.random.default_rng([seed, quarter_end.toordinal(), int(PREFIX[market])])
    percents = np.exp(rng.normal(0.5, 0.9, len(lines))).clip(0.01, 29).round(2).tolist()
    listed = np.exp(rng.normal(21.5, 0.8, len(lines))).tolist()
    return [
        (
            line.code,
            line.name if chinese else f"{line.name} (A #{line.a_code})",
            int(shares * percent / 100),
            percent,
        )
        for line, percent, shares in zip(lines, percents, listed, strict=True)
    ]


def _quarter_end_before(day: date) -> date:
    ends = (
        date(year, month, 1) - DAY
        for year in range(FIRST_DAY.year, day.year + 1)
        for month in (1, 4, 7, 10)
    )
    *_, newest = takewhile(lambda end: end < day, ends)
    return newest
