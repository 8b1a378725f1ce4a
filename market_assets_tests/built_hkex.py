"""A data directory of Hong Kong's invented Southbound, made once by the real command line."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from market_assets.calendars.sessions import sessions_between
from market_assets.sandbox.hkex.market import Market
from market_assets.sandbox.hkex.mischief import FAULTS
from market_assets.sandbox.hkex.plot import CYCLE
from market_assets_tests.built import invoked, once, published

FIRST, LAST, DAYS = date(2026, 8, 18), date(2026, 10, 23), 47
"""Sessions with every planted fault and event once, out at all publishers by the end of October."""
ABROAD = tuple(
    date.fromisoformat(day)
    for day in ("2026-09-25", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07")
)
"""Sessions of Hong Kong on which the mainland rests: nothing moves there, and it publishes none."""
SEED = 2026
MARKET = Market(seed=SEED)
SESSIONS = sessions_between("XHKG", FIRST, LAST)


def built_hkex_once(factory: pytest.TempPathFactory) -> Path:
    """The data directory of FIRST to LAST, whichever worker makes it; tests only read it."""
    return once(factory, "built_hkex", _build) / "data"


def _build(root: Path) -> None:
    done = hkex("--days", DAYS, "--until", LAST, data=root / "data")
    assert done.status == 0, done.out + done.err
    (root / "said.txt").write_text(done.out, "utf-8")


def hkex(*options: object, data: Path, **settings: str):
    """``market-assets run --market hkex`` within this process."""
    return invoked("run", "--market", "hkex", *options, "--data-dir", data, **settings)


def faulty(name: str, source: str) -> date:
    """The session of the window on which ``source`` has the planted fault ``name``."""
    (at,) = [fault.at for fault in FAULTS if (fault.name, fault.source) == (name, source)]
    return _at(at)


def happened(kind: str) -> tuple[date, str, str]:
    """The session of the window on which an event is planted: its code, and its other code."""
    events = [(MARKET.shown(event.ordinal), event) for event in MARKET.events]
    (found,) = [(day, e) for day, e in events if e.kind == kind and FIRST <= day <= LAST]
    day, event = found
    return day, MARKET.stocks[event.column].code, f"{event.other_code:05d}"


def _at(place: int) -> date:
    days = [day for day in SESSIONS if day not in ABROAD]
    (found,) = [day for day in days if MARKET.ordinal(day) % CYCLE == place]
    return found


def truth(sessions: Iterable[date], market: Market) -> pl.DataFrame:
    """What is held: code, session, name, shares, percent, and the parts of the channels."""
    return pl.concat(
        market.holdings(session).select(
            "code",
            pl.lit(session).alias("session"),
            "name",
            "shares",
            "percent",
            shanghai_shares="shanghai",
            shenzhen_shares="shenzhen",
        )
        for session in sessions
    )


def holdings(data: Path, *, mode: str = "sandbox") -> pl.DataFrame:
    """What is published of it, in the columns and the order of ``truth``."""
    return published(
        data,
        "SELECT code, session, name, shares, percent, shanghai_shares, shenzhen_shares "
        "FROM hkex.southbound_holdings ORDER BY session, code",
        mode=mode,
    )
