"""Which turnover is measured and which computed from shares and close; both are kept."""

import csv
from datetime import UTC, date, datetime

import polars as pl
import pytest

from market_assets.domain.quotes.reconcile import (
    DATED,
    OFFICIAL,
    SOURCES,
    UNDATED,
    Reconciled,
    reconciled,
)
from market_assets.domain.quotes.rows import QUOTES
from market_assets.domain.quotes.turnover import ESTIMATED

WHO = pl.DataFrame(
    [("exchange", "exchange", True, 0), ("cdg", "cdg", False, 1), ("bmce", "bmce", False, 2)],
    schema=SOURCES,
    orient="row",
)
LINES = pl.DataFrame({"ticker": ["ATW"], "isin": ["MA1"], "name": ["Atw"], "sector": ["B"]})


def said(source="exchange", **values) -> dict:
    """The exchange's row of ATW on 2026-04-27, whose 7542122 is 10776 x 699.9 in whole dirhams."""
    return {
        "ticker": "ATW",
        "session": date(2026, 4, 27),
        "high": 705.0,
        "low": 691.1,
        "close": 699.9,
        "volume": 10776,
        "turnover": 7542122.0,
        "trades": 102,
        "dated": True,
        "source": source,
        "capture_id": f"{source}-1",
        "known_at": datetime(2026, 4, 27, 19, tzinfo=UTC),
    } | values


def agreed(*rows: dict) -> Reconciled:
    frame = pl.DataFrame(list(rows), schema=QUOTES)
    return reconciled(frame, sources=WHO, lines=LINES, mic="XCAS", currency="MAD")


def turnover(*rows: dict) -> tuple[float, float, bool]:
    row = agreed(*rows).daily_quotes.row(0, named=True)
    return tuple(row[f"turnover{part}"] for part in ("", "_confidence", "_estimated"))


@pytest.mark.parametrize(
    ("close", "product"),
    [(699.9, 7542122.4), (699.9, 7542122.0), (700.0, 7543200.0)],
)
def test_a_turnover_that_is_shares_times_close_is_kept_and_half_believed(close, product):
    found = turnover(said(close=close, turnover=product))
    assert found == (product, pytest.approx(OFFICIAL * ESTIMATED), True)


def test_one_that_was_cut_to_whole_dirhams_is_marked_too():
    cut = said(high=710.0, low=703.0, close=708.1, volume=27019, turnover=19132153.0)
    assert turnover(cut)[2] is True
    assert turnover(cut | {"turnover": 19132153.5})[2] is False


@pytest.mark.parametrize(
    "values",
    [
        {"turnover": 7542122.2},
        {"turnover": 7542123.0},
        {"turnover": 7542121.0},
        {"trades": 1},
        {"high": 699.9, "low": 699.9},
        {"high": None},
        {"low": None},
    ],
)
def test_one_that_is_not_the_product_or_is_so_by_right_is_not_marked(values):
    _, confidence, estimated = turnover(said(**values))
    assert (confidence, estimated) == (pytest.approx(OFFICIAL), False)


def test_an_untraded_line_has_a_turnover_of_0_by_right():
    assert turnover(said(volume=0, turnover=0.0)) == (0.0, pytest.approx(OFFICIAL), False)


def test_without_a_turnover_nothing_is_marked():
    assert turnover(said(turnover=None)) == (None, None, None)


def test_a_measured_turnover_of_a_dated_page_wins_over_an_estimate_of_the_exchange():
    measured = said("cdg", turnover=7540000.0)
    assert turnover(said(), measured)[::2] == (7540000.0, False)
    dissent = agreed(said(), measured).disagreements
    assert dissent.select("source", "field", "value").rows() == [
        ("exchange", "turnover", 7542122.0)
    ]
    assert turnover(said(), measured | {"dated": False})[::2] == (7542122.0, True)


def test_an_estimate_that_another_source_repeats_is_believed_more_but_never_as_a_measurement():
    alone, twice = turnover(said("cdg"))[1], turnover(said("cdg"), said("bmce"))[1]
    assert alone == pytest.approx(DATED * ESTIMATED) == pytest.approx(UNDATED)
    measured = turnover(said("cdg", turnover=7540000.0), said("bmce", turnover=7540000.0))[1]
    assert alone < twice < measured


def test_a_line_that_somebody_says_had_one_price_is_not_marked():
    rows = (said(), said("cdg", high=699.9, low=699.9, turnover=None))
    assert turnover(*rows)[2] is False


def test_the_rest_of_the_row_is_believed_as_before():
    estimated, measured = (
        agreed(said(turnover=value)).daily_quotes for value in (7542122.0, 7540000.0)
    )
    columns = ["close", "volume", "high", "low", "confidence", "volume_confidence"]
    assert estimated.select(columns).equals(measured.select(columns))


def test_of_the_captured_export_eight_turnovers_are_estimates(samples):
    path = samples / "casablanca/pfe_atw_official_2023_2026/ATW_bourse_casa_full.csv"
    with path.open(encoding="utf-8-sig") as file:
        export = [
            said(
                session=date.fromisoformat(row["Séance"]),
                high=float(row["+haut du jour"]),
                low=float(row["+bas du jour"]),
                close=float(row["Dernier Cours"]),
                volume=int(float(row["Nombre de titres échangés"])),
                turnover=float(row["Volume des échanges"]),
                trades=int(row["Nombre de transactions"]),
            )
            for row in csv.DictReader(file)
        ]
    quotes = agreed(*export).daily_quotes
    assert quotes["turnover"].null_count() == 0
    estimated = quotes.filter("turnover_estimated")["session"]
    assert (quotes.height, estimated.len()) == (761, 8)
    assert estimated.min() == date(2026, 4, 16)
