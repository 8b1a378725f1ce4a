"""How a source's service to a session is scored, and what is said of it."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.domain.quotes.quality import (
    EXPECTED,
    VOLUME_DATA_QUALITY,
    volume_data_quality,
    volume_data_quality_faults,
)
from market_assets.domain.quotes.reconcile import DAILY_QUOTES
from market_assets.domain.quotes.rows import QUOTES
from market_assets.domain.refusals import REFUSED

DAY = date(2026, 10, 8)
CLOSE = datetime(2026, 10, 8, 15, 30, tzinfo=UTC)


def quote(ticker, *, source="cdg", volume: int | None = 5, **values) -> dict:
    known_at = CLOSE + timedelta(hours=2)
    row = {"ticker": ticker, "session": DAY, "source": source, "volume": volume}
    return row | {"close": 10.0, "known_at": known_at} | values


def refusal(ticker, reason, *, source="cdg", kind="row") -> dict:
    row = {"source": source, "session": DAY, "ticker": ticker}
    return row | {"kind": kind, "reason": reason}


def agreed(ticker, confidence) -> dict:
    return {"ticker": ticker, "session": DAY, "confidence": confidence}


def due(lines=2, *, source="cdg", field="volume") -> dict:
    return {
        "source": source,
        "session": DAY,
        "lines": lines,
        "field": field,
        "closed_at": CLOSE,
    }


def quality(*quotes: dict, refused=(), daily=(), expected=None) -> pl.DataFrame:
    return volume_data_quality(
        pl.DataFrame(list(quotes), schema=QUOTES),
        refused=pl.DataFrame(list(refused), schema=REFUSED),
        daily_quotes=pl.DataFrame(list(daily), schema=DAILY_QUOTES),
        expected=pl.DataFrame(expected or [due()], schema=EXPECTED),
    )


def only(*quotes: dict, **others) -> dict:
    return quality(*quotes, **others).row(0, named=True)


def test_a_whole_service_scores_the_confidence_of_its_rows():
    found = quality(
        quote("ATW"), quote("IAM"), daily=[agreed("ATW", 1.0), agreed("IAM", 0.5), agreed("X", 0.0)]
    )
    row = ("cdg", DAY, 2, 2, 2, 1.0, 0.75, 2.0, 1.0, 0.75, None)
    assert_frame_equal(found, pl.DataFrame([row], schema=VOLUME_DATA_QUALITY, orient="row"))


def test_completeness_is_of_lines_that_state_what_is_due():
    rows = (quote("ATW"), quote("IAM", volume=None))
    found = only(*rows)
    assert (found["stated"], found["with_volume"], found["completeness"]) == (1, 1, 0.5)
    assert found["issues"] == "1 of 2 lines missing"
    by_close = only(*rows, expected=[due(field="close")])
    assert (by_close["stated"], by_close["with_volume"], by_close["issues"]) == (2, 1, None)
    suspended = only(quote("ATW"), quote("SAM", volume=None, status="S"))
    assert (suspended["stated"], suspended["completeness"]) == (2, 1.0)
    assert only(*rows, quote("BCP"), quote("CIH"))["completeness"] == 1.0


def test_freshness_is_from_the_close_to_the_latest_capture():
    later = quote("IAM", known_at=CLOSE + timedelta(hours=16, minutes=30))
    assert only(quote("ATW"), later)["freshness_hours"] == 16.5
    early = quote("ATW", known_at=CLOSE - timedelta(hours=1))
    assert only(early)["freshness_hours"] == -1.0


def test_validity_is_of_all_rows_whether_refused_whole_or_in_part():
    refused = [
        refusal("ATW", "unit rule"),
        refusal("ZZZ", "unknown line"),
        refusal(None, "no number: 'abc'"),
    ]
    found = only(quote("ATW"), quote("IAM"), refused=refused)
    assert found["validity"] == 0.25
    assert only(quote("ATW"), refused=refused[:1])["validity"] == 0.0
    twice = [refusal("ATW", "duplicate row"), refusal("ATW", "duplicate row")]
    assert only(quote("ATW"), quote("IAM"), refused=twice)["validity"] == 0.5


def test_a_line_that_keeps_an_old_price_is_missing_but_no_fault():
    rows = (quote("ATW"), quote("IAM"))
    old = refusal("CMT", "stale: a price of 2026-10-05 on a page of 2026-10-08", kind="stale")
    found = only(*rows, refused=[old], expected=[due(3)])
    assert (found["validity"], found["issues"]) == (1.0, "1 of 3 lines missing")
    fault = only(*rows, refused=[old | {"kind": "row"}], expected=[due(3)])
    assert fault["validity"] == 2 / 3
    assert fault["issues"].startswith("1 of 3 lines missing; 1 x stale")


def test_issues_come_by_number():
    refused = [refusal(f"T{k}", "ghost session") for k in range(3)]
    found = only(refused=[refusal("ATW", "impossible price"), *refused], expected=[due(81)])
    assert found["issues"] == ("81 of 81 lines missing; 3 x ghost session; 1 x impossible price")
    assert (found["validity"], found["score"]) == (0.0, 0.0)


def test_a_source_that_said_nothing_is_scored_all_the_same():
    row = ("cdg", DAY, 2, 0, 0, 0.0, None, None, None, 0.0, "no rows")
    assert_frame_equal(quality(), pl.DataFrame([row], schema=VOLUME_DATA_QUALITY, orient="row"))


def test_one_source_never_answers_for_another():
    found = quality(
        quote("ATW", source="bmce"),
        refused=[refusal("ATW", "unit rule", source="wafa")],
        daily=[agreed("ATW", 0.5)],
        expected=[due(1, source="cdg"), due(1, source="bmce"), due(1, source="wafa")],
    )
    assert found.select("source", "stated", "score", "issues").rows() == [
        ("bmce", 1, 0.5, None),
        ("cdg", 0, 0.0, "no rows"),
        ("wafa", 0, 0.0, "1 of 1 lines missing; 1 x unit rule"),
    ]


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("share_outside_0_to_1", {"completeness": 1.1}),
        ("share_outside_0_to_1", {"validity": -0.1}),
        ("known_before_close", {"freshness_hours": -0.5}),
        ("perfect_with_issues", {"issues": "1 x unit rule"}),
    ],
)
def test_each_fault_is_counted(fault, change):
    sound = quality(quote("ATW"), daily=[agreed("ATW", 1.0)], expected=[due(1)])
    assert set(volume_data_quality_faults(sound).values()) == {0}
    broken = sound.with_columns(
        pl.lit(value, dtype=VOLUME_DATA_QUALITY[name]).alias(name) for name, value in change.items()
    )
    assert {k for k, rows in volume_data_quality_faults(broken).items() if rows} == {fault}
    assert volume_data_quality_faults(pl.concat([sound, sound]))["duplicate_row"] == 2
