"""Who is asked live without being switched on: the two exchanges, and never HKEX."""

from datetime import UTC, datetime

import polars as pl
from polars.testing import assert_frame_equal

from market_assets.defs.hkex.timing import out_at, shows
from market_assets.defs.markets import HKEX
from market_assets.sources.registry import source
from market_assets_tests.built import published
from market_assets_tests.built_hkex import hkex, holdings, truth
from market_assets_tests.live.hkex.addresses import everybody_at
from market_assets_tests.live.hkex.publisher import MARKET, Publishers


def newest(count: int):
    """The newest sessions that are out, ascending."""
    return HKEX.last_sessions(count, until=HKEX.newest(datetime.now(UTC)))


def test_of_one_channel_alone_no_total_is_made(httpserver, tmp_path):
    Publishers(httpserver, down=frozenset({"sse_southbound"}))
    done = hkex("--days", 6, data=tmp_path, **everybody_at(httpserver))
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


def test_unless_switched_on_hkex_is_not_asked_and_the_channels_make_the_total(httpserver, tmp_path):
    publishers = Publishers(httpserver)
    done = hkex("--days", 6, data=tmp_path, **everybody_at(httpserver))
    assert done.status == 0, done.out
    found = holdings(tmp_path, mode="live")
    expected = truth(found["session"].unique().sort(), MARKET)
    unstated = pl.lit(None, dtype=pl.Float64).alias("percent")
    assert_frame_equal(found, expected.with_columns(unstated))
    assert set(publishers.asked) == {"sse_southbound", "szse_southbound"}
