"""Who is listed: the newest statement stands, the register fills in, differences are shown."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from market_assets.domain.companies.listings import (
    DISAGREEMENTS,
    LISTINGS,
    REGISTER,
    SYMBOLS,
    listing_disagreements,
    listings,
    shares_known,
)
from market_assets.domain.companies.rules import listings_faults
from market_assets.sources.tables import LISTINGS as STATED
from market_assets_tests.domain.companies.company_rows import splits

AS_OF = date(2026, 11, 20)
KNOWN = datetime(2026, 11, 19, 18, tzinfo=UTC)
MNG = {
    "ticker": "MNG",
    "isin": "MA0000012866",
    "name": "MANAGEM",
    "sector": "Mines",
    "icb_sector": "Basic Materials",
    "compartment": "Principal A",
    "shares": 11_864_676,
    "shares_on": date(2025, 7, 30),
    "suspended": False,
}
SAM = {"ticker": "SAM", "name": "SAMIR", "suspended": True}
SPLIT = splits(("MNG", date(2026, 7, 27), 10.0))


def register(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=REGISTER)


def stated(*rows: dict[str, Any]) -> pl.DataFrame:
    known = {"ticker": "MNG", "source": "exchange", "capture_id": "a", "known_at": KNOWN}
    return pl.DataFrame([{**known, **row} for row in rows], schema=STATED)


def listed(said=None, *, known=None, symbols=(), as_of=AS_OF) -> pl.DataFrame:
    return listings(
        stated() if said is None else said,
        mic="XCAS",
        register=register(MNG, SAM) if known is None else known,
        symbols=pl.DataFrame(list(symbols), schema=SYMBOLS, orient="row"),
        splits=SPLIT,
        as_of=as_of,
    )


def line(frame: pl.DataFrame, ticker: str) -> dict:
    return frame.row(by_predicate=pl.col("ticker") == ticker, named=True)


def test_a_line_the_exchange_says_nothing_of_is_as_the_register_has_it():
    result = listed()
    assert result.schema == LISTINGS
    row = line(result, "MNG")
    assert (row["isin"], row["sector"], row["status"]) == ("MA0000012866", "Mines", "listed")
    assert row["source"] is row["capture_id"] is row["known_at"] is None
    assert line(result, "SAM")["status"] == "suspended"


def test_a_count_from_before_a_split_is_divided_with_it_and_says_so():
    row = line(listed(), "MNG")
    assert (row["shares"], row["shares_split_by"]) == (118_646_760, 10.0)
    assert row["shares_on"] == date(2025, 7, 30)
    earlier = line(listed(as_of=date(2026, 7, 26)), "MNG")
    assert (earlier["shares"], earlier["shares_split_by"]) == (11_864_676, 1.0)


def test_a_count_of_a_later_day_is_not_known_yet():
    row = line(listed(as_of=date(2025, 7, 29)), "MNG")
    assert row["shares"] is row["shares_on"] is None


def test_of_each_field_the_newest_statement_stands():
    later = KNOWN.replace(hour=19)
    said = stated(
        {"name": "Old", "compartment": "Principal B", "shares": 7, "status": "T"},
        {"name": "New", "status": "S", "known_at": later, "capture_id": "b"},
    )
    row = line(listed(said), "MNG")
    assert (row["name"], row["compartment"], row["status"]) == ("New", "Principal B", "suspended")
    assert (row["shares"], row["shares_on"]) == (7, KNOWN.date())
    assert (row["source"], row["capture_id"], row["known_at"]) == ("exchange", "b", later)


def test_a_statement_of_a_later_day_is_not_looked_at():
    later = KNOWN.replace(day=21)
    assert line(listed(stated({"name": "New", "known_at": later})), "MNG")["name"] == "MANAGEM"


def test_a_line_that_only_the_exchange_has_is_listed_without_an_icb_sector():
    row = line(listed(stated({"ticker": "NEW", "name": "Newcomer", "status": "NT"})), "NEW")
    assert (row["mic"], row["name"], row["status"]) == ("XCAS", "Newcomer", "listed")
    assert row["icb_sector"] is row["shares"] is None


def test_symbols_are_named_by_who_uses_them():
    symbols = [("MNG", "yahoo", "MNG.CS"), ("MNG", "investing", "13274"), ("SAM", "yahoo", None)]
    result = listed(symbols=symbols)
    assert line(result, "MNG")["symbols"] == "investing=13274 yahoo=MNG.CS"
    assert line(result, "SAM")["symbols"] is None


def test_a_line_twice_in_the_register_is_refused():
    with pytest.raises(ValueError, match="twice in the register: MNG"):
        listed(known=register(MNG, MNG))


def test_a_status_nobody_knows_is_refused():
    with pytest.raises(ValueError, match=r"unknown status \['X'\] of a listing"):
        listed(stated({"status": "X"}))


def test_counts_stand_by_day_and_the_exchange_s_before_the_register_s():
    day = datetime(2025, 7, 30, 12, tzinfo=UTC)
    said = stated({"shares": 5, "known_at": day}, {"shares": 6}, {"shares": None})
    counts = shares_known(said, register(MNG))
    assert counts.select("ticker", "since", "shares").rows() == [
        ("MNG", date(2025, 7, 30), 5),
        ("MNG", KNOWN.date(), 6),
    ]


def test_a_count_leads_to_the_list_that_stated_it_and_the_register_s_to_none():
    said = stated({"shares": 6, "capture_id": "list"})
    assert shares_known(said, register(MNG))["capture_id"].to_list() == [None, "list"]


def test_what_differs_from_what_stands_is_shown_and_what_agrees_is_not():
    said = stated({"isin": "MA0000011058", "sector": "Mines", "shares": 118_646_760})
    shown = listing_disagreements(listed(said), said, register=register(MNG))
    assert shown.schema == DISAGREEMENTS
    assert shown.rows() == [
        ("MNG", "isin", "register", "MA0000012866", "MA0000011058", None),
        ("MNG", "shares", "register", "11864676", "118646760", None),
    ]


@pytest.mark.parametrize(("later", "capture"), [(None, "a"), ("MA0000011058", "b")])
def test_a_disagreement_leads_to_the_list_that_stated_its_value(later, capture):
    other = {"source": "other", "isin": "MA0000011058", "capture_id": "a"}
    said = stated(other, {**other, "isin": later, "capture_id": "b"})
    shown = listing_disagreements(listed(), said, register=register())
    assert shown.rows() == [("MNG", "isin", "other", "MA0000011058", "MA0000012866", capture)]


def test_faults_are_counted_of_each_session_and_a_whole_list_has_none():
    day = listed().with_columns(session=AS_OF)
    good = listings_faults(pl.concat([day, day.with_columns(session=KNOWN.date())]))
    assert good == dict.fromkeys(good, 0)
    bad = day.with_columns(
        isin=pl.lit("MA00"), shares=pl.lit(0), status=pl.lit("gone"), ticker=pl.lit("MNG")
    )
    assert listings_faults(bad) == dict.fromkeys(good, 2)
