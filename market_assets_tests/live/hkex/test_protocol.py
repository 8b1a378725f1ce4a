"""The real protocol over real sockets: a range of days is filled, whatever happens on the way."""

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
from polars.testing import assert_frame_equal

from market_assets.defs.hkex.timing import out_at, shows
from market_assets.defs.markets import HKEX
from market_assets.sandbox.hkex.form_state import REFUSED
from market_assets.sandbox.hkex.mischief import REFUSALS
from market_assets.sandbox.messages import Answer, Question
from market_assets.sources.registry import source
from market_assets_tests.built import published
from market_assets_tests.built_hkex import hkex, holdings, truth
from market_assets_tests.live.hkex.publisher import MARKET, Publishers

EXACT = ("code", "session", "name", "shares", "percent")
DOWN = Answer(body=b"Not Found", media_type="text/plain", status=404)


def newest(count: int):
    """The newest sessions that are out, ascending."""
    return HKEX.last_sessions(count, until=HKEX.newest(datetime.now(UTC)))


def test_a_range_of_days_is_filled_though_every_thirtieth_request_is_reset(httpserver, tmp_path):
    def resets(_source: str, question: Question, turn: int) -> Question | None:
        return None if turn % 30 == 29 else question

    publishers = Publishers(httpserver, fault=resets)
    done = hkex("--days", 33, data=tmp_path, **publishers.settings("hkex_southbound"))
    assert done.status == 0, done.out
    found = holdings(tmp_path, mode="live").select(EXACT)
    assert_frame_equal(found, truth(newest(33), MARKET).select(EXACT))
    posted = publishers.posts("hkex_southbound")
    assert len(posted) == len(set(posted)) + (len(publishers.asked["hkex_southbound"]) >= 30)


def test_refusals_are_overcome_and_each_day_is_its_own(httpserver, tmp_path):
    """A refused ViewState, maintenance, and an answer for another date than asked."""
    days = newest(5)

    def troubled(_source: str, question: Question, turn: int) -> Question | Answer:
        if turn in {1, 4}:
            return {1: REFUSED, 4: REFUSALS["maintenance"]}[turn]
        if turn == 6:
            form = {**question.form, "txtShareholdingDate": f"{days[0]:%Y/%m/%d}"}
            return replace(question, form=form)
        return question

    publishers = Publishers(httpserver, fault=troubled)
    done = hkex("--days", 5, data=tmp_path, **publishers.settings("hkex_southbound"))
    assert done.status == 0, done.out
    found = holdings(tmp_path, mode="live").select(EXACT)
    assert_frame_equal(found, truth(days, MARKET).select(EXACT))


def test_of_one_channel_alone_no_total_is_made(httpserver, tmp_path):
    def half(source: str, question: Question, _turn: int) -> Question | Answer:
        return DOWN if source == "sse_southbound" else question

    publishers = Publishers(httpserver, fault=half)
    both = ("sse_southbound", "szse_southbound")
    done = hkex("--days", 6, data=tmp_path, **publishers.settings(*both))
    assert done.status == 0, done.out
    found = holdings(tmp_path, mode="live")
    shenzhen, now = source("szse_southbound"), datetime.now(UTC)
    shown = [day for day in newest(6) if shows(shenzhen, day) and out_at(shenzhen, day) <= now]
    expected = truth(shown, MARKET).with_columns(
        pl.lit(None, dtype=pl.Int64).alias("shares"),
        pl.lit(None, dtype=pl.Int64).alias("shanghai_shares"),
        pl.lit(None, dtype=pl.Float64).alias("percent"),
    )
    assert_frame_equal(found, expected)
    doubted = published(
        tmp_path, "SELECT max(confidence) FROM hkex.southbound_holdings", mode="live"
    )
    assert doubted.item() == 0
    assert "unknown_total" in done.out


def test_of_both_channels_the_total_is_made_and_without_hkex_no_percentage(httpserver, tmp_path):
    publishers = Publishers(httpserver)
    both = ("sse_southbound", "szse_southbound")
    done = hkex("--days", 6, data=tmp_path, **publishers.settings(*both))
    assert done.status == 0, done.out
    found = holdings(tmp_path, mode="live")
    expected = truth(found["session"].unique().sort(), MARKET)
    unstated = pl.lit(None, dtype=pl.Float64).alias("percent")
    assert_frame_equal(found, expected.with_columns(unstated))
    assert "hkex_southbound" not in publishers.asked
