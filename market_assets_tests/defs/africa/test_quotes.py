"""What the neighbours' sources say comes to one row by what was known on its day, not before."""

from datetime import UTC, date, datetime

import polars as pl
from polars.testing import assert_frame_equal

from market_assets.defs.africa.exchanges import BANKS, QUOTING
from market_assets.defs.africa.quotes import african_reconciliation
from market_assets.domain.africa.rows import AFRICAN_LISTINGS, AFRICAN_QUOTES
from market_assets.domain.currencies.rows import RATES
from market_assets.domain.quotes.screening import GHOST_LINES
from market_assets.domain.refusals import REFUSED
from market_assets_tests.defs.materialized import materialize, platform_of, stated

TUESDAY, WEDNESDAY = date(2026, 11, 10), date(2026, 11, 11)
DAYS = (TUESDAY, WEDNESDAY)
DATED = {"session": pl.Date}


def seen(day: date, hour: int = 20) -> dict:
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return {"session": day, "known_at": at, "capture_id": f"{day}/{hour}"}


def cairo(source: str, *, close: float, currency: str, **known: object) -> dict:
    line = {"mic": "XCAI", "ticker": "NEWUS", "dated": True}
    return {**line, "source": source, "close": close, "currency": currency, **known}


def quotes_of(tmp_path, *quotes: dict, listings: tuple[dict, ...] = (), days=DAYS):
    """The platform after the quotes of ``days`` were agreed on, where nothing was before."""
    platform = platform_of(tmp_path)
    stated(platform, "quality.quarantine", pl.DataFrame(schema={"asset": pl.String, **REFUSED}))
    return quotes_more(platform, *quotes, listings=listings, days=days)


def quotes_more(platform, *quotes: dict, listings: tuple[dict, ...], days):
    """The platform after the quotes of ``days`` were agreed on, on top of what is there."""
    for source in QUOTING:
        for subject, rows, schema in (
            ("quotes", quotes, AFRICAN_QUOTES),
            ("listings", listings, AFRICAN_LISTINGS),
        ):
            own = [row for row in rows if row["source"] == source.name]
            frame = pl.DataFrame(own, schema={**schema, **DATED})
            stated(platform, f"africa.{source.name}_african_{subject}", frame)
    for bank in BANKS:
        frame = pl.DataFrame(schema={**RATES, **DATED})
        stated(platform, f"africa.{bank.name}_rates", frame)
    materialize(platform, [african_reconciliation], days)
    return platform


def test_a_line_in_an_unforeseen_currency_stops_no_market_and_is_put_aside(tmp_path):
    platform = quotes_of(
        tmp_path,
        cairo("egx_beta", close=0.5, currency="USD", **seen(TUESDAY)),
        cairo("african_lists", close=25.0, currency="EGP", **seen(TUESDAY)),
        cairo("egx_beta", close=0.6, currency="USD", **seen(WEDNESDAY)),
    )
    rows = platform.warehouse.read("africa.daily_quotes")
    assert rows.select("session", "close", "currency", "sources").rows() == [
        (TUESDAY, 0.5, "USD", "egx_beta"),
        (WEDNESDAY, 0.6, "USD", "egx_beta"),
    ]
    aside = platform.warehouse.read("quality.quarantine")
    assert aside.select("source", "session", "ticker", "kind").rows() == [
        ("african_lists", TUESDAY, "NEWUS", "other_currency")
    ]


def test_what_a_source_has_replaced_is_neither_held_against_it_nor_counted(tmp_path):
    platform = quotes_of(
        tmp_path,
        cairo("egx_beta", close=25.0, currency="EGP", **seen(TUESDAY, 19)),
        cairo("egx_beta", close=0.5, currency="USD", **seen(TUESDAY, 20)),
        days=[TUESDAY],
    )
    rows = platform.warehouse.read("africa.daily_quotes")
    assert rows.select("close", "currency").rows() == [(0.5, "USD")]
    assert platform.warehouse.read("quality.quarantine").is_empty()
    judged = platform.warehouse.read("africa.data_quality").filter(source="egx_beta")
    assert judged.select("stated", "put_aside").rows() == [(1, 0)]


def test_a_line_is_called_what_it_was_called_in_each_session(tmp_path):
    line = {"mic": "XCAI", "ticker": "NEWUS", "source": "egx_beta"}
    platform = quotes_of(
        tmp_path,
        *(cairo("egx_beta", close=0.5, currency="USD", **seen(day)) for day in DAYS),
        listings=(
            {**line, "name": "Old", "sector": "Banks", **seen(TUESDAY)},
            {**line, "name": "New", "isin": "EG1", **seen(WEDNESDAY)},
        ),
    )
    rows = platform.warehouse.read("africa.daily_quotes")
    assert rows.select("session", "isin", "name", "sector").rows() == [
        (TUESDAY, None, "Old", "Banks"),
        (WEDNESDAY, "EG1", "New", "Banks"),
    ]
    known = platform.warehouse.read("africa.listings")
    assert known.select("session", "name", "sector").rows() == [
        (TUESDAY, "Old", "Banks"),
        (WEDNESDAY, "New", "Banks"),
    ]


def test_a_gap_that_is_filled_later_leaves_what_one_run_makes(tmp_path):
    """Wednesday's page repeats Tuesday's closes: that it does shows once Tuesday is there."""
    names = [f"LINE{n}" for n in range(GHOST_LINES)]
    quotes = [
        cairo("egx_beta", close=5.0 + n, currency="EGP", **seen(day)) | {"ticker": name}
        for day in DAYS
        for n, name in enumerate(names)
    ]
    line = {"mic": "XCAI", "source": "egx_beta", "name": "Old", **seen(TUESDAY)}
    listings = tuple({**line, "ticker": name} for name in names)
    whole = quotes_of(tmp_path / "whole", *quotes, listings=listings)
    grown = quotes_of(tmp_path / "grown", *quotes[GHOST_LINES:], days=[WEDNESDAY])
    assert grown.warehouse.read("africa.daily_quotes").height == GHOST_LINES
    quotes_more(grown, *quotes, listings=listings, days=[TUESDAY])
    for table in ("africa.daily_quotes", "africa.listings", "quality.quarantine"):
        assert_frame_equal(
            *(platform.warehouse.read(table) for platform in (grown, whole)), check_row_order=False
        )
    assert set(whole.warehouse.read("africa.daily_quotes")["session"]) == {TUESDAY}
    assert set(whole.warehouse.read("quality.quarantine")["kind"]) == {"ghost_session"}
