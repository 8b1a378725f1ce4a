"""What a publisher still shows of a line that did not trade: its last session that did."""

from datetime import date, timedelta

from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.truth import Truth

REACHES = (timedelta(days=10), timedelta(days=366))
"""Most lines traded within days, so a year is only looked through for the few that did not."""


def last_trade(market: Market, ticker: str, session: date) -> Truth | None:
    """The newest traded session of the line up to ``session``; None where a year has none."""
    for reach in REACHES:
        past = market.history(ticker, session - reach, session)
        for truth in reversed(past):
            if truth.status == "T":
                return truth
    return None
