"""Pages that a person saved, of 2019 and 2025: each in its table, under the day that it states."""

from datetime import date
from pathlib import Path

import pytest

from market_assets_tests.built import Ran, invoked, published
from market_assets_tests.built_hkex import hkex

PAGES = {
    "mutualmarket_c_t-hk_2019-01-25.html": (
        "hkex_southbound",
        "2019-01-25",
        "564 rows of holdings, 2019-01-25 to 2019-01-25; capture ",
    ),
    "mutualmarket_c_t-sh_2019-01-25.html": (
        "hkex_northbound",
        "2019-01-25",
        "845 rows of northbound_holdings, 2019-01-25 to 2019-01-25; capture ",
    ),
    "stocklist_2019-10-27.html": (
        "hkex_securities",
        "2019-10-27",
        "4755 rows of securities, 2019-10-27 to 2019-10-27; capture ",
    ),
    "searchsdw_00700_2025-11-08_dom.html": (
        "hkex_participants",
        "2025-11-10",  # it states the Saturday before
        "408 rows of participant_holdings, 2025-11-08 to 2025-11-08, 1 rows of participant_sum",
    ),
}


@pytest.fixture(scope="module")
def saved(samples, tmp_path_factory) -> tuple[Path, dict[str, Ran], Ran]:
    """The data directory, what each addition said and what the run said."""
    data = tmp_path_factory.mktemp("saved") / "data"
    folder = samples / "hkex/html"
    said = {
        name: invoked("inbox", "add", source, day, folder / name, "--data-dir", data)
        for name, (source, day, _) in PAGES.items()
    }
    return data, said, hkex("--from-captures", data=data, WEB="live")


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_says_is_counted_with_its_days(saved, name):
    _, said, _ = saved
    assert said[name].status == 0
    assert said[name].out.startswith(f"{name}: {PAGES[name][2]}")


@pytest.mark.parametrize(
    ("name", "taken_for", "fault"),
    [
        ("mutualmarket_c_t-sh_2019-01-25.html", "hkex_southbound", "it is Northbound's page"),
        ("mutualmarket_c_t-hk_2019-01-25.html", "hkex_northbound", "it is Southbound's page"),
        ("stocklist_2019-10-27.html", "hkex_participants", ""),
    ],
)
def test_a_page_of_another_source_is_refused_and_said_to_be_its(
    samples, tmp_path, name, taken_for, fault
):
    page, whose = samples / "hkex/html" / name, PAGES[name][0]
    told = invoked("inbox", "add", taken_for, "2019-10-28", page, "--data-dir", tmp_path / "data")
    assert (told.status, told.out) == (2, "")
    assert f"is no page of {taken_for} that can be used: {fault}" in told.err
    assert f"Nothing was kept. It is a page of {whose}: add it as that.\n" in told.err
    assert not (tmp_path / "data/live/captures").exists()


def test_years_without_a_page_are_not_built(saved):
    _, _, ran = saved
    assert ran.status == 0
    assert [line for line in ran.out.splitlines() if " sessions, " in line] == [
        "hkex, live: 1 sessions, 2019-01-25 to 2019-01-25",
        "hkex, live: 1 sessions, 2019-10-25 to 2019-10-25",
        "hkex, live: 1 sessions, 2025-11-10 to 2025-11-10",
    ]


def test_pages_years_apart_are_one_publication_and_one_closing_table(saved):
    data, _, ran = saved
    assert ran.out.count("published  ") == ran.out.count("Try: ") == 1
    assert len(list((data / "live/published").glob("market-*.duckdb"))) == 1
    assert "sessions 1 of 3, 2019-01-25 to 2025-11-10" in " ".join(ran.out.split())
    kept = published(data, "SELECT session FROM hkex.southbound_holdings GROUP BY 1", mode="live")
    assert kept["session"].to_list() == [date(2019, 1, 25)]


def test_pages_of_something_else_alone_are_told_by_what_they_say(samples, tmp_path):
    data = tmp_path / "data"
    for name in ("stocklist_2019-10-27.html", "searchsdw_00700_2025-11-08_dom.html"):
        source, day, _ = PAGES[name]
        page = samples / "hkex/html" / name
        assert invoked("inbox", "add", source, day, page, "--data-dir", data).status == 0
    ran = hkex("--from-captures", data=data, WEB="live")
    said = " ".join(ran.out.split())
    assert ran.status == 0
    assert "participants' holdings 408, 2025-11-08 to 2025-11-08 " in said
    assert "securities 4,755, 2019-10-27 to 2019-10-27 " in said
    assert "sources 2 answered (sessions): hkex_participants, hkex_securities " in said
    assert "warning:" not in said
    for nothing in ("silent", "stocks", "rows", "sessions 0"):
        assert nothing not in said.split(" published ")[0].split("answered")[1]
    assert '"FROM hkex.participant_holdings LIMIT 10"' in said


def test_the_southbound_page_is_one_session_with_three_unstated_percentages(saved):
    data, _, _ = saved
    rows = published(
        data, "SELECT code, session, percent FROM hkex.southbound_holdings", mode="live"
    )
    assert rows.height == 564
    assert rows["session"].unique().to_list() == [date(2019, 1, 25)]
    assert sorted(rows.filter(rows["percent"].is_null())["code"]) == ["00425", "00520", "01357"]


@pytest.mark.parametrize(
    ("table", "day", "count"),
    [
        ("northbound_holdings", date(2019, 1, 25), 845),
        ("securities", date(2019, 10, 27), 4755),  # a Sunday
        ("participant_holdings", date(2025, 11, 8), 408),  # a Saturday
        ("participant_summaries", date(2025, 11, 8), 1),
    ],
)
def test_a_page_of_a_day_without_a_session_is_kept_under_that_day(saved, table, day, count):
    data, _, _ = saved
    rows = published(data, f"FROM hkex.{table}", mode="live")
    assert (rows["session"].unique().to_list(), rows.height) == ([day], count)
