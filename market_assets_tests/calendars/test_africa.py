"""The neighbours' sessions, each exchange's own and of all together."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market_assets.calendars.africa import CALENDARS
from market_assets.calendars.days import days_in
from market_assets.calendars.sessions import (
    bounds,
    is_session,
    newest_closed_session,
    session_close,
    session_open,
    sessions_between,
)

DAYS = st.dates(date(2023, 1, 2), date(2027, 12, 31))
NIGERIA_2026 = """
2026-01-01 2026-03-19 2026-03-20 2026-04-03 2026-04-06 2026-05-01 2026-05-27 2026-05-28 2026-06-12
2026-08-25 2026-10-01 2026-12-25
"""


def shut(mic, week):
    days = (date(2026, 1, 1) + timedelta(days=place) for place in range(365))
    return [day for day in days if day.isoweekday() in week and not is_session(mic, day)]


def test_nigeria_is_closed_in_2026_on_the_weekdays_a_public_list_names():
    assert [day.isoformat() for day in shut("XNSA", {1, 2, 3, 4, 5})] == NIGERIA_2026.split()


def test_cairo_trades_on_sundays_and_never_on_fridays_and_saturdays():
    days = sessions_between("XCAI", *bounds("XCAI"))
    assert {day.isoweekday() for day in days} == {7, 1, 2, 3, 4}
    assert is_session("XCAI", date(2026, 11, 15))
    assert not is_session("XCAI", date(2026, 11, 20))
    assert not is_session("XCAI", date(2026, 10, 6))


@pytest.mark.parametrize("mic", ["XNSA", "XJSE", "XBRV"])
def test_lagos_johannesburg_and_abidjan_trade_from_monday_to_friday(mic):
    days = sessions_between(mic, *bounds(mic))
    assert {day.isoweekday() for day in days} == {1, 2, 3, 4, 5}


def test_abidjan_trades_on_every_day_of_which_its_index_is_known(samples):
    known = json.loads((samples / "bam_africa/afx_derived/brvm_index.json").read_text("utf-8"))
    days = [date.fromisoformat(item["Date"]) for item in known]
    assert list(sessions_between("XBRV", days[0], days[-1])) == days


def test_good_friday_is_abidjans_alone_and_the_day_after_a_cup_was_nobodys_but_abidjans():
    for friday in (date(2023, 4, 7), date(2024, 3, 29), date(2025, 4, 18)):
        assert [mic for mic in CALENDARS if is_session(mic, friday)] == ["XBRV"]
    assert [mic for mic in CALENDARS if not is_session(mic, date(2024, 2, 12))] == ["XBRV"]


def test_saved_pages_are_of_sessions():
    assert is_session("XNSA", date(2026, 6, 5))
    assert is_session("XCAI", date(2026, 8, 13))
    assert is_session("XCAI", date(2026, 8, 19))
    assert is_session("XJSE", date(2025, 11, 28))


@pytest.mark.parametrize(
    ("mic", "day", "opened", "closed"),
    [
        ("XNSA", date(2026, 11, 16), (9, 0), (13, 30)),
        ("XCAI", date(2026, 11, 16), (8, 0), (12, 30)),
        ("XCAI", date(2026, 7, 20), (7, 0), (11, 30)),
        ("XJSE", date(2026, 11, 16), (7, 0), (15, 0)),
        ("XBRV", date(2026, 11, 16), (9, 45), (15, 0)),
        ("AFRICA", date(2026, 11, 16), (7, 0), (15, 0)),
        ("AFRICA", date(2026, 11, 15), (8, 0), (12, 30)),
        ("AFRICA", date(2026, 9, 24), (7, 0), (15, 0)),
        ("AFRICA", date(2026, 4, 3), (9, 45), (15, 0)),
    ],
)
def test_hours_are_local_and_those_of_africa_span_the_exchanges_that_trade(
    mic, day, opened, closed
):
    assert session_open(mic, day) == datetime.combine(day, time(*opened), UTC)
    assert session_close(mic, day) == datetime.combine(day, time(*closed), UTC)


@given(day=DAYS)
def test_africa_trades_on_every_day_on_which_one_of_them_does(day):
    trading = [mic for mic in CALENDARS if is_session(mic, day)]
    assert is_session("AFRICA", day) is bool(trading)
    if trading:
        assert session_close("AFRICA", day) == max(session_close(mic, day) for mic in trading)
        assert session_open("AFRICA", day) == min(session_open(mic, day) for mic in trading)


@given(day=DAYS)
def test_a_day_of_africa_is_closed_when_the_last_of_its_exchanges_is(day):
    if is_session("AFRICA", day):
        close = session_close("AFRICA", day)
        assert newest_closed_session("AFRICA", close) == day
        if day > date(2023, 1, 31):
            assert newest_closed_session("AFRICA", close - timedelta(seconds=1)) < day


@pytest.mark.parametrize("file", ["xnsa_days.csv", "xcai_days.csv", "xbrv_days.csv"])
def test_each_closed_day_stands_once_and_says_how_it_is_known(file):
    rows = days_in(file)
    assert [row.day for row in rows] == sorted({row.day for row in rows})
    assert {row.basis for row in rows} <= {"listed", "disputed", "estimated", "observed"}
    assert {row.kind for row in rows} == {"closed"}
    assert all(row.basis != "listed" or row.day.year == 2026 for row in rows)
    assert all(row.basis != "observed" or row.day < date(2025, 10, 30) for row in rows)
    assert all(row.source for row in rows)


def test_days_outside_the_bounds_are_refused():
    for mic in (*CALENDARS, "AFRICA"):
        assert bounds(mic) == (date(2023, 1, 1), date(2027, 12, 31))
        with pytest.raises(ValueError, match=f"{mic} knows 2023-01-01 to 2027-12-31"):
            is_session(mic, date(2022, 12, 30))
