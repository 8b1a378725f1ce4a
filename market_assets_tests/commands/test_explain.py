"""``market-assets explain``: from a number to the bytes, and the bytes are really there."""

import re
import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from market_assets.sandbox.casablanca.market import Market
from market_assets_tests.built import LAST, SEED, Built, Ran, copied, invoked, published

CAPTURE = re.compile(
    r"^ {2}(?P<source>\w+): known at (?P<known_at>\S+ \S+) UTC.*?\n"
    r" {4}(?P<says>.*)\n"
    r" +capture +(?P<capture>\w{20})\n"
    r" +fetched +(?P<fetched>\S+ \S+) UTC, (?P<method>GET|POST) (?P<url>https://\S+)\n"
    r" +sha256 +(?P<sha256>[0-9a-f]{64})\n"
    r" +archive +(?P<file>\S+\.warc\.gz)\n"
    r" +offset +(?P<offset>\d+), (?P<length>\d+) bytes$",
    re.MULTILINE,
)


def explain(built: Built, table: str, ticker: str, session: date) -> Ran:
    return invoked("explain", table, ticker, session, "--data-dir", built.first)


@pytest.fixture(scope="module")
def said(built: Built) -> str:
    explained = explain(built, "casablanca.daily_quotes", "atw", LAST)
    assert (explained.status, explained.err) == (0, "")
    return explained.out


@pytest.fixture(scope="module")
def statements(said: str) -> list[dict[str, str]]:
    return [found.groupdict() for found in CAPTURE.finditer(said)]


def body_at(file: Path, offset: int) -> bytes:
    with file.open("rb") as stream:
        stream.seek(offset)
        record = next(iter(ArchiveIterator(stream)))
        assert record.rec_type == "response"
        return record.content_stream().read()


def test_the_value_is_the_published_and_the_true_one(built: Built, said):
    (told,) = Market(seed=SEED).history("ATW", LAST, LAST)
    confidence = published(
        built.first,
        "SELECT confidence FROM casablanca.daily_quotes WHERE ticker = 'ATW' AND session = ?",
        LAST,
    ).item()
    facts = dict(line.split(maxsplit=1) for line in said.splitlines()[1:25])
    assert facts["volume"] == str(told.volume)
    assert facts["close"] == str(told.close)
    assert facts["turnover"] == str(told.turnover)
    assert facts["confidence"] == str(confidence)
    current = (built.first / "sandbox/published/current.duckdb").resolve()
    assert said.splitlines()[0] == (f"casablanca.daily_quotes ATW {LAST} (sandbox, {current.name})")


def test_every_source_is_there_with_its_own_value(said, statements):
    says = {found["source"]: found["says"] for found in statements}
    (told,) = Market(seed=SEED).history("ATW", LAST, LAST)
    for name in ("casablanca_bourse", "cdg_capital", "bmce_capital", "medias24", "investing"):
        assert f"volume {told.volume}" in says[name]
    assert f"close {told.close}" in says["african_markets"]
    assert f"volume {told.volume}" not in says["tradingview"]  # it replays the session before
    assert "  yahoo: nothing" in said.splitlines()
    assert "reason ghost session" in said


def test_the_row_is_traced_to_a_capture_of_its_source(said, statements):
    facts = dict(line.split(maxsplit=1) for line in said.splitlines()[1:25])
    assert (facts["source"], facts["capture_id"]) in [
        (found["source"], found["capture"]) for found in statements
    ]


def test_the_bytes_at_the_place_have_the_sha256_that_is_printed(statements):
    assert len(statements) == 8
    for found in statements:
        body = body_at(Path(found["file"]), int(found["offset"]))
        assert sha256(body).hexdigest() == found["sha256"]
        assert (
            b"ATW" in body
            or b"ATTIJARIWAFA" in body.upper()
            or found["source"]
            in (
                "medias24",
                "investing",
            )
        )


def test_a_number_of_another_table_leads_to_its_quotes(built: Built):
    explained = explain(built, "casablanca.volume_analysis", "ATW", LAST)
    assert explained.status == 0
    assert "It is computed from casablanca.daily_quotes of ATW" in explained.out
    assert "volume_ratio" in explained.out
    assert len(CAPTURE.findall(explained.out)) == 8


