"""What is due of each source: what is not held, seldom pages once a week, the API with a key."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from market_assets.defs.captures import asked_source
from market_assets.defs.central_bank.asking import ASKING, talks
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.platform import Platform
from market_assets.defs.window import Window
from market_assets.settings import read_settings
from market_assets.sources.registry import source
from market_assets_tests.built_central_bank import LAST, SESSIONS

LIVE = {"web": "live", "contact": "desk@example.org"}
WEEK = Window(sessions=SESSIONS[-5:])
SUNDAY = datetime(2026, 11, 15, 12, tzinfo=UTC)
"""After the newest session, before all of it is out."""


@pytest.fixture
def platform(tmp_path) -> Iterator[Platform]:
    opened = Platform(read_settings({"data_dir": tmp_path}))
    with closing(opened.archive):
        yield opened


def due(platform: Platform, name: str, days: Window, now: datetime) -> list[tuple[date, ...]]:
    """The sessions of each conversation that is to be held at ``now``."""
    return [talk.ask.sessions for talk in talks(platform, source(name), days, now)]


def capture(platform: Platform, name: str, *sessions: date) -> None:
    """Have ``name`` asked in the sandbox, after all of the sessions is out."""
    asked_source(platform, source(name), Window(sessions=sessions), ASKING)


def test_the_newest_day_is_asked_for_as_it_is_shown_and_earlier_ones_by_their_dates(platform):
    held = list(talks(platform, source("bkam"), WEEK, SUNDAY))
    asked = source("bkam")
    assert [(talk.conversation, talk.ask.sessions) for talk in held[:2]] == [
        (asked.snapshot, (LAST,)),
        (asked.history, WEEK.sessions[:-1]),
    ]
    assert all(talk.at <= SUNDAY for talk in held)


def test_what_is_captured_and_whole_is_not_asked_for_again(platform):
    capture(platform, "bkam_api", *WEEK.sessions[:3])
    newest_first = due(platform, "bkam_api", WEEK, SUNDAY)[0]
    assert newest_first == (LAST,)
    assert set().union(*due(platform, "bkam_api", WEEK, SUNDAY)) == set(WEEK.sessions[3:])
    anew = Window(sessions=WEEK.sessions, again=True)
    assert set().union(*due(platform, "bkam_api", anew, SUNDAY)) == set(WEEK.sessions)


def test_a_day_is_held_only_by_what_came_once_it_was_complete(platform):
    before, session = SESSIONS[-2:]
    capture(platform, "bkam", before)  # on the morning of the session, whose notes are out
    shown = [
        parsed.tables["exchange_rates"]["reference_date"].max()
        for _, parsed in platform.readings.between(source("bkam"), first=before, last=before)
        if "exchange_rates" in parsed.tables
    ]
    assert max(shown) == session
    assert due(platform, "bkam", Window(sessions=(before,)), SUNDAY) == []
    assert due(platform, "bkam", Window(sessions=(session,)), SUNDAY) == [(session,)]


@pytest.mark.parametrize("name", ["bkam_seldom", "bkam_series"])
def test_a_page_of_a_whole_history_is_asked_once_a_week_whatever_the_days_are(platform, name):
    before, day, after = (date(2026, 10, d) for d in (12, 20, 27))
    assert due(platform, name, Window(sessions=(day,)), SUNDAY) == [(day,)]
    capture(platform, name, day)
    within = CENTRAL_BANK.sessions(day, day + timedelta(days=6))
    assert due(platform, name, Window(sessions=within), SUNDAY) == []
    assert due(platform, name, Window(sessions=(date(2026, 10, 28),)), SUNDAY) != []
    assert due(platform, name, Window(sessions=(before,)), SUNDAY) == [(before,)]
    anew = Window(sessions=(after,), again=True)
    assert due(platform, name, anew, SUNDAY) == [(after,)]


def test_live_the_api_is_asked_nothing_without_a_key(tmp_path, monkeypatch):
    monkeypatch.delenv("MARKET_ASSETS_CENTRAL_BANK__EXCHANGE_KEY", raising=False)
    keyless = Platform(read_settings({"data_dir": tmp_path, **LIVE}))
    assert keyless.switch(source("bkam_api")) == (
        "MARKET_ASSETS_CENTRAL_BANK__EXCHANGE_KEY or MARKET_ASSETS_CENTRAL_BANK__BONDS_KEY"
    )
    assert due(keyless, "bkam_api", WEEK, SUNDAY) == []
    monkeypatch.setenv("MARKET_ASSETS_CENTRAL_BANK__EXCHANGE_KEY", "k-1")
    keyed = Platform(read_settings({"data_dir": tmp_path, **LIVE}))
    assert keyed.asks(source("bkam_api"))
    (first, *_) = talks(keyed, source("bkam_api"), WEEK, SUNDAY)
    questions = list(first.conversation(first.ask))
    assert [question.key for question in questions] == [
        f"reference_rates/{LAST}",
        f"banknotes/{LAST}",
    ]
