"""Pages of which only the title and some figures are known: what fits is read, the rest refused."""

from datetime import UTC, date, datetime

import pytest

from market_assets.sandbox.central_bank.page import heading, page, table
from market_assets.sources.central_bank.bkam import SELDOM_SOURCE, SOURCE, parse
from market_assets.web.failures import EmptyPage, LayoutChanged
from market_assets_tests.sources.conftest import capture

NOW = datetime(2025, 7, 18, 15, tzinfo=UTC)
INTERVENTIONS, MILLIONS = "Encours des interventions", "<h3>En millions de dirhams</h3>"
RESERVES, BILLIONS = "Avoirs officiels de réserve", "<h3>En milliards de dirhams</h3>"
READ = (("18/07/2025", "49 490,00"), ("17/07/2025", "49 490,00"), ("16/07/2025", "48 550,00"))
"""What a client read of the English page in July 2025, with French marks."""
ASSETS = (("15/11/24", "17/11/23"), ("Avoirs officiels de réserve (AOR)", "362,3", "357,1"))


def said(title, unit, rows, *, source=SOURCE, head=("Date", "Encours")):
    shown = table("dynamic_contents_ref_1", [map(heading, head)], rows)
    parsed = parse(capture(source, page(title, unit + shown, NOW).body))
    rows = parsed.tables["observations"].select("indicator_id", "reference_date", "value").rows()
    return rows, [line.reason for line in parsed.refused]


def test_interventions_are_millions_of_dirhams_by_day():
    rows, refused = said(INTERVENTIONS, MILLIONS, READ)
    name = "interventions.outstanding"
    assert rows == [
        (name, date(2025, 7, 18), 4.949e10),
        (name, date(2025, 7, 17), 4.949e10),
        (name, date(2025, 7, 16), 4.855e10),
    ]
    assert refused == []


@pytest.mark.parametrize("row", [("15/07/2025", "1,00", "2,00"), ("juillet", "1,00"), ("Total",)])
def test_a_row_that_is_not_a_day_and_an_amount_is_put_aside(row):
    rows, refused = said(INTERVENTIONS, MILLIONS, [*READ, row])
    assert (len(rows), len(refused)) == (3, 1)


def test_the_reserves_are_the_figure_below_the_first_day_in_billions():
    rows, refused = said(RESERVES, BILLIONS, ASSETS, source=SELDOM_SOURCE, head=("",))
    assert rows == [("reserves.assets", date(2024, 11, 15), 3.623e11)]
    assert refused == []


def test_the_day_of_the_reserves_may_stand_in_a_heading():
    rows, _ = said(RESERVES, BILLIONS, ASSETS[1:], head=("", *ASSETS[0]))
    assert rows == [("reserves.assets", date(2024, 11, 15), 3.623e11)]


@pytest.mark.parametrize(
    ("title", "unit", "rows", "failure", "words"),
    [
        (INTERVENTIONS, "", READ, LayoutChanged, "does not say that its amounts are in millions"),
        (RESERVES, MILLIONS, ASSETS, LayoutChanged, "are in billions"),
        (RESERVES, BILLIONS, ASSETS[1:], LayoutChanged, "no day such as 15/11/24"),
        (RESERVES, BILLIONS, ASSETS[:1], EmptyPage, "states nothing of observations"),
    ],
)
def test_a_page_that_does_not_say_what_it_must_is_refused(title, unit, rows, failure, words):
    with pytest.raises(failure, match=words):
        said(title, unit, rows)
