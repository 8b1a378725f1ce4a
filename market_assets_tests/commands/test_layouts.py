"""A changed page is told before its figures are used; a wrong one of the right form is outvoted."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from polars.testing import assert_frame_equal

from market_assets.sandbox.casablanca.mischief import faults_on
from market_assets.web.archive import Archive
from market_assets.web.warc import Answered, Asked
from market_assets_tests.built import FIRST, LAST, Built, Ran, copied, invoked, published, quotes

CELL = r"<td>[^<]*</td>"
SWAPPED = re.compile(f"(</a></td>{CELL})({CELL})({CELL})")
"""Of a row of BMCE's list: the name and day, then what is under Ouverture and under Cours."""
LIST = "html html>body>table [Valeur | Cours] 2 columns; html>body>table [Valeur | Date/Heure | "


def test_the_sandbox_s_changed_layout_is_told_with_both_fingerprints(built: Built):
    planted = [
        day
        for day in published(
            built.first, "SELECT DISTINCT session FROM casablanca.daily_quotes ORDER BY 1"
        )["session"]
        if any(fault.name == "layout" for fault in faults_on(day))
    ]
    told = built.said("first")
    assert "Pages built as none of their kind was before. Such as: " in told
    path = "html html>body.site.com_content>table [Company | Sector | {} | 0D | YTD | M.Cap | Date]"
    for day in planted:
        was, now = path.format("Price"), path.format("Last")
        line = f"african_markets companies of {day}: was {was} 7 columns, is {now} 7 columns"
        assert line in told
    kept = published(
        built.first,
        "SELECT session FROM casablanca.page_layouts WHERE NOT usable ORDER BY session",
    )
    assert kept["session"].to_list() == planted
    assert FIRST <= planted[0] <= LAST


def test_columns_that_change_places_with_their_headings_drift_and_are_read_right(
    built: Built, tmp_path: Path
):
    def turned(page: str) -> str:
        headed = page.replace(
            "<th>Ouverture</th><th>Cours</th>", "<th>Cours</th><th>Ouverture</th>"
        )
        return SWAPPED.sub(r"\1\3\2", headed)

    data, run = rebuilt(built, tmp_path, turned)
    assert f"bmce_capital list of {LAST}: was {LIST}Ouverture | Cours | " in run.out
    assert f"is {LIST}Cours | Ouverture | " in run.out
    assert dissent(data) == []
    assert_frame_equal(quotes(data), quotes(built.first))


def test_columns_that_change_places_under_their_headings_are_outvoted(built: Built, tmp_path: Path):
    data, run = rebuilt(built, tmp_path, lambda page: SWAPPED.sub(r"\1\3\2", page))
    assert "bmce_capital list of" not in run.out  # it looks as ever
    dissenting = dissent(data)
    assert {field for field, _ in dissenting} == {"close"}
    assert len(dissenting) > 10
    assert_frame_equal(quotes(data), quotes(built.first))


def rebuilt(built: Built, tmp_path: Path, change: Callable[[str], str]) -> tuple[Path, Ran]:
    """The last session built again after BMCE has shown its list anew, changed."""
    data = copied(built.first, tmp_path / "data")
    archive = Archive(data / "sandbox/captures")
    captured = archive.captures("bmce_capital", LAST, LAST)
    *_, earlier = (each for each in captured if each.key == "list")
    page = archive.read(earlier).body.decode()
    assert change(page) != page
    with archive.writing("bmce_capital", LAST, LAST) as writing:
        writing.add(
            key="list",
            kind="answer",
            asked=Asked(method="GET", url=earlier.url),
            answered=Answered(status=200, headers=(("Content-Type", "text/html"),)),
            body=change(page).encode(),
            fetched_at=earlier.fetched_at + timedelta(minutes=1),
        )
    archive.close()
    about = ("--days", 1, "--until", LAST, "--data-dir", data)
    run = invoked("run", "--market", "casablanca", "--from-captures", *about)
    assert run.status == 0, run.out + run.err
    return data, run


def dissent(data: Path) -> list[tuple[str, str]]:
    """On what BMCE says otherwise than was chosen: field, ticker."""
    return published(
        data,
        "SELECT field, ticker FROM quality.disagreements "
        "WHERE source = 'bmce_capital' AND session = ? ORDER BY ALL",
        LAST,
    ).rows()
