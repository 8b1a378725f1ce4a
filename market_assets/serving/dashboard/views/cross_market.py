"""Cross-market: Casablanca beside Lagos, Cairo, Johannesburg and Abidjan in one currency."""

import polars as pl
import streamlit as st

from market_assets.serving.dashboard import periods
from market_assets.serving.dashboard.frame import headed, nothing, shown
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.sections.cross_market import measures, relations
from market_assets.serving.dashboard.state import choice, switch

HISTORY = f"""
FROM {measures.TABLE} WHERE measure = ? AND (currency = ? OR currency IS NULL) ORDER BY as_of, mic
"""


def cross_market(data: Data) -> None:
    """A measure of every market, now and over time, their correlations and sectors."""
    data.require(measures.TABLE, market="africa")
    measure = choice(
        "Measure",
        list(measures.MEASURES),
        name="measure",
        default="market_cap",
        told=measures.MEASURES.__getitem__,
    )
    currency = switch("In", ["USD", "MAD"], name="currency", default="USD", told=str)
    period = periods.chosen()
    rows = data.rows(HISTORY, measure, currency)
    headed("Cross-market", "Markets of Africa beside each other. What cannot be converted is null.")
    if rows.is_empty():
        nothing(f"No {measures.MEASURES[measure].lower()}", "No market has it in this version.")
        return
    unit = measures.unit_of(measure, currency)
    rows = rows.with_columns(shown=pl.col("value") * unit.scale)
    newest = rows.filter(pl.col("as_of") == pl.col("as_of").max())
    left, right = st.columns([2, 3], gap="large")
    with left:
        measures.now(data, newest, measure, unit)
    with right:
        measures.over_time(data, rows, period, measure, unit)
    measures.reckoned(data, newest, measure, currency)
    left, right = st.columns(2, gap="large")
    with left:
        relations.correlations(data, currency)
    with right:
        relations.sectors(data)


if __name__ == "__main__":
    shown(cross_market)
