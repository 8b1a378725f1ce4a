"""When volume alerts: on which side of each threshold, against what, and for how long."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.domain.volume.alerts import VOLUME_ALERTS, volume_alerts, volume_alerts_faults
from market_assets.domain.volume.analysis import VOLUME_ANALYSIS

DAY, NEXT = date(2026, 10, 8), date(2026, 10, 9)


def row(volume, *, ticker="ATW", session=DAY, previous=None, ratio=None) -> dict:
    return {
        "ticker": ticker,
        "session": session,
        "volume": volume,
        "previous_volume": previous,
        "volume_ratio": ratio,
    }


def alerts(*rows: dict, newest: date | None = NEXT) -> pl.DataFrame:
    analysis = pl.DataFrame(list(rows), schema=VOLUME_ANALYSIS)
    return volume_alerts(analysis, newest=newest, high=2.0, low=0.5, spike=3.0, drop=0.3)


@pytest.mark.parametrize(
    ("ratio", "kinds"),
    [
        (2.0000001, ["high_volume"]),
        (2.0, []),
        (0.5, []),
        (0.4999999, ["low_volume"]),
        (0.0, ["low_volume"]),
        (None, []),
    ],
)
def test_against_the_average_a_ratio_alerts_beyond_its_threshold(ratio, kinds):
    assert alerts(row(10, ratio=ratio))["alert_type"].to_list() == kinds


@pytest.mark.parametrize(
    ("volume", "previous", "kinds"),
    [
        (31, 10, ["volume_spike"]),
        (30, 10, []),
        (3, 10, []),
        (2, 10, ["volume_drop"]),
        (0, 10, ["volume_drop"]),
        (10, 0, []),
        (10, None, []),
        (None, 10, []),
    ],
)
def test_against_the_previous_session_a_volume_alerts_beyond_its_threshold(volume, previous, kinds):
    assert alerts(row(volume, previous=previous))["alert_type"].to_list() == kinds


def test_an_alert_says_what_was_compared():
    found = alerts(
        row(1_234_567, ratio=2.411),
        row(40, ticker="IAM", previous=1000),
        row(1_000, ticker="BCP", session=NEXT, previous=10, ratio=12345.678),
    )
    expected = [
        ("ATW", "high_volume", DAY, 1_234_567, 2.411, 2.0,
         "ATW traded 1,234,567 shares, 2.41 x its 20-session average", False),
        ("IAM", "volume_drop", DAY, 40, 0.04, 0.3,
         "IAM traded 40 shares, 0.04 x its previous session", False),
        ("BCP", "high_volume", NEXT, 1_000, 12345.678, 2.0,
         "BCP traded 1,000 shares, 12345.68 x its 20-session average", True),
        ("BCP", "volume_spike", NEXT, 1_000, 100.0, 3.0,
         "BCP traded 1,000 shares, 100.00 x its previous session", True),
    ]  # fmt: skip
    assert_frame_equal(found, pl.DataFrame(expected, schema=VOLUME_ALERTS, orient="row"))


@pytest.mark.parametrize(("newest", "active"), [(DAY, True), (NEXT, False), (None, False)])
def test_an_alert_is_active_only_in_the_newest_session_of_the_market(newest, active):
    assert alerts(row(10, ratio=3.0), newest=newest)["is_active"].to_list() == [active]


def test_nothing_alerts_of_nothing():
    assert_frame_equal(alerts(), pl.DataFrame(schema=VOLUME_ALERTS))


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("missing_ticker", {"ticker": None}),
        ("unknown_type", {"alert_type": "odd", "ratio": 0.0}),
        ("threshold_not_passed", {"ratio": 2.0}),
        ("threshold_not_passed", {"ratio": None}),
    ],
)
def test_each_fault_is_counted(fault, change):
    sound = alerts(row(10, ratio=3.0))
    assert set(volume_alerts_faults(sound).values()) == {0}
    broken = sound.with_columns(
        pl.lit(value, dtype=VOLUME_ALERTS[name]).alias(name) for name, value in change.items()
    )
    assert {k for k, count in volume_alerts_faults(broken).items() if count} == {fault}


def test_faults_between_rows_are_counted():
    one = alerts(row(10, ratio=3.0), newest=DAY)
    assert volume_alerts_faults(pl.concat([one, one]))["duplicate_row"] == 2
    later = one.with_columns(session=pl.lit(NEXT))
    assert volume_alerts_faults(pl.concat([one, later]))["active_before_newest_session"] == 1
