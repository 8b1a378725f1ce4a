"""Hong Kong holdings: what Southbound holds of a stock, what moved most, what came and went."""

from market_assets.serving.dashboard import lines, periods
from market_assets.serving.dashboard.frame import day, headed, nothing, shown
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.sections.holdings import market, movers, stock
from market_assets.serving.dashboard.state import choice, switch


def holdings(data: Data) -> None:
    """A stock's shares and percent, the movers of a session, newcomers, eligibility, breadth."""
    data.require(stock.HOLDINGS, market="hkex")
    code, names = lines.chosen(data, "Stock", table=stock.HOLDINGS, column="code", usual="00700")
    period = periods.chosen()
    horizon = switch("Movers over sessions", [1, 5, 20], name="horizon", default=1, told=str)
    measure = switch(
        "Measured in",
        ["percent", "shares"],
        name="measure",
        default="percent",
        told={"percent": "%", "shares": "shares"}.__getitem__,
    )
    most = switch("How many", [5, 10], name="most", default=10, told=lambda each: f"top {each}")
    headed(
        "Hong Kong holdings", "Shares of Hong Kong held from the mainland through Stock Connect."
    )
    stock.held(data, code, names[code], period)
    if sessions := movers.sessions(data):
        session = choice("Movers of", sessions, name="session", default=sessions[0], told=day)
        movers.moved_most(data, session, horizon, measure, most)
    else:
        nothing("No movers", "No session has another to be compared with yet.")
    market.breadth_and_sum(data, period)
    market.newcomers(data)
    market.eligibility(data)
    stock.concentration(data, code)


if __name__ == "__main__":
    shown(holdings)
