"""Money and credit."""

from market_assets.serving.dashboard import charts, fields
from market_assets.serving.dashboard.charts import Series
from market_assets.serving.dashboard.frame import nothing
from market_assets.serving.dashboard.numbers import plain
from market_assets.serving.dashboard.reading import Data

CREDIT = """
SELECT regexp_replace(name, '^Bank credit( to)?: ', '') AS name, value, share, yearly_change,
    reference_date, indicator_id, source
FROM central_bank.banking_metrics WHERE dimension = ? AND value IS NOT NULL AND reference_date =
    (SELECT max(reference_date) FROM central_bank.banking_metrics WHERE dimension = ?)
ORDER BY value DESC
"""
LONG = 26
"""Letters of a name beside a bar."""


def aggregates(data: Data) -> None:
    """M1, M2 and M3."""
    rows = data.rows(
        "SELECT reference_date AS session, m1 / 1e9 AS m1, m2 / 1e9 AS m2, m3 / 1e9 AS m3 "
        "FROM central_bank.monetary_aggregates ORDER BY 1"
    )
    if rows.is_empty():
        nothing("No monetary aggregates", "The monthly series are not published yet.")
        return
    series = [Series(column=each, name=each.upper(), digits=1) for each in ("m3", "m2", "m1")]
    figure = charts.lines(rows, series, from_zero=True)
    figure.update_xaxes(rangebreaks=[], tickformat="%Y")
    charts.shown(
        data, figure, title="Money", name="money", unit="Billion MAD, end of month", height=420
    )


def credit(data: Data, dimension: str) -> None:
    """The newest credit, by object or by sector."""
    rows = data.rows(CREDIT, dimension, dimension)
    if rows.is_empty():
        nothing("No credit", "The monthly series are not published yet.")
        return
    rows = rows.head(10)
    texts = [
        plain(value / 1e9, digits=1) + ("" if share is None else f" · {share:.0%}")
        for value, share in rows.select("value", "share").iter_rows()
    ]
    names = [name if len(name) <= LONG else f"{name[: LONG - 1]}…" for name in rows["name"]]
    figure = fields.lying_bars(names, (rows["value"] / 1e9).to_list(), texts)
    charts.shown(
        data,
        figure,
        title=f"Bank credit by {dimension}",
        name="credit",
        height=420,
        unit=f"Billion MAD and share of all, {rows['reference_date'][0]:%B %Y}; parts may overlap",
    )
