"""A data directory of the invented bank: its site asked each day, the rest in one command."""

from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from market_assets.calendars.sessions import sessions_between
from market_assets.defs.captures import asked_source
from market_assets.defs.central_bank.asking import ASKING
from market_assets.defs.central_bank.timing import complete_at
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.platform import Platform
from market_assets.defs.window import Window
from market_assets.sandbox.central_bank.figures import Figures
from market_assets.sandbox.central_bank.mischief import CYCLE, FAULTS
from market_assets.settings import read_settings
from market_assets.sources import registry
from market_assets_tests.built import invoked, once, published

FIRST, LAST, DAYS = date(2026, 10, 9), date(2026, 11, 13), 25
SESSIONS = sessions_between(CENTRAL_BANK.mic, FIRST, LAST)
FIGURES = Figures(seed=2026)


def built_central_bank_once(factory: pytest.TempPathFactory) -> Path:
    """The data directory of FIRST to LAST, whichever worker makes it; tests only read it."""
    return once(factory, "built_central_bank", _build) / "data"


def _build(root: Path) -> None:
    data = root / "data"
    platform = Platform(read_settings({"data_dir": data}))
    days = {"bkam": SESSIONS, "bkam_series": [met for _, met in SERIES]}
    with closing(platform.archive):
        for name, sessions in days.items():
            for session in sessions:
                window = Window(sessions=(session,), again=name == "bkam_series")
                asked_source(platform, registry.source(name), window, ASKING)
    done = central_bank("--days", DAYS, "--until", LAST, data=data)
    assert done.status == 0, done.out + done.err
    (root / "said.txt").write_text(done.out, "utf-8")


def central_bank(*options: object, data: Path, **settings: str):
    """``market-assets run --market central_bank`` within this process."""
    return invoked("run", "--market", "central_bank", *options, "--data-dir", data, **settings)


def faulty(name: str, source: str) -> date:
    """The session of the window whose questions meet the planted fault ``name`` of ``source``.

    The site has its faults on the day that it is asked, which is the one after.
    """
    (at,) = [fault.at for fault in FAULTS if (fault.name, fault.source) == (name, source)]
    met = {
        session: session if source == "bkam_api" else complete_at(session).date()
        for session in SESSIONS[-CYCLE:]
    }
    (found,) = [session for session, day in met.items() if FIGURES.ordinal(day) % CYCLE == at]
    return found


def known(data: Path, columns: Iterable[str], table: str, *, mode: str = "sandbox"):
    """The chosen columns of a published table of the bank, every row, in an order of their own."""
    chosen = ", ".join(columns)
    return published(data, f"SELECT {chosen} FROM central_bank.{table} ORDER BY ALL", mode=mode)


SERIES = [(fault.name, faulty(fault.name, fault.source)) for fault in FAULTS[-4:]]
"""What is planted in the workbooks, and the session whose questions meet it."""


def in_window(rows: pl.DataFrame) -> pl.DataFrame:
    """Those whose reference date lies in the window."""
    return rows.filter(pl.col("reference_date").is_between(FIRST, LAST))
