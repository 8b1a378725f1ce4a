"""What the views show, over tables in the schemas that the domain states."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.domain.volume.alerts import VOLUME_ALERTS
from market_assets.domain.volume.analysis import VOLUME_ANALYSIS
from market_assets.domain.volume.market_summary import MARKET_VOLUME_SUMMARY
from market_assets.domain.volume.sectors import SECTOR_VOLUME_ANALYSIS
from market_assets.domain.volume.trends import VOLUME_TRENDS
from market_assets.warehouse.publish import publish
from market_assets.warehouse.reader import Published
from market_assets.warehouse.tables import Warehouse
from market_assets.warehouse.views import volume_views

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def rows(schema: pl.Schema, *stated: dict[str, Any]) -> pl.DataFrame:
    """Rows of ``schema`` with what is stated; the rest is null."""
    return pl.DataFrame(list(stated), schema=schema)


def alert(ticker: str, kind: str, session: date, ratio: float, *, active: bool) -> dict[str, Any]:
    return {
        "ticker": ticker,
        "alert_type": kind,
        "session": session,
        "ratio": ratio,
        "is_active": active,
    }


def trend(ticker: str, period: str, start: date, *, complete: bool | None) -> dict[str, Any]:
    return {"ticker": ticker, "period": period, "period_start": start, "complete": complete}


ANALYSIS = rows(
    VOLUME_ANALYSIS,
    *({"ticker": ticker, "session": day} for day in (MONDAY, TUESDAY) for ticker in ("IAM", "ATW")),
)
ALERTS = rows(
    VOLUME_ALERTS,
    alert("ATW", "high_volume", MONDAY, 2.5, active=False),
    alert("IAM", "high_volume", TUESDAY, 2.1, active=True),
    alert("ATW", "high_volume", TUESDAY, 3.5, active=True),
    alert("ATW", "volume_spike", TUESDAY, 4.0, active=True),
    alert("CIH", "low_volume", TUESDAY, 0.1, active=False),
)
TRENDS = rows(
    VOLUME_TRENDS,
    trend("ATW", "week", date(2026, 2, 16), complete=True),
    trend("ATW", "week", date(2026, 2, 23), complete=True),
    trend("ATW", "week", date(2026, 3, 2), complete=False),
    trend("ATW", "month", date(2026, 2, 1), complete=True),
    trend("ATW", "month", date(2026, 3, 1), complete=None),
    trend("IAM", "week", date(2026, 2, 16), complete=True),
)
SECTORS = rows(
    SECTOR_VOLUME_ANALYSIS,
    {"sector": "Mines", "session": MONDAY, "total_turnover": 900.0},
    {"sector": "Banques", "session": TUESDAY, "total_turnover": 500.0},
    {"sector": "Assurances", "session": TUESDAY, "total_turnover": 500.0},
    {"sector": "Mines", "session": TUESDAY, "total_turnover": None},
    {"sector": None, "session": TUESDAY, "total_turnover": 700.0},
)
SUMMARY = rows(
    MARKET_VOLUME_SUMMARY,
    {"session": MONDAY, "total_volume": 10, "most_active": "IAM"},
    {"session": TUESDAY, "total_volume": 20, "most_active": "ATW"},
)
TABLES = {
    "volume_analysis": ANALYSIS,
    "volume_alerts": ALERTS,
    "volume_trends": TRENDS,
    "sector_volume_analysis": SECTORS,
    "market_volume_summary": SUMMARY,
}


def reader_of(directory, tables: dict[str, pl.DataFrame]) -> Published:
    warehouse = Warehouse(directory / "warehouse.duckdb", mode="sandbox", patience=10)
    for name, frame in tables.items():
        warehouse.replace_table(f"casablanca.{name}", frame)
    publish(
        warehouse,
        directory / "published",
        schemas=("casablanca",),
        carried=(),
        views=volume_views("casablanca"),
    )
    return Published(directory / "published")


@pytest.fixture(scope="module")
def reader(tmp_path_factory) -> Published:
    return reader_of(tmp_path_factory.mktemp("views"), TABLES)


def test_the_latest_analysis_is_every_line_of_the_newest_session(reader):
    latest = reader.query("FROM casablanca.latest_volume_analysis")
    assert_frame_equal(latest, ANALYSIS.filter(session=TUESDAY).sort("ticker"))


def test_high_volume_alerts_are_of_that_type_newest_and_highest_first(reader):
    found = reader.query("SELECT ticker, session FROM casablanca.high_volume_alerts")
    assert found.rows() == [("ATW", TUESDAY), ("IAM", TUESDAY), ("ATW", MONDAY)]


def test_the_active_alerts_are_those_that_say_so(reader):
    found = reader.query("SELECT ticker, alert_type FROM casablanca.active_volume_alerts")
    assert found.rows() == [
        ("ATW", "high_volume"),
        ("ATW", "volume_spike"),
        ("IAM", "high_volume"),
    ]


def test_the_trends_summary_is_each_line_s_newest_complete_week_and_month(reader):
    found = reader.query(
        "SELECT ticker, period, period_start FROM casablanca.volume_trends_summary"
    )
    assert found.rows() == [
        ("ATW", "month", date(2026, 2, 1)),
        ("ATW", "week", date(2026, 2, 23)),
        ("IAM", "week", date(2026, 2, 16)),
    ]


def test_the_dashboard_is_one_row_of_the_newest_session(reader):
    [row] = reader.query("FROM casablanca.market_volume_dashboard").rows(named=True)
    assert row == SUMMARY.row(1, named=True) | {
        "alerts": 4,
        "high_volume_alerts": 2,
        "low_volume_alerts": 1,
        "volume_spike_alerts": 1,
        "volume_drop_alerts": 0,
        "top_sector": "Assurances",
        "top_sector_turnover": 500.0,
    }


def test_the_dashboard_stands_without_alerts_and_sectors(tmp_path):
    bare = TABLES | {"volume_alerts": ALERTS.clear(), "sector_volume_analysis": SECTORS.clear()}
    [row] = (
        reader_of(tmp_path, bare).query("FROM casablanca.market_volume_dashboard").rows(named=True)
    )
    assert (row["total_volume"], row["alerts"], row["top_sector"]) == (20, 0, None)


def test_a_view_is_left_out_while_one_of_its_tables_is_absent(tmp_path):
    few = {"volume_alerts": ALERTS}
    views = reader_of(tmp_path, few).query(
        "SELECT view_name FROM duckdb_views() WHERE NOT internal"
    )
    assert sorted(views["view_name"]) == ["active_volume_alerts", "high_volume_alerts"]
