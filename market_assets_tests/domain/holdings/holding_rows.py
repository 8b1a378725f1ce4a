"""Holdings made of bare shares, for the tests of what is computed from them."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from market_assets.domain.holdings.agreement import SOUTHBOUND_HOLDINGS
from market_assets.domain.holdings.rows import HOLDINGS

START = date(2026, 1, 5)
KNOWN = datetime(2026, 11, 20, 1, tzinfo=UTC)


def weekdays(count: int, start: date = START) -> list[date]:
    return [start + timedelta(days=7 * (k // 5) + k % 5) for k in range(count)]


def line(
    shares,
    *,
    code="00700",
    name=None,
    names=None,
    percents=None,
    days=None,
    source="hkex_southbound",
) -> pl.DataFrame:
    """One row for each session of ``shares``; None is a session without a row."""
    count = len(shares)
    names = names or [name or f"N{code}"] * count
    rows = zip(days or weekdays(count), names, shares, percents or [1.0] * count, strict=True)
    return pl.DataFrame(
        [
            {"code": code, "name": n, "session": d, "shares": s, "percent": p, "source": source}
            for d, n, s, p in rows
            if s is not None
        ],
        schema=SOUTHBOUND_HOLDINGS,
    )


def said(source: str, channel: str, shares: int | None, **values) -> dict:
    return {
        "code": "00700",
        "session": START,
        "channel": channel,
        "shares": shares,
        "source": source,
        "capture_id": f"{source}-1",
        "known_at": KNOWN,
    } | values


def statements(*rows: dict) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=HOLDINGS)
