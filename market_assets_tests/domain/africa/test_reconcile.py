"""One row per exchange, line and session: each exchange by its own calendar and money."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.domain.africa.listed import INDUSTRIES, LISTED, listed
from market_assets.domain.africa.reconcile import (
    AFRICAN_REFUSED,
    CLOSES,
    DISAGREEMENTS,
    Reconciled,
    reconciled,
)
from market_assets.domain.africa.rows import AFRICAN_LISTINGS
from market_assets.domain.quotes.reconcile import DAILY_QUOTES, OFFICIAL, SOURCES, UNCHECKED
from market_assets.sources.africa.icb_sectors import INDUSTRIES as NAMES
from market_assets_tests.domain.africa.african_rows import MONDAY, MONEY, statements

SUNDAY = date(2026, 10, 4)
WHO = pl.DataFrame(
    [
        ("ngx", "ngx", True, 0),
        ("egx", "egx", True, 1),
        ("lists", "lists", False, 2),
        ("afx", "afx", False, 3),
    ],
    schema=SOURCES,
    orient="row",
)
CLOSE = [("XNSA", MONDAY), ("XCAI", SUNDAY), ("XCAI", MONDAY), ("XJSE", MONDAY)]
CLOSES_AT = pl.DataFrame(
    [(mic, day, datetime(day.year, day.month, day.day, 15, tzinfo=UTC)) for mic, day in CLOSE],
    schema=CLOSES,
    orient="row",
)
LINES = pl.DataFrame(
    [
        (MONDAY, "XNSA", "DANGCEM", "NG1", "Dangote", "INDUSTRIAL GOODS", None),
        (MONDAY, "XCAI", "EGBE", "EG1", "E", "B", None),
    ],
    schema=LISTED,
    orient="row",
)


def agreed(*rows) -> Reconciled:
    return reconciled(
        statements(*rows),
        markets=MONEY,
        closes=CLOSES_AT,
        sources=WHO,
        lines=LINES,
        copied_captures=(),
    )


def test_the_official_price_stands_and_who_says_otherwise_is_named():
    result = agreed(
        {"source": "ngx", "close": 500.0, "volume": 10, "turnover": 4990.0, "high": 510.0}
        | {"low": 495.0},
        {"source": "afx", "close": 505.0, "volume": 10, "dated": False},
        {"source": "lists", "close": 500.0, "market_cap": 9e12},
    )
    assert result.daily_quotes.schema == DAILY_QUOTES
    row = result.daily_quotes.row(0, named=True)
    assert (row["mic"], row["currency"], row["name"]) == ("XNSA", "NGN", "Dangote")
    assert (row["close"], row["volume"], row["turnover"]) == (500.0, 10, 4990.0)
    assert row["market_cap"] == 9e12
    assert result.disagreements.schema == DISAGREEMENTS
    assert result.disagreements.select("mic", "field", "source", "value", "chosen").rows() == [
        ("XNSA", "close", "afx", 505.0, 500.0)
    ]


def test_a_row_is_named_by_its_own_day_and_by_nothing_that_was_said_later():
    rows = [
        {"source": "egx", "mic": "XCAI", "ticker": "EGBE", "session": day, "close": 20.0}
        for day in (SUNDAY, MONDAY)
    ]
    daily = agreed(*rows).daily_quotes
    assert daily.select("session", "isin", "name", "sector").rows() == [
        (SUNDAY, None, None, None),
        (MONDAY, "EG1", "E", "B"),
    ]


def test_one_ticker_on_two_exchanges_is_two_lines():
    result = agreed(
        {"source": "ngx", "ticker": "OK", "close": 5.0},
        {"source": "egx", "mic": "XCAI", "ticker": "OK", "close": 7.0},
    )
    assert result.daily_quotes.select("mic", "close", "currency", "name").rows() == [
        ("XCAI", 7.0, "EGP", None),
        ("XNSA", 5.0, "NGN", None),
    ]
    assert result.disagreements.is_empty()


def test_each_exchange_has_its_own_sessions():
    result = agreed(
        {"source": "egx", "mic": "XCAI", "ticker": "COMI", "session": SUNDAY, "close": 80.0},
        {"source": "ngx", "session": SUNDAY, "close": 500.0},
    )
    assert result.daily_quotes.select("mic", "session").rows() == [("XCAI", SUNDAY)]
    assert result.refused.schema == AFRICAN_REFUSED
    assert result.refused.select("mic", "session", "kind").rows() == [
        ("XNSA", SUNDAY, "not_a_session")
    ]


DOLLARS = {
    "source": "egx",
    "mic": "XCAI",
    "ticker": "EGBE",
    "currency": "USD",
    "close": 0.5,
    "high": 0.52,
    "low": 0.48,
    "volume": 1000,
    "turnover": 25_300.0,
    "market_cap": 1e9,
}


def test_a_line_in_dollars_keeps_its_turnover_in_pounds():
    row = agreed(DOLLARS).daily_quotes.row(0, named=True)
    assert (row["currency"], row["close"], row["volume"]) == ("USD", 0.5, 1000)
    assert (row["turnover"], row["market_cap"]) == (25_300.0, 1e9)
    assert row["turnover_confidence"] == OFFICIAL
    assert row["confidence"] == pytest.approx(OFFICIAL * UNCHECKED)


def test_in_pounds_the_same_numbers_break_the_unit_rule():
    result = agreed(DOLLARS | {"currency": "EGP"})
    assert result.refused["kind"].to_list() == ["unit_rule"]
    row = result.daily_quotes.row(0, named=True)
    assert row["volume"] is row["turnover"] is None


def test_another_turnover_of_a_line_in_dollars_is_shown():
    other = DOLLARS | {"source": "lists", "turnover": 20_000.0}
    result = agreed(DOLLARS, other)
    row = result.daily_quotes.row(0, named=True)
    assert row["turnover"] == 25_300.0
    assert row["turnover_confidence"] < OFFICIAL
    shown = result.disagreements.filter(field="turnover")
    assert shown.select("source", "value", "chosen").rows() == [("lists", 20_000.0, 25_300.0)]


def test_an_exchange_whose_money_is_not_known_is_refused():
    with pytest.raises(ValueError, match=r"money is not known: \['XLUS'\]"):
        agreed({"source": "lists", "mic": "XLUS", "currency": "ZMW", "close": 1.0})


NAIRA = {"source": "ngx", "close": 500.0}


def test_of_two_currencies_that_of_the_best_source_stands_and_stops_nobody():
    pounds = DOLLARS | {"source": "lists", "currency": "EGP", "close": 25.3}
    result = agreed(pounds, DOLLARS, NAIRA)
    alone = agreed(DOLLARS, NAIRA)
    assert_frame_equal(result.daily_quotes, alone.daily_quotes)
    assert_frame_equal(result.disagreements, alone.disagreements)
    (refused,) = result.refused.iter_rows(named=True)
    assert (refused["mic"], refused["source"], refused["kind"]) == (
        "XCAI",
        "lists",
        "other_currency",
    )
    assert refused["text"].endswith(" EGP")


def test_a_source_that_states_two_currencies_itself_is_not_heard_of_that_line():
    pounds = {"mic": "XCAI", "ticker": "EGBE", "currency": "EGP", "close": 25.3}
    stated = ({"source": source, **pounds} for source in ("egx", "lists"))
    result = agreed(DOLLARS, *stated, NAIRA)
    assert result.daily_quotes.select("ticker", "currency", "source").rows() == [
        ("EGBE", "EGP", "lists"),
        ("DANGCEM", "NGN", "ngx"),
    ]
    assert result.refused.select("source", "kind").rows() == [("egx", "conflicting_rows")] * 2


def test_no_rows_give_empty_tables_in_their_schemas():
    result = agreed()
    assert result.daily_quotes.schema == DAILY_QUOTES
    assert result.disagreements.is_empty()


def test_a_line_is_who_the_best_source_says_and_its_industry_the_best_that_can_be_told():
    at = datetime(2026, 10, 5, 20, tzinfo=UTC)
    known = {"mic": "XNSA", "ticker": "MTNN", "capture_id": "a", "known_at": at, "session": MONDAY}
    said = pl.DataFrame(
        [
            {**known, "source": "ngx", "sector": "ICT"},
            {**known, "source": "lists", "sector": "Telecom", "name": "MTN Nigeria"},
        ],
        schema={**AFRICAN_LISTINGS, "session": pl.Date},
    )
    means = pl.DataFrame(
        [("ngx", "ICT", None), ("lists", "Telecom", "Telecom")], schema=INDUSTRIES, orient="row"
    )
    result = listed(said, as_of=[MONDAY], sources=WHO, industries=means)
    assert result.schema == LISTED
    assert result.rows() == [(MONDAY, "XNSA", "MTNN", None, "MTN Nigeria", "ICT", "Telecom")]
    assert "Telecom" in NAMES


def test_a_line_is_what_the_best_source_last_said_by_that_day_for_ten_days():
    def said(source, day, **what):
        at = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
        known = {"session": day, "known_at": at, "capture_id": f"{day}"}
        return {"mic": "XNSA", "ticker": "MTNN", "source": source, **known, **what}

    days = [MONDAY + timedelta(days=n) for n in (0, 1, 2, 11)]
    rows = pl.DataFrame(
        [
            *(said("lists", day, sector="Telecom") for day in days),
            said("ngx", days[0], sector="ICT"),
            said("ngx", days[2], sector="TELCO"),
        ],
        schema={**AFRICAN_LISTINGS, "session": pl.Date},
    )
    means = pl.DataFrame(schema=INDUSTRIES)
    about = {"sources": WHO, "industries": means}
    whole = listed(rows, as_of=days, **about)
    assert whole["sector"].to_list() == ["ICT", "ICT", "TELCO", "TELCO"]
    late = listed(rows, as_of=[days[3] + timedelta(days=2)], **about)
    assert late["sector"].to_list() == ["Telecom"]
    for day in days:
        assert_frame_equal(listed(rows, as_of=[day], **about), whole.filter(session=day))


def test_a_replay_takes_the_few_lines_in_dollars_with_it():
    pounds = [{"ticker": f"L{place}", "close": 20.0 + place} for place in range(20)]
    cairo = {"source": "egx", "mic": "XCAI", "volume": 1000}
    shown = [
        {**cairo, "session": day, **line}
        for day in (SUNDAY, MONDAY)
        for line in [*pounds, {key: DOLLARS[key] for key in ("ticker", "currency", "close")}]
    ]
    result = agreed(*shown)
    assert result.daily_quotes["session"].unique().to_list() == [SUNDAY]
    assert result.refused.select("session", "kind").unique().rows() == [(MONDAY, "ghost_session")]
    assert result.refused.height == 21
