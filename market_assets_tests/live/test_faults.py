"""Publishers that refuse, break or lie: the run goes on, says why, and publishes nothing wrong."""

import itertools
import re

import polars as pl
import pytest

from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets.web.limits import Limits
from market_assets_tests.live.truth import untrue

KEY = ["ticker", "session"]


@pytest.mark.parametrize("name", ["refused", "wrong", "headless", "fenced"])
def test_nothing_wrong_is_published(name, request, market):
    scene = request.getfixturevalue(name)
    assert scene.status == 0, scene.output + scene.errors
    assert not scene.quotes.is_empty()
    assert untrue(scene.quotes, market).is_empty()


@pytest.mark.parametrize("name", ["refused", "wrong", "headless", "fenced"])
def test_confidence_never_rises_when_sources_fail(name, request, well):
    scene = request.getfixturevalue(name)
    both = scene.quotes.join(well.quotes, on=KEY, suffix="_well")
    assert both.height == scene.quotes.height
    assert both.filter(pl.col("confidence") > pl.col("confidence_well") + 1e-9).is_empty()
    assert scene.quotes["confidence"].mean() < well.quotes["confidence"].mean()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("cdg_capital", "Unavailable: .*status 500"),
        ("wafabourse", "Blocked: .*status 403"),
        ("bmce_capital", "NotThisPage: neither div.hikuResult nor a table headed 'Valeur'"),
        ("medias24", "NotThisPage: given up after 3 wrong pages in a row, the last: markup where"),
        ("yahoo", "RateLimited: .*'Too Many Requests'"),
    ],
)
def test_why_a_source_is_silent_stands_below_the_closing_table(refused, source, reason):
    assert re.search(reason, refused.why(source)), refused.output


@pytest.mark.parametrize("source", ["medias24", "african_markets"])
def test_rows_that_none_can_be_used_of_are_named_there_too(wrong, source):
    reason = r"is not a number as this source writes them \(and \d+ more\)"
    assert re.search(reason, wrong.why(source)), wrong.output


def test_a_storm_is_sat_out_and_given_up(refused):
    times = [seen.at for seen in refused.asked("cdg_capital")]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    limits = Limits()
    assert len(times) == limits.retries + 1
    least = [limits.first_backoff * 2**attempt * 0.5 for attempt in range(limits.retries)]
    assert [gap >= wait for gap, wait in zip(gaps, least, strict=True)] == [True] * len(gaps), gaps


def test_who_walls_us_out_or_is_asked_too_much_is_left_alone(refused):
    assert [seen.path for seen in refused.asked("wafabourse")] == ["/"]
    assert len(refused.asked("yahoo")) == 1


def test_who_shows_another_page_for_three_lines_is_not_asked_for_the_others(refused, headless):
    assert len(refused.asked("medias24")) == 3
    assert len(refused.asked("bmce_capital")) == 2  # its list, before any line
    assert len(headless.asked("medias24")) == 3
    paths = [seen.path for seen in headless.asked("casablanca_bourse")]
    assert paths.count("/api/boursenova/stock-historical") == 3


@pytest.mark.parametrize(("source", "least"), [("investing", 2.0), ("african_markets", 0.9)])
def test_too_many_requests_are_waited_out(refused, source, least):
    first, second, *_ = refused.asked(source)
    assert (first.path, first.query) == (second.path, second.query)
    assert second.at - first.at >= least
    assert not refused.why(source)
    assert not refused.said(source).is_empty()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("cdg_capital", "duplicate row"),
        ("cdg_capital", "conflicting rows"),
        ("cdg_capital", "ZZZ"),
        ("medias24", "is not a number as this source writes them"),
        ("african_markets", "is not a number as this source writes them"),
        ("bmce_capital", "is not UTF-8"),
    ],
)
def test_what_cannot_be_true_is_put_aside_with_the_reason(wrong, source, reason):
    assert re.search(reason, wrong.put_aside(source)), wrong.put_aside(source)


@pytest.mark.parametrize(("source", "field"), [("wafabourse", "turnover"), ("investing", "volume")])
def test_shares_for_money_and_money_for_shares_are_outvoted_and_kept(wrong, days, source, field):
    kept = wrong.table("quality.disagreements").filter(source=source)
    assert kept["field"].unique().to_list() == [field]
    assert days[-1] in kept["session"].to_list()


def test_the_lie_of_one_line_costs_that_line_only(wrong, days):
    newest = wrong.quotes.filter(pl.col("session") == days[-1], pl.col("status") == "T")
    both = pl.col("sources").str.contains("cdg_capital")
    assert newest.filter(~both)["ticker"].to_list() == ["IAM"]


def test_without_the_exchange_the_others_carry_the_session(headless, days):
    assert headless.quotes.select("ticker", "session").n_unique() == len(days) * len(
        casablanca_lines()
    )
    assert not headless.quotes["sources"].str.contains("casablanca_bourse").any()
    assert "NotThisPage" in headless.why("casablanca_bourse")


def test_a_home_page_for_an_old_address_is_no_data(headless):
    assert "home page" in headless.put_aside("casablanca_bourse") or "island" in headless.put_aside(
        "casablanca_bourse"
    )
    assert headless.said("casablanca_bourse").is_empty()


def test_bytes_that_two_publishers_send_prove_nothing(headless):
    assert "same bytes as another source" in headless.put_aside("cdg_capital")
    assert "NotThisPage" in headless.why("african_markets")
    assert not headless.quotes["sources"].str.contains("cdg_capital").any()


def test_a_body_that_breaks_off_is_asked_for_again_and_then_given_up(headless):
    assert "TornBody" in headless.why("investing")
    assert len(headless.asked("investing")) == 4


def test_an_empty_body_is_no_answer(headless):
    assert "EmptyPage" in headless.why("medias24")
    assert "answered without a body" in headless.put_aside("medias24")


def test_a_broken_compression_is_asked_for_again(wrong):
    first, second, *_ = wrong.asked("casablanca_bourse")
    assert first.path == second.path
    assert not wrong.why("casablanca_bourse")
