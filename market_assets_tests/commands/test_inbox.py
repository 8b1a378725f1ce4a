"""Real pages put in by hand: the tables say what they say, and what is no page is refused."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.web.archive import Archive
from market_assets_tests.built import invoked, once, published

HEADER = (
    "Séance,Instrument,Ticker,Ouverture,Dernier Cours,+haut du jour,+bas du jour,"
    "Nombre de titres échangés,Volume des échanges,Nombre de transactions,Capitalisation\n"
)
ROW = "{day},ATW,ATW,681.0,670.0,690.0,670.0,150.0,101250.0,3,144144362130.0\n"
LIVE_LIST = "casablanca/exchange_2026_excerpts/live_market_actions_EXCERPT.html"
EXPORT = "casablanca/pfe_atw_official_2023_2026/ATW_bourse_casa_full.csv"
HISTORY = "casablanca/exchange_2026_excerpts/stock_historical_ATW_EXCERPT.json"


@pytest.fixture
def export(tmp_path):
    """A file as the exchange exports it, with a row for each day given."""

    def written(*days: date) -> Path:
        file = tmp_path / "Cours_ATW.csv"
        file.write_text("\ufeff" + HEADER + "".join(ROW.format(day=day) for day in days), "utf-8")
        return file

    return written


@pytest.fixture(scope="module")
def real(samples, tmp_path_factory) -> tuple[Path, list[str]]:
    """The exchange's real files put in and built, in a directory that has nothing else."""

    def build(root: Path) -> None:
        data = root / "data"
        said = [
            invoked("inbox", "add", "casablanca_bourse", day, samples / file, "--data-dir", data)
            for day, file in (("2026-05-04", EXPORT), ("2026-10-08", HISTORY))
        ]
        said.append(invoked("run", "--market", "casablanca", "--from-captures", "--data-dir", data))
        assert [each.status for each in said] == [0, 0, 0], said
        (root / "said.json").write_text(json.dumps([each.out for each in said]), "utf-8")

    root = once(tmp_path_factory, "real", build)
    return root / "data", json.loads((root / "said.json").read_text("utf-8"))


def test_a_real_export_gives_its_every_row(real, samples):
    data, _ = real
    with (samples / EXPORT).open(encoding="utf-8-sig") as file:
        said = list(csv.DictReader(file))
    assert len(said) == 761
    expected = pl.DataFrame(
        {
            "ticker": ["ATW"] * 761,
            "session": [date.fromisoformat(row["Séance"]) for row in said],
            "open": [float(row["Ouverture"]) for row in said],
            "high": [float(row["+haut du jour"]) for row in said],
            "low": [float(row["+bas du jour"]) for row in said],
            "close": [float(row["Dernier Cours"]) for row in said],
            "volume": [int(float(row["Nombre de titres échangés"])) for row in said],
            "turnover": [float(row["Volume des échanges"]) for row in said],
            "trades": [int(row["Nombre de transactions"]) for row in said],
            "market_cap": [float(row["Capitalisation"]) for row in said],
        }
    ).sort("session")
    found = published(
        data,
        "FROM casablanca.daily_quotes WHERE session <= '2026-05-04' ORDER BY session",
        mode="live",
    ).select(expected.columns)
    assert_frame_equal(found, expected, check_exact=True)


def test_what_was_added_is_said(real):
    _, said = real
    assert said[0].startswith("ATW_bourse_casa_full.csv: 761 rows of 1 lines, 2023-04-03 to 2026-")
    assert said[1].startswith("stock_historical_ATW_EXCERPT.json: 13 rows of 1 lines, 2025-10-01 ")
    assert said[0].splitlines()[-1] == "Build the tables with: market-assets run --from-captures"
    assert "live: " in said[2]


def test_the_cancelled_session_is_put_aside_as_no_session(real):
    data, _ = real
    rows = published(data, "FROM quality.quarantine WHERE session = '2026-09-17'", mode="live")
    assert rows.select("source", "ticker", "reason").rows() == [
        ("casablanca_bourse", "ATW", "not a session")
    ]
    quotes = "SELECT count(*) FROM casablanca.daily_quotes WHERE session = '2026-09-17'"
    assert published(data, quotes, mode="live").item() == 0


