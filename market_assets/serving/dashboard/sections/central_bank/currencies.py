"""What currencies cost in dirhams."""

from market_assets.serving.dashboard import charts, periods
from market_assets.serving.dashboard.charts import Series
from market_assets.serving.dashboard.frame import nothing
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.tables import Column, Rows, table

RATES = "central_bank.exchange_rates"
KINDS = {"reference": "reference rate", "banknote": "banknotes"}


def quoted(data: Data) -> list[str]:
    """The currencies that have rates."""
    return data.rows(f"SELECT DISTINCT currency FROM {RATES} ORDER BY 1")["currency"].to_list()


def over_time(data: Data, currency: str, kind: str, period: int) -> None:
    """One currency's rates of a kind."""
    rows = data.rows(
        f"SELECT reference_date AS session, mid, bid, ask, unit_count FROM {RATES} "
        "WHERE currency = ? AND kind = ? ORDER BY 1",
        currency,
        kind,
    )
    if rows.is_empty():
        nothing(
            f"No {KINDS[kind]} of {currency}",
            "The bank states none: choose the other, or another currency.",
        )
        return
    seen = periods.cut(rows, period)
    series = [
        Series(column=column, name=name, digits=4)
        for column, name in (("mid", "mid"), ("bid", "bought"), ("ask", "sold"))
        if seen[column].count()
    ]
    figure = charts.lines(seen, series, from_zero=False)
    charts.shown(
        data,
        figure,
        title=f"{currency} in dirhams, {KINDS[kind]}",
        name="currency",
        unit=f"MAD for {rows['unit_count'][-1]} {currency}; the axis does not start at 0",
    )


def newest(data: Data, kind: str) -> None:
    """The newest rate of each currency of a kind."""
    rows = data.rows(
        f"FROM {RATES} WHERE kind = ? QUALIFY row_number() OVER "
        "(PARTITION BY currency ORDER BY reference_date DESC) = 1 ORDER BY currency",
        kind,
    )
    table(
        data,
        rows,
        title=f"Currencies, {KINDS[kind]}",
        name=f"currencies-{kind}",
        of=RATES,
        origin=Rows(table=RATES, line="currency", day="reference_date"),
        columns={
            "currency": Column("Currency"),
            "unit_count": Column("Units", "whole"),
            "mid": Column("Mid, MAD", "rate"),
            "bid": Column("Bought, MAD", "rate"),
            "ask": Column("Sold, MAD", "rate"),
            "reference_date": Column("Of", "day"),
            "confidence": Column("Confidence", "price"),
            "sources": Column("Sources"),
        },
    )
