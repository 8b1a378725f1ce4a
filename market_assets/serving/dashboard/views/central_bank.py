"""Central bank: Bank Al-Maghrib's rates, currencies, money and credit."""

import streamlit as st

from market_assets.serving.dashboard import charts, fields, periods
from market_assets.serving.dashboard.cards import Card, Origin, cards
from market_assets.serving.dashboard.charts import Series
from market_assets.serving.dashboard.frame import headed, nothing, shown
from market_assets.serving.dashboard.numbers import plain, scaled
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.state import choice, switch
from market_assets.serving.dashboard.tables import Column, Rows, table

INDICATORS = "central_bank.indicators"
RATES = "central_bank.exchange_rates"
HEADS = {
    "policy.rate": "Policy rate",
    "monia.rate": "MONIA",
    "interbank.rate": "Interbank rate",
    "curve.10y": "Treasury 10 y",
    "money.m3": "M3",
    "credit.total": "Bank credit",
}
NEWEST = f"""
FROM {INDICATORS} WHERE value IS NOT NULL QUALIFY row_number() OVER
    (PARTITION BY indicator_id ORDER BY reference_date DESC) = 1
"""
OVERNIGHT = """
SELECT coalesce(bank.reference_date, index.reference_date) AS session,
    bank.rate AS interbank, index.rate AS monia
FROM central_bank.interbank_rate bank FULL JOIN central_bank.monia index USING (reference_date)
WHERE isodow(reference_date) < 6
ORDER BY session
"""
CURVE = """
SELECT (maturity_date - reference_date) / 365.25 AS years, rate, reference_date
FROM central_bank.treasury_curve WHERE reference_date = ? ORDER BY maturity_date
"""
CREDIT = """
SELECT regexp_replace(name, '^Bank credit( to)?: ', '') AS name, value, share, yearly_change,
    reference_date, indicator_id, source
FROM central_bank.banking_metrics WHERE dimension = ? AND value IS NOT NULL AND reference_date =
    (SELECT max(reference_date) FROM central_bank.banking_metrics WHERE dimension = ?)
ORDER BY value DESC
"""
KINDS = {"reference": "reference rate", "banknote": "banknotes"}
LONG = 26
"""Letters of a name beside a bar."""
BACK = 20
"""Quotations between the curves that are compared."""


def central_bank(data: Data) -> None:
    """Policy and overnight rates, the curve, a currency, money, credit, all indicators."""
    data.require(INDICATORS, market="central_bank")
    currencies = data.rows(f"SELECT DISTINCT currency FROM {RATES} ORDER BY 1")[
        "currency"
    ].to_list()
    currency = (
        choice("Currency", currencies, name="currency", default="EUR", told=str)
        if currencies
        else ""
    )
    kind = switch(
        "Quoted as", list(KINDS), name="kind", default="reference", told=KINDS.__getitem__
    )
    period = periods.chosen()
    dimension = switch("Credit by", ["object", "sector"], name="credit", default="object", told=str)
    headed("Central bank", "Rates, currencies, money and credit, as Bank Al-Maghrib states them.")
    _cards(data)
    left, right = st.columns(2, gap="large")
    with left:
        _policy(data)
    with right:
        _overnight(data, period)
    left, right = st.columns(2, gap="large")
    with left:
        _curve(data)
    with right:
        _currency(data, currency, kind, period)
    left, right = st.columns(2, gap="large")
    with left:
        _money(data)
    with right:
        _credit(data, dimension)
    _currencies(data, kind)
    _indicators(data)


def _cards(data: Data) -> None:
    newest = {row["indicator_id"]: row for row in data.rows(NEWEST).iter_rows(named=True)}
    told: list[Card] = []
    for name, label in HEADS.items():
        if name not in newest:
            continue
        row = newest[name]
        amount = row["unit"] == "MAD"
        value, unit = (
            scaled(row["value"], "MAD") if amount else (plain(row["value"], digits=3), row["unit"])
        )
        origin = Origin(table=INDICATORS, line=name, session=row["reference_date"])
        note = f"{row['reference_date']:%d %b %Y}"
        told.append(Card(label=label, value=value, unit=unit, note=note, origin=origin))
    cards(told)


def _policy(data: Data) -> None:
    rows = data.rows(
        "SELECT reference_date AS session, rate FROM central_bank.policy_rate ORDER BY 1"
    )
    if rows.is_empty():
        nothing("No policy rate", "No decision of the bank is published.")
        return
    figure = charts.steps(rows, Series(column="rate", name="policy rate", digits=2))
    charts.shown(
        data,
        figure,
        title="Policy rate",
        name="policy",
        unit="Percent, from one decision to the next",
    )


def _overnight(data: Data, period: int) -> None:
    rows = periods.cut(data.rows(OVERNIGHT), period)
    if rows.is_empty():
        nothing("No overnight rates", "Neither MONIA nor the interbank rate is published.")
        return
    figure = charts.lines(
        rows,
        [
            Series(column="interbank", name="interbank", digits=3, points=True),
            Series(column="monia", name="MONIA", digits=3, points=True),
        ],
        from_zero=False,
    )
    charts.shown(
        data,
        figure,
        title="Overnight rates",
        name="overnight",
        unit="Percent; gaps are days without a rate; the axis does not start at 0",
    )


def _curve(data: Data) -> None:
    days = data.rows(
        "SELECT DISTINCT reference_date FROM central_bank.treasury_curve ORDER BY 1 DESC"
    )["reference_date"].to_list()
    if not days:
        nothing("No Treasury curve", "None is published.")
        return
    compared = [days[0], days[min(BACK, len(days) - 1)]]
    series = {f"{each:%d %b %Y}": data.rows(CURVE, each) for each in dict.fromkeys(compared)}
    figure = fields.curve(series, x="years", y="rate", names=("Years to maturity", ""))
    charts.shown(
        data,
        figure,
        title="Treasury curve",
        name="curve",
        unit="Secondary market rate, percent; the axis does not start at 0",
    )


def _currency(data: Data, currency: str, kind: str, period: int) -> None:
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


def _money(data: Data) -> None:
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


def _credit(data: Data, dimension: str) -> None:
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
    figure = fields.lying_bars(names, (rows["value"] / 1e9).to_list(), texts, unit="billion MAD")
    charts.shown(
        data,
        figure,
        title=f"Bank credit by {dimension}",
        name="credit",
        height=420,
        unit=f"Billion MAD and share of all, {rows['reference_date'][0]:%B %Y}; parts may overlap",
    )


def _currencies(data: Data, kind: str) -> None:
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


def _indicators(data: Data) -> None:
    rows = data.rows("FROM central_bank.latest_indicators ORDER BY frequency, indicator_id")
    table(
        data,
        rows,
        title="Every indicator",
        name="indicators",
        of=INDICATORS,
        origin=Rows(table=INDICATORS, line="indicator_id", day="reference_date"),
        columns={
            "indicator_id": Column("Indicator"),
            "name": Column("Name"),
            "value": Column("Value", "rate", "null where the newest is overdue"),
            "last_value": Column("Last stated", "rate"),
            "unit": Column("Unit"),
            "frequency": Column("Each"),
            "reference_date": Column("Of", "day"),
            "status": Column("Status"),
            "age_days": Column("Age, days", "whole"),
        },
    )


if __name__ == "__main__":
    shown(central_bank)