def test_nothing_real_reaches_the_sandbox_and_reading_needs_no_setting(real):
    data, _ = real
    assert sorted(path.name for path in data.iterdir()) == ["dagster", "last_mode", "live"]
    query = "SELECT count(*) AS n FROM casablanca.daily_quotes WHERE session <= '2026-05-04'"
    answer = invoked("sql", "--format", "csv", "--data-dir", data, query)
    assert answer.out == "n\n761\n"
    explained = invoked(
        "explain", "casablanca.daily_quotes", "ATW", "2026-10-08", "--data-dir", data
    )
    assert "GET inbox:stock_historical_ATW_EXCERPT.json" in explained.out
    assert "(live, market-" in explained.out


def test_a_list_without_prices_of_a_close_is_listings_and_no_quotes(samples, tmp_path):
    added = invoked(
        "inbox",
        "add",
        "casablanca_bourse",
        "2026-10-09",
        samples / LIVE_LIST,
        "--data-dir",
        tmp_path,
    )
    assert added.status == 0
    assert added.out.startswith(
        "live_market_actions_EXCERPT.html: no row of a day, 16 rows of listings"
    )


def test_pages_of_no_session_fail_a_blocking_check_and_publish_nothing(export, tmp_path):
    data = tmp_path / "data"
    file = export(date(2026, 9, 17))
    added = invoked("inbox", "add", "casablanca_bourse", "2026-09-18", file, "--data-dir", data)
    assert added.status == 0
    run = invoked("run", "--market", "casablanca", "--from-captures", "--data-dir", data)
    assert run.status == 1
    assert "casablanca/daily_quotes: no_row_at_all" in run.out
    assert not (data / "live/published").exists()
    assert "published  nothing" in run.out
    answer = invoked("sql", "--data-dir", data, "SELECT 1")
    assert (answer.status, answer.out) == (2, "")
    assert f"nothing is published in {data}/live/published yet" in answer.err


@pytest.mark.parametrize(
    ("source", "content", "message"),
    [
        ("cdg_capital", HEADER + ROW.format(day="2026-05-04"), "is no page of cdg_capital that"),
        ("casablanca_bourse", "<html><body>Bonjour</body></html>", "is no page of casablanca_"),
        ("casablanca_bourse", "", "is no page of casablanca_bourse that can be used"),
        ("casablanca_bourse", HEADER, "an export with headings and no row"),
        (
            "bourse",
            HEADER,
            "no source is called 'bourse'; there are african_lists, african_markets, ",
        ),
    ],
    ids=["wrong source", "wrong file", "empty file", "no row", "unknown source"],
)
def test_what_is_no_page_of_the_source_is_refused_and_not_kept(tmp_path, source, content, message):
    file, data = tmp_path / "page.csv", tmp_path / "data"
    file.write_text(content, "utf-8")
    refused = invoked("inbox", "add", source, "2026-05-04", file, "--data-dir", data)
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.startswith("error: ")
    assert message in refused.err
    assert (f"error: {file} is no page of" in refused.err) == ("no source" not in message)
    assert refused.err.count("\n") == 1
    assert not data.exists()


def test_one_bad_file_keeps_the_good_ones_out_too(export, tmp_path):
    bad, data = tmp_path / "bad.csv", tmp_path / "data"
    bad.write_text("nothing of use", "utf-8")
    good = export(date(2026, 5, 4))
    refused = invoked(
        "inbox", "add", "casablanca_bourse", "2026-05-04", good, bad, "--data-dir", data
    )
    assert refused.status == 2
    assert "bad.csv is no page of casablanca_bourse" in refused.err
    assert "Nothing was kept." in refused.err
    assert not data.exists()


