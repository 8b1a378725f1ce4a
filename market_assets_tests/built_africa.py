"""A data directory of the neighbours and the companies, beside Casablanca and its central bank."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from market_assets.sandbox.africa.market import Market
from market_assets_tests.built import LAST, SEED, Ran, built_once, copied, invoked, once

FIRST, DAYS = date(2026, 10, 22), 20
"""Days on which one of the neighbours trades at least, up to LAST: three are Cairo's Sundays."""
SUNDAYS = (date(2026, 10, 25), date(2026, 11, 1), date(2026, 11, 8))
SHORT, REPLAYED, RENAMED = date(2026, 10, 26), date(2026, 11, 1), date(2026, 11, 6)
"""When Lagos sends 85 rows, Cairo replays its day before, and African Markets renames a column."""
MARKET = Market(seed=SEED)
MICS = ("XBRV", "XCAI", "XJSE", "XNSA")


def built_africa_once(factory: pytest.TempPathFactory) -> Path:
    """The data directory, whichever worker makes it; tests only read it."""
    casablanca = built_once(factory).first

    def make(root: Path) -> None:
        data = copied(casablanca, root / "data")
        for market in ("central_bank", "africa", "companies"):
            done = run(market, "--days", DAYS, "--until", LAST, data=data)
            assert done.status == 0, done.out + done.err
            (root / f"{market}.txt").write_text(done.out, "utf-8")

    return once(factory, "built_africa", make) / "data"


def run(market: str, *options: object, data: Path, **settings: str) -> Ran:
    """``market-assets run --market`` within this process."""
    return invoked("run", "--market", market, *options, "--data-dir", data, **settings)


def truth(mic: str) -> pl.DataFrame:
    """What happened at an exchange from FIRST to LAST, by session and line; Casablanca's apart."""
    rows = [
        {
            "mic": mic,
            "session": session,
            "ticker": told.line.ticker,
            "currency": told.line.currency,
            "close": told.close,
            "volume": told.volume,
            "turnover": told.turnover,
            "trades": told.trades,
            "market_cap": told.market_cap,
        }
        for session in MARKET.sessions(mic)
        if FIRST <= session <= LAST
        for told in MARKET.truths(mic, session)
    ]
    return pl.DataFrame(rows).sort("session", "ticker")
