"""Cross-market: Casablanca beside Lagos, Cairo and Johannesburg in one currency."""

import polars as pl
import streamlit as st

from market_assets.serving.dashboard import charts, fields, periods
from market_assets.serving.dashboard.charts import Series
from market_assets.serving.dashboard.frame import day, headed, nothing, shown
from market_assets.serving.dashboard.numbers import plain, signed
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.state import choice, switch
from market_assets.serving.dashboard.tables import Column, Kind, table

TABLE = "africa.cross_market"
PLACES = {"XCAS": "Casablanca", "XNSA": "Lagos", "XCAI": "Cairo", "XJSE": "Johannesburg"}
AMOUNTS = ("market_cap", "turnover")
COUNTS = ("rising", "falling", "unchanged")
MEASURES = {
    "market_cap": "Market capitalisation",
    "turnover": "Turnover",
    "return_1": "Return, 1 session",
    "return_5": "Return, 5 sessions",
    "return_20": "Return, 20 sessions",
    "weighted_return_1": "Weighted return, 1 session",
    "weighted_return_5": "Weighted return, 5 sessions",
    "weighted_return_20": "Weighted return, 20 sessions",
    "breadth": "Breadth",
    "rising": "Rising lines",
    "falling": "Falling lines",
    "unchanged": "Unchanged lines",
}
HISTORY = f"""
FROM {TABLE} WHERE measure = ? AND (currency = ? OR currency IS NULL) ORDER BY as_of, mic
"""
CORRELATIONS = """
FROM africa.market_correlations WHERE currency = ? AND as_of =
    (SELECT max(as_of) FROM africa.market_correlations)
"""
SECTORS = """
SELECT mic, coalesce(icb_sector, 'not classified') AS sector, weight, lines, market_cap, session,
    age_days FROM africa.sector_weights
WHERE as_of = (SELECT max(as_of) FROM africa.sector_weights) ORDER BY mic, weight DESC
"""


def cross_market(data: Data) -> None:
    """A measure of every market, now and over time, their correlations and sectors."""
    data.require(TABLE, market="africa")
    measure = choice(
        "Measure", list(MEASURES), name="measure", default="market_cap", told=MEASURES.__getitem__
    )
    currency = switch("In", ["USD", "MAD"], name="currency", default="USD", told=str)
    period = periods.chosen()
    rows = data.rows(HISTORY, measure, currency)
    headed("Cross-market", "Markets of Africa beside each other. What cannot be converted is null.")
    if rows.is_empty():
        nothing(f"No {MEASURES[measure].lower()}", "No market has it in this version.")
        return
    scale, unit, digits = _unit(measure, currency)
    rows = rows.with_columns(shown=pl.col("value") * scale)
    newest = rows.filter(pl.col("as_of") == pl.col("as_of").max())
    left, right = st.columns([2, 3], gap="large")
    with left:
        _now(data, newest, title=MEASURES[measure], unit=unit, digits=digits)
    with right:
        _history(data, rows, period, title=MEASURES[measure], unit=unit, digits=digits)
    kind: Kind = "whole" if measure in (*AMOUNTS, *COUNTS) else "rate"
    missing = [
        _place(mic) for mic, value in newest.select("mic", "value").iter_rows() if value is None
    ]
    if missing:
        nothing(
            f"{', '.join(missing)}: null",
            "No young enough rate of exchange leads to this currency, or no source states it.",
        )
    table(
        data,
        newest,
        title="How it was reckoned",
        name=f"cross-market-{measure}-{currency}",
        of=TABLE,
        columns={
            "mic": Column("Market"),
            "value": Column("Value", kind),
            "currency": Column("Currency"),
            "local_value": Column("Local value", kind),
            "local_currency": Column("Local currency"),
            "lines": Column("Lines", "whole"),
            "session": Column("Session", "day"),
            "age_days": Column("Age, days", "whole"),
            "rate": Column("Rate", "rate"),
            "rate_path": Column("Rates used"),
            "rate_age_days": Column("Rate's age, days", "whole"),
        },
    )
    left, right = st.columns(2, gap="large")
    with left:
        _correlations(data, currency)
    with right:
        _sectors(data)