def test_the_same_file_is_kept_once(export, tmp_path):
    data, first, other = tmp_path / "data", date(2026, 5, 4), date(2026, 5, 5)

    def added(day: date, *files: Path) -> list[str]:
        arguments = ("casablanca_bourse", day, *files, "--data-dir", data)
        return invoked("inbox", "add", *arguments).out.splitlines()[:-1]

    file = export(first)
    kept, twice = added(first, file, file)
    (again,) = added(first, file)
    (another_day,) = added(other, file)
    (another_again,) = added(other, file)
    (more,) = added(first, export(first, other))
    capture = kept.partition("; capture ")[2]
    assert kept == f"Cours_ATW.csv: 1 rows of 1 lines, {first} to {first}; capture {capture}"
    assert twice == again == f"Cours_ATW.csv: is kept already; capture {capture}"
    same = f"{first} to {first} (the same bytes as capture {capture}); capture "
    assert another_day.startswith(f"Cours_ATW.csv: 1 rows of 1 lines, {same}")
    elsewhere = f". Note: it states {first}, not {other}; its rows go to the days they state"
    assert another_day.endswith(elsewhere)
    assert another_again == f"Cours_ATW.csv: is kept already; {another_day.partition('; ')[2]}"
    assert more.startswith(f"Cours_ATW.csv: 2 rows of 1 lines, {first} to {other}; capture ")
    archive = Archive(data / "live/captures")
    assert len(archive.captures("casablanca_bourse", first, other)) == 3
    archive.close()
    assert len(list((data / "live/captures").glob("*/*/*/*.warc.gz"))) == 3


def test_a_page_that_another_of_its_name_had_replaced_counts_again(export, tmp_path):
    first, data = date(2026, 5, 4), tmp_path / "data"
    file = export(first)
    page, other = file.read_bytes(), file.read_bytes().replace(b"150.0", b"151.0")
    for content in (page, other, page):
        file.write_bytes(content)
        added = invoked("inbox", "add", "casablanca_bourse", first, file, "--data-dir", data)
        assert "kept already" not in added.out
    archive = Archive(data / "live/captures")
    captures = archive.captures("casablanca_bourse", first, first)
    archive.close()
    assert [each.sha256 for each in captures] == [
        sha256(content).hexdigest() for content in (page, other, page)
    ]


def test_the_same_bytes_under_another_name_are_another_page(export, tmp_path):
    file, data = export(date(2026, 5, 4)), tmp_path / "data"
    renamed = file.with_name("Cours_ATW_2.csv")
    renamed.write_bytes(file.read_bytes())
    added = invoked(
        *("inbox", "add", "casablanca_bourse", "2026-05-04", file, renamed, "--data-dir", data)
    )
    assert "kept already" not in added.out
    one, another, _ = added.out.splitlines()
    capture = one.partition("; capture ")[2]
    assert f" (the same bytes as capture {capture}); capture " in another
    assert capture not in another.partition("); capture ")[2]


def test_a_day_that_has_not_come_is_refused(export, tmp_path):
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    file, data = export(date(2026, 5, 4)), tmp_path / "data"
    refused = invoked("inbox", "add", "casablanca_bourse", tomorrow, file, "--data-dir", data)
    assert (refused.status, refused.err) == (2, f"error: {tomorrow} has not come yet\n")
    assert not data.exists()


def test_a_file_that_is_not_there_and_a_day_that_is_no_date_are_refused(tmp_path, export):
    for arguments in (
        ("casablanca_bourse", "2026-05-04", tmp_path / "none.csv"),
        ("casablanca_bourse", "4 May", export(date(2026, 5, 4))),
    ):
        refused = invoked("inbox", "add", *arguments, "--data-dir", tmp_path / "data")
        assert refused.status == 2
        assert not (tmp_path / "data").exists()


def test_building_from_no_captures_says_what_to_do_first(tmp_path):
    refused = invoked("run", "--market", "casablanca", "--from-captures", "--data-dir", tmp_path)
    assert refused.status == 2
    assert refused.err == (
        f"error: nothing is captured in {tmp_path}/sandbox yet: "
        "`market-assets inbox add` or `market-assets run` first\n"
    )
