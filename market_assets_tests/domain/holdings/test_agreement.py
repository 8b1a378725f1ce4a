"""How statements of the total and of its channels become one row."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market_assets.domain.holdings.agreement import (
    DATES,
    DISAGREEMENTS,
    SOUTHBOUND_HOLDINGS,
    Agreed,
    agreed,
)
from market_assets.domain.holdings.channels import channel_statements
from market_assets.domain.holdings.rows import PARTICIPANTS
from market_assets.domain.holdings.soundness import plausibility_faults, structural_faults
from market_assets.domain.support import SOURCES
from market_assets_tests.domain.holdings.holding_rows import KNOWN, START, said, statements

WEIGHTS = pl.DataFrame(
    [
        ("hkex_southbound", "ccass", 0.9, 0),
        ("sse_southbound", "exchanges", 0.8, 1),
        ("szse_southbound", "exchanges", 0.8, 2),
        ("hkex_participants", "participants", 0.6, 3),
    ],
    schema=SOURCES,
    orient="row",
)
DATE = pl.DataFrame([(START, START, date(2025, 12, 31))], schema=DATES, orient="row")
HKEX = said("hkex_southbound", "southbound", 100, name="TENCENT", percent=11.72)
SSE, SZSE = said("sse_southbound", "shanghai", 60), said("szse_southbound", "shenzhen", 40)


def of(*rows: dict) -> Agreed:
    result = agreed(statements(*rows), sources=WEIGHTS, dates=DATE)
    assert result.holdings.schema == SOUTHBOUND_HOLDINGS
    assert result.disagreements.schema == DISAGREEMENTS
    assert set(structural_faults(result.holdings, sessions=[START]).values()) == {0}
    return result


def only(*rows: dict) -> dict:
    return of(*rows).holdings.row(0, named=True)


def test_hkex_alone_is_believed_as_far_as_its_weight():
    row = only(HKEX)
    assert (row["shares"], row["percent"], row["confidence"]) == (100, 11.72, 0.9)
    assert (row["shanghai_shares"], row["shenzhen_shares"]) == (None, None)
    assert (row["settlement_date"], row["implied_trade_date"]) == (START, date(2025, 12, 31))
    assert (row["source"], row["sources"]) == ("hkex_southbound",) * 2


def test_both_channels_together_state_the_total_and_raise_confidence():
    row = only(HKEX, SSE, SZSE)
    assert (row["shares"], row["shanghai_shares"], row["shenzhen_shares"]) == (100, 60, 40)
    assert row["confidence"] == pytest.approx(0.98)
    assert row["sources"] == "hkex_southbound+sse_southbound+szse_southbound"
    alone = only(SSE, SZSE)
    assert (alone["shares"], alone["percent"], alone["confidence"]) == (100, None, 0.8)
    assert alone["capture_id"] == "sse_southbound-1+szse_southbound-1"


def test_one_channel_is_never_the_total():
    row = only(SSE)
    assert (row["shares"], row["shanghai_shares"], row["confidence"]) == (None, 60, 0.0)
    assert row["sources"] == ""
    beside = only(HKEX, SSE)
    assert (beside["shares"], beside["shanghai_shares"], beside["confidence"]) == (100, 60, 0.9)


def test_a_stock_that_a_shown_channel_does_not_list_is_held_for_nothing_there():
    other = said("szse_southbound", "shenzhen", 5, code="00001")
    rows = of(SSE, other).holdings
    assert rows.select("code", "shares", "shanghai_shares", "shenzhen_shares").rows() == [
        ("00001", 5, 0, 5),
        ("00700", 60, 60, 0),
    ]


def test_a_dissenting_sum_is_recorded_and_its_parts_are_not_published():
    result = of(HKEX, said("sse_southbound", "shanghai", 50), SZSE)
    row = result.holdings.row(0, named=True)
    assert (row["shares"], row["shanghai_shares"], row["shenzhen_shares"]) == (100, None, None)
    assert row["confidence"] == pytest.approx(0.9 * (1 - 0.8 / 1.7 / 2))
    assert result.disagreements.rows(named=True) == [
        {
            "code": "00700",
            "session": START,
            "field": "shares",
            "source": "sse_southbound+szse_southbound",
            "value": 90.0,
            "chosen": 100.0,
            "difference": pytest.approx(-0.1),
            "capture_id": "sse_southbound-1+szse_southbound-1",
        }
    ]


def test_the_percent_of_a_holding_that_was_not_chosen_is_not_published():
    participants = (
        said("hkex_participants", "shanghai", 50),
        said("hkex_participants", "shenzhen", 40),
    )
    row = only(HKEX, said("sse_southbound", "shanghai", 50), SZSE, *participants)
    assert (row["shares"], row["percent"], row["name"]) == (90, None, "TENCENT")


def test_an_account_that_is_not_on_a_participant_page_holds_nothing():
    page = {"code": "01600", "session": START, "source": "hkex_participants"}
    page |= {"capture_id": "p-1", "known_at": KNOWN, "consenting": False}
    rows = pl.DataFrame(
        [
            page | {"participant_id": "A00004", "shares": 15},
            page | {"participant_id": "B01438", "shares": 9},
        ],
        schema=PARTICIPANTS,
    )
    assert channel_statements(rows).select("channel", "shares").rows() == [
        ("shanghai", 0),
        ("shenzhen", 15),
    ]


@settings(max_examples=25)
@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_an_independent_source_that_agrees_never_lowers_confidence(total, shanghai, shenzhen):
    before = of(
        said("hkex_southbound", "southbound", total),
        said("sse_southbound", "shanghai", shanghai),
        said("szse_southbound", "shenzhen", shenzhen),
    ).holdings.row(0, named=True)
    more = of(
        said("hkex_southbound", "southbound", total),
        said("sse_southbound", "shanghai", shanghai),
        said("szse_southbound", "shenzhen", shenzhen),
        said("hkex_participants", "shanghai", before["shares"]),
        said("hkex_participants", "shenzhen", 0),
    ).holdings.row(0, named=True)
    assert more["shares"] == before["shares"]
    assert more["confidence"] >= before["confidence"]


def test_doubtful_rows_are_counted():
    rows = of(SSE).holdings
    assert plausibility_faults(rows, sessions=[START, date(2026, 1, 6)]) == {
        "missing_session": 1,
        "unknown_total": 1,
        "low_confidence": 1,
        "uncorroborated": 1,
        "missing_percent": 1,
    }
    broken = rows.with_columns(
        code=pl.lit("700"), shares=-1, shenzhen_shares=1, percent=-0.5, capture_id=None
    )
    assert structural_faults(pl.concat([broken, broken], how="vertical_relaxed"), sessions=[]) == {
        "duplicate_row": 2,
        "not_a_session": 2,
        "malformed_code": 2,
        "negative_shares": 2,
        "percent_out_of_range": 2,
        "broken_sum": 2,
        "confidence_out_of_range": 0,
        "number_without_capture": 2,
    }
