"""New versions: readers see them without a restart, and none of their requests fails."""

import threading
from concurrent.futures import ThreadPoolExecutor

import requests

from market_assets.warehouse.publish import CURRENT
from market_assets.warehouse.reader import Published
from market_assets_tests.serving.api.conftest import running
from market_assets_tests.serving.api.tables import MARTS, OTHERS, made, published


def test_nothing_published_is_said_and_what_comes_is_read_without_a_restart(tmp_path):
    with running(tmp_path, {}) as api:
        answer = api.get("/quotes")
        assert answer.status_code == 503
        assert answer.json()["detail"] == "nothing is published yet: run `market-assets run`"
        assert api.get("/health/ready").status_code == 503
        warehouse = made(tmp_path, MARTS)
        assert api.get("/quotes").status_code == 200
        assert api.get("/health/ready").json()["status"] == "ready"
        assert "not published yet" in api.get("/companies").json()["detail"]
        with warehouse.connected() as connection:
            connection.execute(OTHERS)
        published(tmp_path, warehouse)
        assert len(api.get("/companies").json()["data"]) == 3


def test_a_query_without_time_and_a_broken_file_are_said_to_who_asks(tmp_path):
    slow, broken = tmp_path / "slow", tmp_path / "broken"
    for directory in (slow, broken):
        made(directory, MARTS)
    with running(slow, {"query_seconds": 1e-6}) as api:
        answer = api.get("/quotes")
        assert answer.status_code == 503
        assert "given up after 1e-06 s; ask for less" in answer.json()["detail"]
    (broken / "sandbox" / "published" / CURRENT).resolve().write_bytes(b"no database")
    with running(broken, {}) as api:
        answer = api.get("/quotes")
        assert answer.status_code == 503
        assert answer.json()["detail"] == "the published version cannot be read"


def test_a_new_version_changes_the_answer_the_tag_and_reaches_who_listens(tmp_path):
    warehouse = made(tmp_path, MARTS)
    with running(tmp_path, {}) as api:
        before = api.get("/quotes/ATW")
        headers = {"Authorization": f"Bearer {api.key}"}
        with requests.get(f"{api.url}/events", headers=headers, stream=True, timeout=9) as stream:
            lines = (line for line in stream.iter_lines() if line.startswith(b"id: "))
            assert next(lines).decode() == f"id: {before.json()['meta']['version']}"
            with warehouse.connected() as connection:
                connection.execute("UPDATE casablanca.daily_quotes SET close = 99")
            file = published(tmp_path, warehouse)
            assert next(lines).decode() == f"id: {file.stem.removeprefix('market-')}"
        after = api.get("/quotes/ATW", If_None_Match=before.headers["ETag"])
        assert after.status_code == 200
        assert after.headers["ETag"] != before.headers["ETag"]
        assert {row["close"] for row in after.json()["data"]} == {99.0}


def test_no_request_fails_while_versions_follow_each_other(tmp_path):
    warehouse = made(tmp_path, MARTS)
    ending = threading.Event()

    with running(tmp_path, {}) as api:

        def read(number: int) -> set[int]:
            statuses: set[int] = set()
            while not ending.is_set():
                path = ("/quotes/ATW", "/hkex/movers", f"/quotes?limit={number + 1}")[number % 3]
                statuses.add(api.get(path).status_code)
            return statuses

        with ThreadPoolExecutor(6) as pool:
            readers = [pool.submit(read, number) for number in range(6)]
            for _ in range(6):
                published(tmp_path, warehouse)
            ending.set()
            assert set().union(*(reader.result() for reader in readers)) == {200}
        newest = Published(tmp_path / "sandbox" / "published").name()
        assert api.get("/quotes/ATW").json()["meta"]["version"] == newest


def test_health_judges_every_table_that_has_days_by_the_calendar_of_its_market(api):
    told = api.get("/health").json()
    tables = {table["table"]: table for table in told["tables"]}
    days = "('session', 'reference_date', 'as_of', 'effective')"
    published = Published(api.directory / "sandbox" / "published").query(
        "SELECT DISTINCT schema_name || '.' || table_name FROM duckdb_columns() JOIN "
        f"duckdb_tables() USING (schema_name, table_name) WHERE column_name IN {days} "
        "AND schema_name <> 'quality'"
    )
    assert set(tables) == set(published.to_series())
    calendars = {name.partition(".")[0]: table["calendar"] for name, table in tables.items()}
    assert calendars == {
        "casablanca": "XCAS",
        "companies": "XCAS",
        "hkex": "XHKG",
        "central_bank": "BKAM",
        "africa": "AFRICA",
    }
    quotes = tables["casablanca.daily_quotes"]
    assert quotes["newest"] == "2026-11-20"
    fresh = quotes["due"] <= quotes["newest"]
    assert quotes["status"] == ("fresh" if fresh else "stale")


def test_what_is_counted_is_told_to_prometheus(api):
    api.get("/quotes/IAM?limit=3")
    api.get("/quotes/IAM?limit=3")
    text = api.get("/metrics").text
    for kept in ("yes", "no"):
        line = 'market_assets_api_answers_total{kept="%s",route="/quotes/{ticker}",status="200"}'
        assert line % kept in text
    assert "market_assets_published_timestamp_seconds 1." in text
