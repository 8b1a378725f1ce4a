"""Central bank: Bank Al-Maghrib's rates, currencies, money and credit."""

import streamlit as st

from market_assets.serving.dashboard import periods
from market_assets.serving.dashboard.frame import headed, shown
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.sections.central_bank import (
    currencies,
    indicators,
    money,
    rates,
)
from market_assets.serving.dashboard.state import choice, switch


def central_bank(data: Data) -> None:
    """Policy and overnight rates, the curve, a currency, money, credit, all indicators."""
    data.require(indicators.TABLE, market="central_bank")
    quoted = currencies.quoted(data)
    currency = (
        choice("Currency", quoted, name="currency", default="EUR", told=str) if quoted else ""
    )
    kind = switch(
        "Quoted as",
        list(currencies.KINDS),
        name="kind",
        default="reference",
        told=currencies.KINDS.__getitem__,
    )
    period = periods.chosen()
    dimension = switch("Credit by", ["object", "sector"], name="credit", default="object", told=str)
    headed("Central bank", "Rates, currencies, money and credit, as Bank Al-Maghrib states them.")
    indicators.numbers(data)
    left, right = st.columns(2, gap="large")
    with left:
        rates.policy(data)
    with right:
        rates.overnight(data, period)
    left, right = st.columns(2, gap="large")
    with left:
        rates.treasury_curve(data)
    with right:
        currencies.over_time(data, currency, kind, period)
    left, right = st.columns(2, gap="large")
    with left:
        money.aggregates(data)
    with right:
        money.credit(data, dimension)
    currencies.newest(data, kind)
    indicators.every(data)


if __name__ == "__main__":
    shown(central_bank)
