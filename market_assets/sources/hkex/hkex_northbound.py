"""HKEXnews' Northbound tables: what Hong Kong holds of each mainland line, at quarter ends.

``/sdw/search/mutualmarket.aspx?t=sh`` and ``?t=sz``: daily until 2024-08-16; since then the last
quarter end, from the fifth Northbound trading day of the quarter. So only the latest page is asked
for. The rows are read by ``mutualmarket``, with the code that the line has on its own exchange.
"""

from market_assets.sources.hkex.hkex_southbound import SOURCE as SOUTHBOUND_SOURCE
from market_assets.sources.hkex.mutualmarket import EXCHANGES, northbound
from market_assets.sources.source import Ask, Source
from market_assets.web.messages import Conversation, Request


def history(_ask: Ask) -> Conversation:
    """The latest page of each exchange."""
    for exchange in EXCHANGES:
        yield Request(
            key=f"{exchange}/latest",
            path="/sdw/search/mutualmarket.aspx",
            params={"t": exchange},
        )


SOURCE = Source(
    name="hkex_northbound",
    market="hkex",
    publisher="HKEXnews",
    base_url=SOUTHBOUND_SOURCE.base_url,
    group="hkex",
    gives=frozenset({"northbound_holdings"}),
    terms=SOUTHBOUND_SOURCE.terms,
    caution=(
        "Not asked unless you switch it on, because its terms forbid “any programmatic, scripted"
        " or other mechanical means” of access. Quarterly since 19 August 2024."
    ),
    verified=(
        "Not tried live. Seen: a raw page of Shanghai in Chinese of January 2019 (845 rows). From"
        " clients of 2026: one row in English, a page that states 2026/03/31. Not seen: a page of"
        " Shenzhen, the codes and names of ETFs. The relation of the codes held for all 2,086"
        " lines of a list of October 2019."
    ),
    parse=northbound,
    history=history,
    official=True,
    live=False,
)
