"""Splits undone beside the raw series, by the function and by the view alike."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.companies.adjustment import adjusted_quotes, dated_splits
from market_assets.domain.companies.rows import IDENTITY_CHANGES
from market_assets.sources.casablanca.identity_changes import identity_changes
from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets.warehouse.company_views import adjusted_quotes_view
from market_assets.warehouse.publish import publish
from market_assets.warehouse.reader import Published
from market_assets.warehouse.tables import Warehouse
from market_assets_tests.domain.companies.company_rows import quotes, splits

FRIDAY, MONDAY = date(2026, 7, 24), date(2026, 7, 27)


def change(**stated) -> pl.DataFrame:
    row = {"mic": "XCAS", "ticker": "MNG", "kind": "split", "effective": MONDAY, "factor": 10.0}
    return pl.DataFrame([{**row, **stated}], schema=IDENTITY_CHANGES)


def managem() -> pl.DataFrame:
    return quotes(
        {"ticker": "MNG", "session": FRIDAY, "close": 6000.0, "high": 6100.0, "volume": 10},
        {"ticker": "MNG", "session": MONDAY, "close": 610.0, "high": 612.0, "volume": 100},
        {"session": FRIDAY, "close": 700.0, "volume": 5},
    )


def test_rows_before_a_split_are_divided_and_those_from_its_day_on_are_not():
    result = adjusted_quotes(managem(), dated_splits(change()))
    assert result.select(
        "split_factor", "adjusted_close", "adjusted_high", "adjusted_volume"
    ).rows() == [(10.0, 600.0, 610.0, 100.0), (1.0, 610.0, 612.0, 100.0), (1.0, 700.0, None, 5.0)]
    assert_frame_equal(result.select(managem().columns), managem())


def test_a_split_without_a_date_adjusts_nothing():
    result = adjusted_quotes(managem(), dated_splits(change(effective=None)))
    assert result["split_factor"].to_list() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("factor", [None, 0.0, -2.0])
def test_a_split_without_a_factor_is_refused(factor):
    with pytest.raises(ValueError, match=r"splits without a factor above 0: \['MNG'\]"):
        dated_splits(change(factor=factor))


def test_two_splits_on_one_day_are_refused():
    with pytest.raises(ValueError, match=r"two splits on one day: \['MNG'\]"):
        dated_splits(pl.concat([change(), change(factor=2.0)]))


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(
    st.lists(st.tuples(days, st.sampled_from([0.5, 2.0, 4.0])), unique_by=lambda s: s[0]),
    st.lists(days, min_size=1, unique=True),
)
def test_price_times_volume_is_the_same_in_both_kinds_of_share(divided, sessions):
    frame = quotes(*({"session": day, "close": 128.0, "volume": 8} for day in sessions))
    result = adjusted_quotes(frame, splits(*(("ATW", day, factor) for day, factor in divided)))
    paid = result["adjusted_close"] * result["adjusted_volume"]
    assert paid.to_list() == [1024.0] * len(sessions)
    newest = result.filter(pl.col("session") >= max((d for d, _ in divided), default=date.min))
    assert set(newest["split_factor"]) <= {1.0}


def test_the_view_says_what_the_function_says(tmp_path: Path):
    changes = pl.concat(
        [
            change(),
            change(effective=date(2026, 8, 3), factor=2.0),
            change(effective=None, factor=5.0, ticker="ATW"),
            change(mic="XNSA", ticker="ATW", factor=3.0),
        ]
    )
    view = adjusted_quotes_view(
        schema="companies",
        quotes="casablanca.daily_quotes",
        changes="companies.identity_changes",
    )
    warehouse = Warehouse(tmp_path / "warehouse.duckdb", mode="sandbox", patience=10)
    warehouse.replace_table("casablanca.daily_quotes", managem())
    warehouse.replace_table("companies.identity_changes", changes)
    publish(
        warehouse,
        tmp_path / "published",
        schemas=("casablanca", "companies"),
        carried=(),
        views=(view,),
    )
    shown = Published(tmp_path / "published").query("FROM companies.adjusted_quotes")
    ours = adjusted_quotes(managem(), dated_splits(changes.filter(pl.col("mic") == "XCAS")))
    assert_frame_equal(shown, ours.sort("session", "ticker"), check_column_order=False)


def test_the_known_changes_are_of_lines_that_are_listed_or_gone():
    known = identity_changes()
    assert known.schema == IDENTITY_CHANGES
    lines = {line.ticker: line for line in casablanca_lines()}
    stay = known.filter(pl.col("kind") != "delisting")
    assert set(stay["ticker"]) <= set(lines)
    new_isins = stay.filter(pl.col("kind") == "isin").select("ticker", "new").rows()
    assert all(lines[ticker].isin == isin for ticker, isin in new_isins)
    assert known.select(pl.col("evidence").is_not_null().all()).item()
    assert dated_splits(known).rows() == [
        ("MNG", date(2026, 7, 27), 10.0),
        ("SOT", date(2026, 5, 5), 5.0),
    ]
