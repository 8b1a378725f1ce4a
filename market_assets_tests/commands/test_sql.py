"""``market-assets sql``: rows for people and for programs, and nothing but reading."""

import json
import re
import signal

import pytest

from market_assets_tests.built import FIRST, LAST, Built, Ran, invoked, ran, started

ROWS = "SELECT 'a,b' AS x, 1.5::DOUBLE AS y, NULL::BIGINT AS z, DATE '2026-11-13' AS day"


def sql(built: Built, query: str, *options: str) -> Ran:
    return invoked("sql", *options, "--data-dir", built.first, query)


def test_csv_is_a_header_and_rows_to_the_byte(built: Built):
    answer = ran("sql", "--format", "csv", "--data-dir", built.first, ROWS)
    assert answer.out == 'x,y,z,day\n"a,b",1.5,,2026-11-13\n'
    assert (answer.status, answer.err) == (0, "")


def test_csv_of_no_rows_is_the_header_alone(built: Built):
    query = "SELECT ticker, session FROM casablanca.daily_quotes WHERE false"
    assert sql(built, query, "--format", "csv").out == "ticker,session\n"


def test_csv_has_all_rows_and_the_right_ones(built: Built):
    query = "SELECT session, count(*) AS rows FROM casablanca.daily_quotes GROUP BY 1 ORDER BY 1"
    lines = sql(built, query, "--format", "csv").out.splitlines()
    assert lines[:2] == ["session,rows", f"{FIRST},81"]
    assert lines[-1] == f"{LAST},81"
    assert len(lines) == 26


def test_csv_writes_nested_values_as_text(built: Built):
    query = "SELECT ['a', 'b'] AS texts, [1, 2] AS numbers, {'k': 1} AS pair, NULL::INT[] AS none"
    answer = sql(built, query, "--format", "csv")
    assert answer.out == 'texts,numbers,pair,none\na; b,"[1, 2]","{""k"": 1}",\n'


def test_json_is_one_list_of_objects(built: Built):
    answer = sql(built, ROWS, "--format", "json")
    assert json.loads(answer.out) == [{"x": "a,b", "y": 1.5, "z": None, "day": "2026-11-13"}]


def test_a_table_shows_the_names_the_values_and_nulls_as_dashes(built: Built):
    answer = sql(built, "SELECT 1234567 AS n, 0.25 AS r, NULL AS none")
    header, row = answer.out.splitlines()
    assert header.split() == ["n", "r", "none"]
    assert row.split() == ["1,234,567", "0.25", "-"]


def test_a_long_table_says_how_much_is_not_shown(built: Built):
    answer = sql(built, "SELECT ticker FROM casablanca.daily_quotes")
    assert "... 1,825 more rows: --format csv prints them all" in answer.out


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM casablanca.daily_quotes",
        "CREATE TABLE casablanca.mine AS SELECT 1",
        "SELECT 1; DROP TABLE casablanca.daily_quotes",
        "COPY casablanca.daily_quotes TO '/tmp/out.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "SET memory_limit = '1GB'",
    ],
)
def test_what_does_more_than_read_is_refused(built: Built, query):
    answer = sql(built, query)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith("error: a query is one statement that reads")


def test_a_mistake_is_told_in_duckdbs_words(built: Built):
    answer = sql(built, "SELECT volumes FROM casablanca.daily_quotes")
    assert answer.status == 2
    assert 'error: Binder Error: Referenced column "volumes" not found' in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("hkex.daily_quote", "hkex.daily_quote; did you mean casablanca.daily_quotes"),
        ("casablanca.Listing", "Listing; did you mean casablanca.listings"),
        ("nope", "nope. All are listed by: SELECT"),
        ("nowhere.nope", "nowhere.nope. All are listed by: SELECT"),
    ],
)
def test_an_unknown_table_is_told_with_ours_that_are_meant(built: Built, table, told):
    answer = sql(built, f"SELECT * FROM {table}")
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(f"error: there is no table {told}")
    listed = sql(built, answer.err.partition("All are listed by: ")[2]).out
    assert re.search("^casablanca +daily_quotes *$", listed, re.MULTILINE)


def test_an_unknown_function_is_told_in_duckdbs_words(built: Built):
    assert 'Did you mean "floor"?' in sql(built, "SELECT foo(1)").err


def test_nothing_published_is_said_with_what_to_do(tmp_path):
    answer = invoked("sql", "--data-dir", tmp_path, "SELECT 1")
    assert (answer.status, answer.out) == (2, "")
    assert answer.err == (
        f"error: nothing is published in {tmp_path}/sandbox/published yet: "
        "run `market-assets run` first\n"
    )


def test_a_table_shows_text_as_it_is_and_no_number_cut(built: Built):
    columns = ", ".join(f"1234567.25::DOUBLE AS column_number_{number}" for number in range(12))
    shown = sql(built, f"SELECT '[bold]x[/]' AS a, '[/y]' AS b, ':smile:' AS c, {columns}").out
    assert "[bold]x[/]" in shown
    assert "[/y]" in shown
    assert ":smile:" in shown
    assert shown.count("1,234,567.25") == 12


def test_json_has_a_word_for_every_value(built: Built):
    query = "SELECT 'ab'::BLOB AS b, TIME '10:00' AS t, DATE '2026-11-13' AS d, 1.5 AS n"
    assert json.loads(sql(built, query, "--format", "json").out) == [
        {"b": "6162", "t": "10:00:00", "d": "2026-11-13", "n": 1.5}
    ]


@pytest.mark.parametrize("form", ["table", "csv", "json"])
@pytest.mark.parametrize("query", ["SELECT 1", "FROM casablanca.daily_quotes"])
def test_who_reads_no_more_ends_it_silently(built: Built, form, query):
    process = started("sql", "--format", form, "--data-dir", built.first, query)
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait() == -signal.SIGPIPE


def test_sums_are_numbers_in_json_and_what_is_none_is_null(built: Built):
    columns = "sum(volume) AS s, 'nan'::DOUBLE AS n, 0.25::DECIMAL(4,2) AS d"
    query = f"SELECT {columns} FROM casablanca.daily_quotes"
    [row] = json.loads(sql(built, query, "--format", "json").out)
    total = sql(built, "SELECT sum(volume)::BIGINT FROM casablanca.daily_quotes", "--format", "csv")
    assert row == {"s": int(total.out.splitlines()[1]), "n": None, "d": 0.25}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1e-9::DOUBLE", "1e-09"),
        ("-0.00003::DOUBLE", "-3e-05"),
        ("0.0::DOUBLE", "0"),
        ("1234567.5::DOUBLE", "1,234,567.5"),
        ("1234567::HUGEINT", "1,234,567"),
    ],
)
def test_no_number_is_shown_as_another(built: Built, value, shown):
    assert sql(built, f"SELECT {value} AS x").out.split() == ["x", shown]
