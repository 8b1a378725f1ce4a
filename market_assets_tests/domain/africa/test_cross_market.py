"""Markets beside each other: in one currency, each value with its age, nothing invented."""

import math
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.africa.cross_market import (
    CROSS_MARKET,
    cross_market,
    values_without_rate,
)
from market_assets.domain.africa.rates import with_rate
from market_assets.domain.africa.returns import (
    CHANGES,
    CORRELATIONS,
    MARKET_RETURNS,
    correlations,
    market_returns,
)
from market_assets.domain.africa.rules import cross_market_faults, sector_weights_faults
from market_assets.domain.africa.sector_weights import (
    SECTOR_WEIGHTS,
    sector_weights,
)
from market_assets.domain.currencies.rows import RATES as RATES_QUOTED
from market_assets_tests.domain.africa.african_rows import (
    MONDAY,
    MONEY,
    calendars,
    daily,
    rates,
    weekdays,
)

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = weekdays(5)[1:]
DAYS = weekdays(5)
TWO = MONEY.filter(pl.col("mic").is_in(["XNSA", "XCAS"]))


def row(mic, ticker, day, close, *, cap=None, turnover=None, currency=None) -> dict:
    known = {} if currency is None else {"currency": currency}
    stated = {"mic": mic, "ticker": ticker, "session": day, "close": close}
    return {**stated, "market_cap": cap, "turnover": turnover, **known}


QUOTES = daily(
    row("XCAS", "ATW", MONDAY, 100.0, cap=1000.0, turnover=50.0),
    row("XCAS", "IAM", MONDAY, 10.0, cap=3000.0, turnover=5.0),
    row("XCAS", "ATW", TUESDAY, 110.0, cap=1100.0, turnover=60.0),
    row("XCAS", "IAM", TUESDAY, 9.0, turnover=None),
    row("XNSA", "MTNN", MONDAY, 200.0, cap=5000.0, turnover=100.0),
    row("XNSA", "MTNN", TUESDAY, 210.0, turnover=300.0),
)
RATES = rates(
    *((day, "MAD", 0.1) for day in DAYS[1:]), (MONDAY, "MAD", 0.08), (FRIDAY, "NGN", 0.001)
)


def returns(quotes=QUOTES, days=DAYS) -> pl.DataFrame:
    return market_returns(quotes, sessions=calendars(days, "XCAS", "XNSA"), markets=MONEY)


def compared(as_of=FRIDAY, *, quotes=QUOTES, known=RATES) -> pl.DataFrame:
    return cross_market(
        quotes, returns(quotes), as_of=[as_of], markets=TWO, rates=known, currency="USD"
    )


def value(frame: pl.DataFrame, mic: str, measure: str) -> dict:
    return frame.row(
        by_predicate=(pl.col("mic") == mic) & (pl.col("measure") == measure), named=True
    )


def test_a_market_cap_is_of_each_line_s_newest_statement_with_both_ages():
    result = compared()
    assert result.schema == CROSS_MARKET
    cap = value(result, "XCAS", "market_cap")
    assert (cap["local_value"], cap["local_currency"], cap["lines"]) == (4100.0, "MAD", 2)
    assert (cap["value"], cap["currency"]) == (pytest.approx(410.0), "USD")
    assert (cap["session"], cap["age_days"], cap["oldest_age_days"]) == (TUESDAY, 3, 4)
    assert (cap["rate"], cap["rate_age_days"], cap["rate_path"]) == (0.1, 2, "MAD>USD")


def test_a_turnover_is_of_the_newest_session_that_states_one():
    turnover = value(compared(), "XCAS", "turnover")
    assert (turnover["local_value"], turnover["lines"]) == (60.0, 1)
    assert (turnover["value"], turnover["age_days"]) == (pytest.approx(6.0), 3)


def test_breadth_counts_and_has_no_currency():
    result = compared()
    counts = [value(result, "XCAS", m)["value"] for m in ("rising", "falling", "unchanged")]
    assert counts == [1.0, 1.0, 0.0]
    breadth = value(result, "XNSA", "breadth")
    assert (breadth["value"], breadth["currency"], breadth["rate"]) == (1.0, None, None)


def test_a_return_in_another_currency_has_the_rate_s_own_return_in_it():
    result = compared()
    gain = value(result, "XCAS", "weighted_return_1")
    # Weights are Monday's: (0.1 x 1000 - 0.1 x 3000) / 4000; the dirham went from 0.08 to 0.1.
    assert gain["local_value"] == pytest.approx(-0.05)
    assert gain["value"] == pytest.approx(0.95 * 1.25 - 1)
    equal = value(result, "XCAS", "return_1")
    assert equal["local_value"] == pytest.approx(0.0)
    assert value(result, "XCAS", "return_5")["local_value"] is None


def test_a_currency_with_no_path_leaves_the_local_value_alone():
    result = compared(known=RATES.filter(pl.col("base") != "NGN"))
    cap = value(result, "XNSA", "market_cap")
    assert (cap["local_value"], cap["value"], cap["rate_path"]) == (5000.0, None, None)