def test_without_a_session_the_newest_is_explained(built: Built, said):
    table = "casablanca.daily_quotes"
    newest = invoked("explain", table, "atw", "--data-dir", built.first)
    assert (newest.status, newest.out, newest.err) == (0, said, "")


def test_a_line_that_is_known_and_not_in_the_table_says_where_it_is(built: Built):
    lines = "SELECT DISTINCT ticker FROM casablanca."
    without = f"{lines}daily_quotes EXCEPT {lines}active_volume_alerts ORDER BY 1 LIMIT 1"
    line = published(built.first, without).item()
    table = "casablanca.active_volume_alerts"
    refused = invoked("explain", table, line, "--data-dir", built.first)
    assert refused.err == (
        f"error: {table} has no row of {line} at all; casablanca.daily_quotes has\n"
    )


def test_a_disagreement_is_told(built: Built):
    explained = explain(built, "casablanca.daily_quotes", "ATW", date(2026, 11, 4))
    assert "Disagreements\n  field volume, source tradingview, value " in explained.out


def test_the_tables_that_can_be_explained_are_named_likest_first_and_can_be(built: Built):
    refused = explain(built, "casablanca.market_volume_summary", "ATW", LAST)
    _, _, named = refused.err.partition("of casablanca these can be explained: ")
    tables = named.strip().split(", ")
    assert {"daily_quotes", "latest_volume_analysis"} <= set(tables)
    assert "market_volume_summary" not in tables
    assert [("volume" in tables[place]) for place in (0, -1)] == [True, False]
    for table in tables:
        name = f"casablanca.{table}".upper()
        explained = explain(built, name, "ATW", LAST)
        assert explained.status == 0 or f"{name} has no row of ATW" in explained.err


def test_where_no_table_can_be_explained_the_markets_are_named_that_have_some(built: Built):
    refused = explain(built, "quality.quarantine", "ATW", LAST)
    assert refused.err.endswith("; tables of casablanca can be explained\n")


def test_a_capture_whose_file_is_missing_is_said_in_one_line(built: Built, tmp_path):
    data = copied(built.first, tmp_path / "data")
    captures = data / "sandbox/captures"
    shutil.rmtree(captures / "medias24")
    explained = invoked("explain", "casablanca.daily_quotes", "ATW", LAST, "--data-dir", data)
    assert (explained.status, explained.err) == (0, "")
    _, _, said = explained.out.partition("\n  medias24: known at ")
    missing = rf"    no capture \w{{20}} in {captures}: its file is missing"
    assert re.fullmatch(missing, said.splitlines()[2])
    assert len(CAPTURE.findall(explained.out)) == 7


@pytest.mark.parametrize(
    ("table", "ticker", "session", "message"),
    [
        (
            "casablanca.daily_quotes",
            "ZZZ",
            LAST,
            "casablanca.daily_quotes has no row of ZZZ at all: no such ticker is known\n",
        ),
        (
            "casablanca.daily_quotes",
            "ATX",
            LAST,
            "no row of ATX at all: no such ticker is known; did you mean ATW, ",
        ),
        (
            "casablanca.daily_quotes",
            "ATW",
            date(2026, 11, 14),
            f"no row of ATW on 2026-11-14, which is not a session of XCAS; newest: {LAST}",
        ),
        ("casablanca.nothing", "ATW", LAST, "there is no table casablanca.nothing to explain"),
        (
            "casablanca.market_volume_summary",
            "ATW",
            LAST,
            (
                "casablanca.market_volume_summary is no published table with a column for a line "
                "(as ticker or code) and one for a day; of casablanca these can be explained: "
            ),
        ),
        (
            "daily_quotes",
            "ATW",
            LAST,
            "there is no table daily_quotes to explain; did you mean casablanca.daily_quotes?",
        ),
        ("casablanca.daily_quote", "ATW", LAST, "did you mean casablanca.daily_quotes"),
        ("x; DROP TABLE y", "ATW", LAST, "is not a table's name"),
    ],
)
def test_what_is_not_there_is_said(built: Built, table, ticker, session, message):
    explained = explain(built, table, ticker, session)
    assert (explained.status, explained.out) == (2, "")
    assert explained.err.startswith("error: ")
    assert message in explained.err
    assert "Traceback" not in explained.err
