"""The days of the central bank against the exchange's."""

from datetime import UTC, date, datetime

from market_assets.calendars.sessions import is_session, newest_closed_session, sessions_between


def test_the_bank_keeps_the_feasts_of_the_exchange_but_not_its_annulled_session():
    year = (date(2026, 1, 1), date(2026, 12, 31))
    bank, exchange = (set(sessions_between(name, *year)) for name in ("BKAM", "XCAS"))
    assert bank - exchange == {date(2026, 9, 17)}
    assert exchange - bank == {date(2026, 12, 25)}


def test_no_rates_are_fixed_on_christmas_day_and_the_day_after():
    assert not is_session("BKAM", date(2025, 12, 25))
    assert not is_session("BKAM", date(2025, 12, 26))
    assert is_session("BKAM", date(2025, 12, 24))


def test_rates_of_a_day_are_out_in_the_afternoon():
    day = date(2026, 11, 19)
    assert newest_closed_session("BKAM", datetime(2026, 11, 19, 16, 29, tzinfo=UTC)) < day
    assert newest_closed_session("BKAM", datetime(2026, 11, 19, 16, 30, tzinfo=UTC)) == day