def quoted(*first: tuple[str, date]) -> pl.DataFrame:
    """Each currency quoted in dollars from a day on."""
    rows = [{"base": base, "quote": "USD", "reference_date": day} for base, day in first]
    return pl.DataFrame(rows, schema=RATES_QUOTED)


def lacking(*first: tuple[str, date], known=RATES) -> list[tuple[str, str]]:
    found = values_without_rate(compared(known=known), quoted(*first))
    return found.select("mic", "measure").rows()


RETURNED = [("XNSA", "return_1")]
"""Lagos's return of Tuesday: the naira has a rate on Friday alone."""


def test_a_value_lacks_a_rate_that_could_be_known_on_its_days():
    assert lacking(("MAD", MONDAY), ("NGN", MONDAY)) == [*RETURNED, ("XNSA", "weighted_return_1")]


def test_a_value_of_days_before_its_currency_was_quoted_lacks_nothing():
    assert lacking(("MAD", MONDAY), ("NGN", TUESDAY)) == []
    dirhams = RATES.filter((pl.col("base") != "MAD") | (pl.col("as_of") != MONDAY))
    assert lacking(("MAD", TUESDAY), ("NGN", TUESDAY), known=dirhams) == []
    assert ("XCAS", "return_1") in lacking(("MAD", MONDAY), ("NGN", MONDAY), known=dirhams)


def test_a_currency_that_nobody_ever_quoted_lacks_all():
    without = RATES.filter(pl.col("base") != "NGN")
    assert {mic for mic, _ in lacking(("MAD", MONDAY), known=without)} == {"XNSA"}
    measures = {measure for _, measure in lacking(("MAD", MONDAY), known=without)}
    assert measures == {"market_cap", "turnover", "return_1", "weighted_return_1"}
    assert {mic for mic, _ in lacking(known=rates())} == {"XNSA", "XCAS"}


def test_money_that_is_already_in_the_currency_needs_no_rate():
    result = cross_market(
        QUOTES, returns(), as_of=[FRIDAY], markets=TWO, rates=rates(), currency="MAD"
    )
    cap = value(result, "XCAS", "market_cap")
    assert (cap["value"], cap["rate"], cap["rate_age_days"]) == (4100.0, 1.0, 0)
    assert value(result, "XNSA", "market_cap")["value"] is None


def test_nothing_of_a_later_session_is_shown():
    result = compared(MONDAY)
    assert value(result, "XCAS", "market_cap")["local_value"] == 4000.0
    assert value(result, "XCAS", "turnover")["local_value"] == 55.0
    assert value(result, "XCAS", "return_1")["local_value"] is None
    assert cross_market_faults(result)["value_of_the_future"] == 0


def test_what_is_older_than_may_be_carried_is_not_shown_but_its_market_is():
    for days, known in ((10, True), (11, False)):
        result = compared(TUESDAY + timedelta(days=days))
        turnover = value(result, "XCAS", "turnover")
        assert (turnover["local_value"] is not None) is known
    assert set(result["mic"]) == {"XCAS", "XNSA"}


def test_a_missing_session_is_never_stepped_over():
    quotes = daily(*(row("XCAS", "ATW", day, 100.0) for day in (MONDAY, WEDNESDAY, THURSDAY)))
    result = returns(quotes)
    assert result.schema == MARKET_RETURNS
    assert result.select("session", "lines", "return_equal").rows() == [
        (MONDAY, 0, None),
        (TUESDAY, 0, None),
        (WEDNESDAY, 0, None),
        (THURSDAY, 1, 0.0),
    ]


@pytest.mark.parametrize(("close", "left_out"), [(149.0, 0), (150.0, 1), (67.0, 0), (66.0, 1)])
def test_a_leap_that_only_a_split_can_make_is_left_out(close, left_out):
    quotes = daily(row("XCAS", "A", MONDAY, 100.0), row("XCAS", "A", TUESDAY, close))
    found = returns(quotes).row(-1, named=True)
    assert (found["left_out"], found["lines"]) == (left_out, 1 - left_out)
    assert (found["return_equal"] is None) is bool(left_out)


def test_a_line_in_foreign_money_is_in_no_return():
    quotes = daily(
        *(row("XCAI", "EGBE", day, 1.0, currency="USD") for day in (MONDAY, TUESDAY)),
        *(row("XCAI", "COMI", day, 80.0) for day in (MONDAY, TUESDAY)),
    )
    found = market_returns(quotes, sessions=calendars(DAYS, "XCAI"), markets=MONEY)
    assert found["lines"].to_list() == [0, 1]


def described_as(*lines: tuple[str, str, str | None, date]) -> pl.DataFrame:
    columns = ["mic", "ticker", "icb_sector", "session"]
    return pl.DataFrame(list(lines), schema=columns, orient="row")


