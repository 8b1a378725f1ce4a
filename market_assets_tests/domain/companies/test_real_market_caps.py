"""African Markets' real market caps of 2025-08-18 against its prices x the counts of July.

It cuts to two decimals of a billion, so its value may be up to 10 million below, never above.
"""

import csv
import json
from datetime import date
from pathlib import Path

import polars as pl

from market_assets.domain.companies.market_caps import COMPUTED, disagreements
from market_assets_tests.domain.companies.company_rows import computed, quotes, shares, statements

DAY = date(2025, 8, 18)
CUT = 1e7


def test_real_market_caps_are_price_x_shares_cut_but_of_five_whose_count_differs(samples: Path):
    reference = samples / "casablanca" / "reference" / "companies_reference_DERIVED.csv"
    known = list(csv.DictReader(reference.read_text("utf-8").splitlines()))
    tickers = {line["african_markets_code"].partition(".")[0]: line["ticker"] for line in known}
    counts = shares(
        *(
            (line["ticker"], date(2025, 7, 30), int(line["shares_2025_07"]))
            for line in known
            if line["shares_2025_07"]
        )
    )
    page = samples / "casablanca/african_markets/cse_companies_african_markets_20250818.json"
    rows = [row for row in json.loads(page.read_text("utf-8")) if row["price"]]
    lines = [
        (tickers[row["ticker"].partition(".")[0]], row["price"], row["market_cap_billion"])
        for row in rows
    ]
    frame = quotes(*({"ticker": t, "session": DAY, "close": price} for t, price, _ in lines))
    said = statements(
        *(
            {"ticker": t, "session": DAY, "source": "african_markets", "value": billions * 1e9}
            | {"rounding": CUT}
            for t, _, billions in lines
            if billions
        )
    )
    figures = computed(frame, [DAY], said=said, counts=counts)
    assert figures["market_cap_source"].value_counts().sort("count").rows() == [
        ("african_markets", 28),
        (COMPUTED, 50),
    ]
    shown = disagreements(figures, said)
    assert sorted(shown["ticker"]) == ["AKT", "ARD", "BOA", "CIH", "MNG"]
    assert shown["difference"].is_between(-0.16, -0.03).all()
    both = figures.filter(~pl.col("ticker").is_in(shown["ticker"].to_list()))
    cut = (pl.col("market_cap_computed") - pl.col("market_cap_stated")).drop_nulls()
    assert both.select(cut.is_between(0, CUT).all()).item()
