"""A holding leads back to each page that states it: its number, its digest, its place."""

import gzip
import re
from pathlib import Path

import duckdb
import polars as pl
import pytest

from market_assets_tests.built import copied, invoked, published
from market_assets_tests.built_hkex import LAST, MARKET, happened

SESSION = LAST
SOURCES = ("hkex_southbound", "sse_southbound", "szse_southbound")


@pytest.mark.parametrize("table", ["hkex.southbound_holdings", "hkex.holding_deltas"])
@pytest.mark.parametrize("code", ["00700", "700"])
def test_each_source_is_told_with_its_value_and_where_its_bytes_are(hkex_built, table, code):
    told = invoked("explain", table, code, SESSION, "--data-dir", hkex_built)
    assert told.status == 0
    truth = MARKET.holdings(SESSION).row(by_predicate=pl.col("code") == "00700", named=True)
    parts = (truth["shares"], truth["shanghai"], truth["shenzhen"])
    for source, shares in zip(SOURCES, parts, strict=True):
        (block,) = re.findall(rf"\n  {source}: known at .*?(?=\n\n|\Z)", told.out, re.DOTALL)
        assert f"shares {shares}" in block
        digest = re.search(r"sha256 +([0-9a-f]{64})\n", block)[1]
        file = re.search(r"archive +(/.*\.warc\.gz)\n", block)[1]
        offset, length = map(int, re.search(r"offset +(\d+), (\d+) bytes", block).groups())
        record = gzip.decompress(Path(file).read_bytes()[offset : offset + length])
        assert digest.encode() in record


def test_a_change_says_what_it_is_computed_from(hkex_built):
    told = invoked("explain", "hkex.holding_deltas", "00700", SESSION, "--data-dir", hkex_built)
    assert "It is computed from hkex.southbound_holdings of 00700" in told.out
    bases = published(
        hkex_built,
        "SELECT base_session FROM hkex.holding_deltas WHERE code = '00700' AND session = ?",
        SESSION,
    )["base_session"]
    assert len(bases) == 3
    for base in bases:
        assert re.search(rf"base_session +{base}\n", told.out)


def test_each_of_several_rows_is_set_apart_from_the_next(hkex_built):
    told = invoked("explain", "hkex.holding_deltas", "00700", SESSION, "--data-dir", hkex_built)
    above, _, below = told.out.partition("\n\nIt is computed from ")
    compared, _, _ = below.partition("\n\nWhat each source says")
    for text, key in ((above, "horizon"), (compared, "session")):
        rows = text.partition("\n")[2].split("\n\n")
        assert len(rows) >= 3
        values = [re.findall(rf"^  {key} +(\S+)$", row, re.MULTILINE) for row in rows]
        assert len({value for (value,) in values}) == len(rows)


def test_a_day_without_a_row_says_what_was_put_aside_of_it(hkex_built, tmp_path):
    data = copied(hkex_built, tmp_path / "data")
    newest = max((data / "sandbox" / "published").glob("market-*.duckdb"))
    table, of_the_day = "hkex.southbound_holdings", f"session = DATE '{SESSION}'"
    with duckdb.connect(newest) as connection:
        connection.execute(f"DELETE FROM {table} WHERE code = '00700' AND {of_the_day}")
        connection.execute(
            "INSERT INTO quality.quarantine BY NAME SELECT '00700' AS ticker, "
            f"DATE '{SESSION}' AS session, 'hkex_southbound' AS source, 'no shares' AS reason"
        )
    told = invoked("explain", table, "700", SESSION, "--data-dir", data)
    assert told.status == 2
    assert f"{SESSION}; put aside: hkex_southbound: no shares; newest: " in told.err


def test_one_row_has_no_empty_line(hkex_built):
    table = "hkex.southbound_holdings"
    told = invoked("explain", table, "00700", SESSION, "--data-dir", hkex_built)
    row, _, _ = told.out.partition("\n\nWhat each source says")
    columns = published(hkex_built, f"FROM {table} LIMIT 1").columns
    assert [line.split()[0] for line in row.splitlines()[1:]] == columns


def test_a_day_without_a_session_says_so(hkex_built):
    refused = invoked(
        "explain", "hkex.southbound_holdings", "00700", "2026-10-10", "--data-dir", hkex_built
    )
    assert refused.status == 2
    assert "has no row of 00700 on 2026-10-10, which is not a session of XHKG" in refused.err


@pytest.mark.parametrize("code", ["abc", "70O", "123456"])
def test_what_is_no_code_is_refused_with_what_one_looks_like(hkex_built, code):
    refused = invoked("explain", "hkex.southbound_holdings", code, "--data-dir", hkex_built)
    told = f"error: {code.upper()} is no stock's code: up to five digits, such as 700 or 00700\n"
    assert (refused.status, refused.out, refused.err) == (2, "", told)


def test_what_left_the_list_leads_to_the_lists_that_had_it_and_not_to_holdings(hkex_built):
    _, code, _ = happened("left_list")
    (session,) = published(
        hkex_built,
        "SELECT DISTINCT session FROM hkex.southbound_eligibility WHERE code = ?",
        code,
    )["session"]
    told = invoked(
        "explain", "hkex.southbound_eligibility", code, session, "--data-dir", hkex_built
    )
    assert f"It is computed from hkex.eligible_lists, which says of {code}:" in told.out
    assert re.findall(r"\n    channel (\w+), name", told.out) == ["shanghai", "shenzhen"]
    assert told.out.count("archive ") == 2
    assert "southbound_holdings" not in told.out