def test_a_line_is_in_the_industry_of_that_day():
    known = described_as(
        ("XNSA", "MTNN", "Telecom", TUESDAY),
        ("XNSA", "MTNN", None, WEDNESDAY),
        ("XNSA", "MTNN", "Technology", THURSDAY),
    )
    days = [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]
    quotes = QUOTES.filter(mic="XNSA")
    weights = sector_weights(quotes, known, as_of=days)
    industries = [None, "Telecom", None, "Technology", None]
    assert weights.select("as_of", "icb_sector").rows() == list(zip(days, industries, strict=True))
    for day in days:
        alone = sector_weights(quotes, known, as_of=[day])
        assert_frame_equal(alone, weights.filter(as_of=day))


def test_sector_weights_are_parts_of_their_market_with_the_unknown_apart():
    known = described_as(("XCAS", "ATW", "Financials", FRIDAY), ("XNSA", "MTNN", "Telecom", FRIDAY))
    result = sector_weights(QUOTES, known, as_of=[FRIDAY])
    assert result.schema == SECTOR_WEIGHTS
    assert result.select("mic", "icb_sector", "market_cap", "weight", "age_days").rows() == [
        ("XCAS", None, 3000.0, pytest.approx(3000 / 4100), 4),
        ("XCAS", "Financials", 1100.0, pytest.approx(1100 / 4100), 3),
        ("XNSA", "Telecom", 5000.0, 1.0, 4),
    ]
    assert set(sector_weights_faults(result).values()) == {0}
    doubled = sector_weights_faults(pl.concat([result, result]))
    assert doubled == {"duplicate_row": 6, "no_weight": 0, "weights_not_whole": 2}


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (pl.concat([RATES, RATES]), "two rates to USD for one day and currency"),
        (rates((FRIDAY, "MAD", 0.0)), "a rate to USD that is not above 0"),
    ],
)
def test_rates_that_cannot_be_are_refused(known, words):
    with pytest.raises(ValueError, match=words):
        with_rate(MONEY.with_columns(as_of=FRIDAY), known, day="as_of", currency="USD")


def walk(gains, mic: str, days: list[date]) -> pl.DataFrame:
    closes = [100.0]
    for gain in gains:
        closes.append(closes[-1] * math.exp(gain))
    return daily(*(row(mic, "A", day, c) for day, c in zip(days, closes, strict=True)))


LONG = weekdays(CHANGES + 1)
SAME = rates(*((day, base, 1.0) for day in LONG for base in ("MAD", "NGN")))


def together(one, other, *, known=SAME, days=LONG, other_days=LONG) -> dict:
    quotes = pl.concat([walk(one, "XCAS", days), walk(other, "XNSA", other_days)])
    sessions = pl.concat([calendars(days, "XCAS"), calendars(other_days, "XNSA")])
    result = correlations(
        market_returns(quotes, sessions=sessions, markets=MONEY),
        as_of=[LONG[-1] + timedelta(days=3)],
        markets=MONEY,
        rates=known,
        currency="USD",
    )
    assert result.schema == CORRELATIONS
    return result.row(0, named=True)


SWINGS = [0.01 * math.sin(3 * k) for k in range(CHANGES)]


def test_a_market_goes_wholly_with_its_copy_and_against_its_mirror():
    found = together(SWINGS, SWINGS)
    assert (found["mic"], found["other_mic"], found["changes"]) == ("XCAS", "XNSA", CHANGES)
    assert (found["first_session"], found["age_days"]) == (LONG[0], 3)
    assert found["correlation"] == found["correlation_local"] == pytest.approx(1)
    assert together(SWINGS, [-g for g in SWINGS])["correlation"] == pytest.approx(-1)


def test_a_day_that_one_market_does_not_trade_joins_the_moves_of_the_other():
    days = [*LONG, *weekdays(1, first=LONG[-1] + timedelta(days=1))]
    skipped = [day for day in days if day != days[7]]
    swings = [*SWINGS, 0.004]
    merged = [*swings[:6], swings[6] + swings[7], *swings[8:]]
    known = rates(*((day, base, 1.0) for day in days for base in ("MAD", "NGN")))
    found = together(swings, merged, days=days, other_days=skipped, known=known)
    assert (found["changes"], found["correlation"]) == (CHANGES, pytest.approx(1))


def test_too_few_changes_or_a_market_that_stands_still_have_no_correlation():
    short = together(SWINGS[1:], SWINGS[1:], days=LONG[1:], other_days=LONG[1:])
    assert (short["changes"], short["correlation"]) == (CHANGES - 1, None)
    assert together(SWINGS, [0.0] * CHANGES)["correlation_local"] is None


def test_without_a_rate_there_is_only_the_local_correlation():
    found = together(SWINGS, SWINGS, known=SAME.filter(pl.col("as_of") != LONG[5]))
    assert (found["correlation"], found["correlation_local"]) == (None, pytest.approx(1))


moves = st.lists(st.floats(-0.1, 0.1), min_size=CHANGES, max_size=CHANGES)


@settings(max_examples=15)
@given(moves, moves)
def test_a_correlation_is_between_minus_one_and_one_and_the_same_both_ways(one, other):
    ours, theirs = (together(*pair)["correlation_local"] for pair in ((one, other), (other, one)))
    assert (ours is None) == (theirs is None)
    if ours is not None:
        assert -1 <= ours <= 1
        assert ours == pytest.approx(theirs, abs=1e-6)
