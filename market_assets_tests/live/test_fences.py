"""What a publisher forbids, how often it may be asked, and what stands when nobody answers."""

from itertools import pairwise

import pytest
from polars.testing import assert_frame_equal

from market_assets.sandbox.casablanca.market import Market
from market_assets_tests.live.publishers import ROBOTS, publishing
from market_assets_tests.live.runs import live, market_assets
from market_assets_tests.live.scenes import quotes
from market_assets_tests.live.truth import untrue


@pytest.mark.parametrize("source", ["bmce_capital", "investing"])
def test_what_robots_forbids_is_not_asked(fenced, source):
    assert [seen.path for seen in fenced.seen[source]] == ["/robots.txt"]
    assert "Disallowed: the robots.txt of 127.0.0.1" in fenced.why(source)


def test_robots_forbids_what_it_names_and_nothing_else(fenced):
    assert {seen.path for seen in fenced.asked("wafabourse")} == {"/"}
    assert "/api/proxy/token" in fenced.why("wafabourse")


def test_while_robots_cannot_be_had_nothing_is_asked(fenced):
    assert [seen.path for seen in fenced.seen["african_markets"]] == ["/robots.txt"] * 4
    assert "Disallowed: nothing may be asked while" in fenced.why("african_markets")


@pytest.mark.parametrize("source", ["cdg_capital", "yahoo"])
def test_without_a_robots_file_all_is_allowed(fenced, source):
    assert len(fenced.asked(source)) == 1
    assert "Disallowed" not in fenced.why(source)


def test_requests_keep_their_distance(fenced):
    times = [seen.at for seen in fenced.seen["medias24"]]
    assert all(later - earlier >= 0.25 for earlier, later in pairwise(times))


def test_a_spent_budget_ends_the_day(fenced):
    assert len(fenced.seen["medias24"]) == 5
    assert "BudgetSpent" in fenced.why("medias24")
    assert fenced.said("medias24")["ticker"].n_unique() == 4


def test_when_nobody_answers_the_run_fails_and_what_was_known_stands(down, well, between_sessions):
    assert down.status == 1
    assert "no source gave a page" in down.output
    for name in set(down.seen) - (set() if between_sessions else {"tradingview"}):
        assert len(down.asked(name)) == 1
        assert "Blocked" in down.why(name)
    assert_frame_equal(down.quotes, well.quotes)


def test_live_and_sandbox_never_mix(beside, well, market):
    assert not (well.data_dir / "sandbox").exists()
    assert_frame_equal(quotes(beside, mode="live"), well.quotes)
    invented = quotes(beside, mode="sandbox")
    assert untrue(invented, Market(seed=2026)).is_empty()
    assert not untrue(invented, market).is_empty()


@pytest.mark.parametrize("contact", ["", "  "])
def test_without_a_contact_nobody_is_asked(tmp_path, market, contact):
    with publishing("cdg_capital", market, fault=None, robots=ROBOTS, tls=None) as publisher:
        environment = live({"cdg_capital": publisher.url}, CONTACT=contact)
        done = market_assets(
            "run",
            "--market",
            "casablanca",
            "--days",
            1,
            "--data-dir",
            tmp_path,
            environment=environment,
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert "MARKET_ASSETS_CONTACT" in done.stderr
    assert publisher.seen == []
