"""African Markets' real market caps of 2025-08-18 against its prices x the counts of July."""

import csv
import json
from datetime import date
from pathlib import Path

import polars as pl

from market_assets.domain.companies.market_caps import COMPUTED, disagreements
from market_assets.domain.companies.sectors import market_cap_concentration
from market_assets_tests.domain.companies.company_rows import computed, quotes, shares, statements

DAY = date(2025, 8, 18)


def test_most_real_market_caps_are_price_x_shares_as_far_as_they_are_rounded(samples: Path):
    reference = samples / "casablanca" / "reference" / "companies_reference_DERIVED.csv"
    known = list(csv.DictReader(reference.read_text("utf-8").splitlines()))
    tickers = {line["african_markets_code"]: line["ticker"] for line in known}
    counts = shares(
        *(
            (line["ticker"], date(2025, 7, 30), int(line["shares_2025_07"]))
            for line in known
            if line["shares_2025_07"]
        )
    )
    page = samples / "casablanca/african_markets/cse_companies_african_markets_20250818.json"
    rows = [row for row in json.loads(page.read_text("utf-8")) if row["price"]]
    lines = [(tickers[row["ticker"]], row["price"], row["market_cap_billion"]) for row in rows]
    frame = quotes(*({"ticker": t, "session": DAY, "close": price} for t, price, _ in lines))
    said = statements(
        *(
            {"ticker": t, "session": DAY, "source": "african_markets", "value": billions * 1e9}
            | {"rounding": 5e6}
            for t, _, billions in lines
            if billions
        )
    )
    figures = computed(frame, [DAY], said=said, counts=counts)
    by_source = figures.group_by("market_cap_source").len().sort("len").rows()
    shown = disagreements(figures, said).select("ticker", "value", "chosen", "difference")
    print(by_source, shown, market_cap_concentration(figures).row(0, named=True))
    assert dict(by_source)[COMPUTED] > 0
    pl.Config.set_tbl_rows(40)
    print(shown)
