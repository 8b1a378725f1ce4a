"""The analytics reach as far as their windows do, also at the edges of the calendar."""

from datetime import date, timedelta

import dagster as dg
import polars as pl
import pytest

from market_assets.defs.casablanca import analytics
from market_assets.defs.layouts import layouts_key
from market_assets.defs.location import code_location
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.platform import Platform
from market_assets.defs.reach import last_changed
from market_assets.defs.window import Window, run_config, run_tags
from market_assets.settings import read_settings

SESSION = date(2025, 11, 14)


def test_the_first_session_of_the_calendar_can_be_built(tmp_path):
    window = Window(sessions=(date(2010, 1, 4),))
    definitions = code_location(read_settings({"data_dir": tmp_path}), loggers=None)
    job = definitions.resolve_job_def("casablanca_from_captures")
    built = dg.AssetSelection.groups("casablanca_quotes", "casablanca", "casablanca_quality")
    keys = built.resolve(definitions.resolve_asset_graph()) - {layouts_key(CASABLANCA)}
    result = job.get_subset(asset_selection=keys, asset_check_selection=set()).execute_in_process(
        tags=run_tags(window), run_config=run_config(window)
    )
    assert result.success
    assert len(result.get_asset_materialization_events()) == len(keys)


@pytest.mark.parametrize("month", [11, 12])
def test_the_last_months_of_the_calendar_have_their_trends(month):
    days = Window(sessions=(date(2027, month, 30),))
    first, until = analytics.whole_periods(days)
    assert (first, until) == (date(2027, month, 1), date(2027, 12, 31))
    due = analytics._sessions_due(first, until).filter(period="month", period_start=first)
    assert due["sessions"].to_list() == [{11: 21, 12: 23}[month]]


@pytest.mark.parametrize(("days", "changes"), [(365, True), (366, True), (367, False)])
def test_a_session_changes_all_those_whose_windows_may_hold_it(days, changes, tmp_path):
    later = SESSION + timedelta(days=days)
    platform = Platform(read_settings({"data_dir": tmp_path}))
    platform.warehouse.replace_sessions(
        analytics.QUOTES, pl.DataFrame({"session": [later]}), first=later, last=later
    )
    window = Window(sessions=(SESSION,))
    last = last_changed(platform, analytics.QUOTES, window, ahead=analytics.REACH)
    assert last == (later if changes else SESSION)
