"""Cairo's real session of 2026-08-13, from its saved rows to the comparison."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from market_assets.domain.africa.cross_market import cross_market
from market_assets.domain.africa.listed import INDUSTRIES, listed
from market_assets.domain.africa.reconcile import CLOSES, MARKETS, reconciled
from market_assets.domain.africa.returns import market_returns
from market_assets.domain.africa.sector_weights import sector_weights
from market_assets.domain.quotes.reconcile import OFFICIAL, SOURCES
from market_assets.sources.africa.egx_beta import SOURCE, parse
from market_assets.sources.africa.icb_sectors import icb_industries
from market_assets.web.messages import Capture
from market_assets_tests.domain.africa.african_rows import rates

DAY = date(2026, 8, 13)
CAIRO = pl.DataFrame([("XCAI", "EGP")], schema=MARKETS, orient="row")
WHO = pl.DataFrame([("egx_beta", "egx", True, 0)], schema=SOURCES, orient="row")
CLOSED = pl.DataFrame(
    [("XCAI", DAY, datetime(2026, 8, 13, 11, 30, tzinfo=UTC))], schema=CLOSES, orient="row"
)


def capture(body: bytes) -> Capture:
    return Capture(
        capture_id="saved",
        source=SOURCE.name,
        key="market_watch/1",
        first_session=DAY,
        last_session=DAY,
        method="GET",
        url=SOURCE.base_url,
        status=200,
        media_type="application/json",
        headers={},
        fetched_at=datetime(2026, 8, 14, tzinfo=UTC),
        sha256="",
        body=body,
        file="",
        offset=0,
        length=len(body),
    )


def test_the_real_session_comes_through_whole(samples: Path):
    saved = samples / "bam_africa" / "egx" / "egx_beta_market_watch_2026-08-13.json"
    items = json.loads(saved.read_text("utf-8"))
    said = parse(capture(json.dumps({"data": {"data": items}}).encode())).tables
    means = pl.DataFrame(
        [
            ("egx_beta", sector, icb_industries().get(("egx_beta", sector)))
            for sector in said["african_listings"]["sector"].drop_nulls().unique()
        ],
        schema=INDUSTRIES,
        orient="row",
    )
    lines = listed(
        said["african_listings"].with_columns(session=pl.lit(DAY)),
        as_of=[DAY],
        sources=WHO,
        industries=means,
    )
    quotes = said["african_quotes"]
    result = reconciled(
        quotes, markets=CAIRO, closes=CLOSED, sources=WHO, lines=lines, copied_captures=()
    )
    # Its close of 8.66 lies outside its high and low, both 8.79.
    assert result.refused.select("ticker", "kind").rows() == [("EGSA", "impossible_price")]
    assert "turnover 59" in result.refused["text"][0]
    assert result.daily_quotes.height == quotes.height - 1
    dollars = result.daily_quotes.filter(currency="USD")
    assert dollars.height == 8
    assert (
        dollars["turnover"].sum()
        == quotes.filter(pl.col("ticker").is_in(dollars["ticker"].to_list()))["turnover"].sum()
    )
    assert dollars["turnover_confidence"].unique().to_list() == [OFFICIAL]

    returns = market_returns(
        result.daily_quotes, sessions=CLOSED.select("mic", "session"), markets=CAIRO
    )
    compared = cross_market(
        result.daily_quotes,
        returns,
        as_of=[DAY],
        markets=CAIRO,
        rates=rates((DAY, "EGP", 0.02)),
        currency="USD",
    )
    cap = compared.row(by_predicate=pl.col("measure") == "market_cap", named=True)
    assert cap["lines"] == result.daily_quotes.height
    assert cap["local_value"] == pytest.approx(result.daily_quotes["market_cap"].sum())
    assert cap["value"] == pytest.approx(cap["local_value"] * 0.02)
    weights = sector_weights(result.daily_quotes, lines, as_of=[DAY])
    assert weights["weight"].sum() == pytest.approx(1)
