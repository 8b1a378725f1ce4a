"""A quote, a rate and a market cap lead back to the archived bytes they were read from."""

import gzip
import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from market_assets_tests.built import copied, invoked

CASES = {
    ("africa.daily_quotes", "DANGCEM", date(2026, 11, 11)): {"ngx", "afx", "african_lists"},
    ("africa.quoted_rates", "EUR", date(2026, 11, 11)): {"ecb"},
    ("africa.fx_rates", "NGN", date(2026, 11, 11)): {"cbn", "bkam_api"},
    ("companies.listings", "ATW", date(2026, 11, 11)): {"casablanca_bourse"},
    ("companies.fundamentals", "ATW", date(2026, 11, 11)): {"casablanca_bourse"},
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_each_source_is_told_with_where_its_bytes_are(africa_built, case):
    told = invoked("explain", *case, "--data-dir", africa_built)
    assert told.status == 0, told.err
    assert CASES[case] <= set(re.findall(r"\n  (\w+): known at ", told.out))
    places = re.findall(
        r"sha256 +([0-9a-f]{64})\n.*?archive +(/.*?\.warc\.gz)\n.*?offset +(\d+), (\d+) bytes",
        told.out,
        re.DOTALL,
    )
    assert len(places) >= len(CASES[case])
    for digest, file, offset, length in places:
        start = int(offset)
        record = gzip.decompress(Path(file).read_bytes()[start : start + int(length)])
        assert digest.encode() in record


def test_a_rate_of_before_its_legs_were_dated_is_told_without_them(africa_built, tmp_path):
    data = copied(africa_built, tmp_path / "data")
    newest = max((data / "sandbox" / "published").glob("market-*.duckdb"))
    with duckdb.connect(newest) as connection:
        connection.execute("UPDATE africa.fx_rates SET reference_dates = NULL")
    told = invoked("explain", "africa.fx_rates", "NGN", "2026-11-11", "--data-dir", data)
    assert told.status == 0, told.err
    assert "It is computed from africa.quoted_rates" in told.out
    assert "archive" not in told.out
