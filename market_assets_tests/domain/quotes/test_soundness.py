"""What is wrong with a reconciled table: each fault is counted alone, none where all is well."""

from datetime import date

import polars as pl
import pytest

from market_assets.domain.quotes.reconcile import DAILY_QUOTES
from market_assets.domain.quotes.soundness import (
    LOW_CONFIDENCE,
    plausibility_faults,
    structural_faults,
)

THURSDAY, FRIDAY = date(2026, 10, 15), date(2026, 10, 16)
SESSIONS = (THURSDAY, FRIDAY)
TICKERS = ("ATW", "IAM")
GOOD = {
    "mic": "XCAS",
    "status": "T",
    "open": 100.0,
    "high": 104.0,
    "low": 100.0,
    "close": 102.0,
    "volume": 1_000,
    "turnover": 102_000.0,
    "confidence": 0.98,
    "sources": "casablanca_bourse+cdg_capital",
    "capture_id": "2a6e61871f54b8b7caa5",
}


def table(*changes: dict) -> pl.DataFrame:
    """Two lines in two sessions; each of ``changes`` is put on the row of its place."""
    rows = [{"ticker": t, "session": s} | GOOD for s in SESSIONS for t in TICKERS]
    for place, change in enumerate(changes):
        rows[place] |= change
    return pl.DataFrame(rows, schema={name: DAILY_QUOTES[name] for name in rows[0]})


def structural(quotes: pl.DataFrame) -> dict[str, int]:
    faults = structural_faults(quotes, sessions=SESSIONS, tickers=TICKERS)
    return {name: rows for name, rows in faults.items() if rows}


def plausible(quotes: pl.DataFrame, sessions=SESSIONS) -> dict[str, int]:
    faults = plausibility_faults(quotes, sessions=sessions, tickers=TICKERS)
    return {name: rows for name, rows in faults.items() if rows}


def test_good_rows_have_no_fault():
    assert structural(table()) == {}
    assert plausible(table()) == {}
    assert list(structural_faults(table(), sessions=SESSIONS, tickers=TICKERS)) == [
        "duplicate_row",
        "not_a_session",
        "unknown_line",
        "negative_number",
        "broken_unit_rule",
        "confidence_out_of_range",
        "number_without_capture",
    ]


def test_no_rows_break_no_rule_of_rows():
    assert structural(table().clear()) == {}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"ticker": "IAM"}, {"duplicate_row": 2}),
        ({"session": date(2026, 10, 17)}, {"not_a_session": 1}),
        ({"ticker": "ZZZ"}, {"unknown_line": 1}),
        ({"ticker": None}, {"unknown_line": 1}),
        ({"volume": -1}, {"negative_number": 1}),
        ({"turnover": -0.01, "volume": None}, {"negative_number": 1}),
        ({"turnover": 99_999.49}, {"broken_unit_rule": 1}),
        ({"turnover": 99_999.5}, {}),
        ({"turnover": 104_000.5}, {}),
        ({"turnover": 104_000.51}, {"broken_unit_rule": 1}),
        ({"volume": 102_000}, {"broken_unit_rule": 1}),
        ({"confidence": 1.0}, {}),
        ({"confidence": 0.0}, {}),
        ({"confidence": 1.001}, {"confidence_out_of_range": 1}),
        ({"confidence": -0.001}, {"confidence_out_of_range": 1}),
        ({"confidence": None}, {"confidence_out_of_range": 1}),
        ({"capture_id": None}, {"number_without_capture": 1}),
        ({"volume": None, "turnover": None}, {}),
        ({"volume": 0, "turnover": 0.0, "high": None, "low": None}, {}),
    ],
)
def test_a_structural_fault_is_counted_alone(change, fault):
    assert structural(table(change)) == fault


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"volume": None}, {"missing_volume": 1}),
        ({"volume": None, "status": "S"}, {}),
        ({"volume": None, "status": "NT"}, {"missing_volume": 1}),
        ({"volume": 0, "status": "NT"}, {}),
        ({"confidence": LOW_CONFIDENCE}, {}),
        ({"confidence": LOW_CONFIDENCE - 0.001}, {"low_confidence": 1}),
        ({"sources": "cdg_capital"}, {"uncorroborated": 1}),
        ({"close": 102.0 / 1.09}, {}),
        ({"close": 102.0 / 1.12}, {"price_limit_broken": 1}),
        ({"close": 102.0 / 0.88}, {"price_limit_broken": 1}),
    ],
)
def test_an_implausible_value_is_counted_alone(change, fault):
    assert plausible(table(change)) == fault


def test_a_line_without_a_row_misses_its_volume():
    assert plausible(table().head(3)) == {"missing_volume": 1}


def test_a_session_without_a_row_is_missing_with_all_its_lines():
    assert plausible(table().head(2)) == {"missing_session": 1, "missing_volume": 2}


def test_the_session_before_shows_a_move_but_is_not_judged_itself():
    quotes = table({"close": 80.0, "volume": None, "confidence": 0.1, "sources": "cdg_capital"})
    assert plausible(quotes, sessions=(FRIDAY,)) == {"price_limit_broken": 1}
    assert plausible(quotes, sessions=(THURSDAY,)) == {
        "missing_volume": 1,
        "low_confidence": 1,
        "uncorroborated": 1,
    }