def _unit(measure: str, currency: str) -> tuple[float, str, int]:
    if measure == "market_cap":
        return 1e-9, f"billion {currency}", 1
    if measure == "turnover":
        return 1e-6, f"million {currency}", 1
    if measure in COUNTS:
        return 1, "lines", 0
    return 100, "percent", 2


def _place(mic: str) -> str:
    return PLACES.get(mic, mic)


def _first(words: str) -> str:
    """With a capital first letter, the others as they are."""
    return words[:1].upper() + words[1:]


def _now(data: Data, newest: pl.DataFrame, *, title: str, unit: str, digits: int) -> None:
    ordered = newest.sort("shown", descending=True, nulls_last=True)
    values = ordered["shown"].to_list()
    write = (
        (lambda v: signed(v, digits=digits, unit=""))
        if unit == "percent"
        else (lambda v: plain(v, digits=digits))
    )
    names = [_place(mic) for mic in ordered["mic"].to_list()]
    figure = fields.lying_bars(names, values, [write(value) for value in values], unit=unit)
    charts.shown(
        data,
        figure,
        title=title,
        name="now",
        height=260,
        unit=f"{_first(unit)}, {day(newest['as_of'][0])}",
    )


def _history(
    data: Data, rows: pl.DataFrame, period: int, *, title: str, unit: str, digits: int
) -> None:
    wide = (
        rows.pivot("mic", index="as_of", values="shown").sort("as_of").rename({"as_of": "session"})
    )
    series = [
        Series(column=mic, name=_place(mic), digits=digits)
        for mic in PLACES
        if mic in wide.columns and wide[mic].count()
    ]
    figure = charts.lines(periods.cut(wide, period), series, from_zero=unit != "percent")
    charts.shown(
        data, figure, title=f"{title} over time", name="history", height=260, unit=_first(unit)
    )


def _correlations(data: Data, currency: str) -> None:
    if not data.has("africa.market_correlations"):
        return
    rows = data.rows(CORRELATIONS, currency)
    if rows["correlation"].count() == 0:
        changes = rows["changes"].max()
        nothing(
            "Correlations are null",
            f"They want more daily changes that two markets share; the most here are {changes}. "
            "`market-assets run --market africa --days 120` gathers them.",
        )
        return
    known = {
        frozenset(pair): value
        for *pair, value in rows.select("mic", "other_mic", "correlation").iter_rows()
    }
    mics = [mic for mic in PLACES if any(mic in pair for pair in known)]
    names = [PLACES[mic] for mic in mics]
    values = [
        [known.get(frozenset((one, other))) if one != other else None for other in mics]
        for one in mics
    ]
    texts = [["" if value is None else f"{value:.2f}" for value in row] for row in values]
    figure = fields.grid(names, names, values, span=(-1, 1), texts=texts)
    charts.shown(
        data,
        figure,
        title="Correlation of daily returns",
        name="correlations",
        unit=f"In {currency}; each field has its number",
    )


def _sectors(data: Data) -> None:
    if not data.has("africa.sector_weights"):
        return
    rows = data.rows(SECTORS)
    wide = rows.pivot("mic", index="sector", values="weight")
    mics = [mic for mic in PLACES if mic in wide.columns]
    values = [
        [None if value is None else value * 100 for value in row]
        for row in wide.select(mics).iter_rows()
    ]
    texts = [["" if value is None else f"{value:.0f}" for value in row] for row in values]
    figure = fields.grid(
        [PLACES[mic] for mic in mics], wide["sector"].to_list(), values, span=(0, 50), texts=texts
    )
    charts.shown(
        data,
        figure,
        title="Sectors of each market",
        name="sectors",
        height=400,
        unit="Percent of its market capitalisation, ICB; each field has its number",
    )


if __name__ == "__main__":
    shown(cross_market)
