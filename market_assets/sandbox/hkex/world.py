"""The invented Southbound with its publishers and what goes wrong at them."""

from datetime import datetime

from market_assets.sandbox.hkex import (
    hkex_participants,
    hkex_securities,
    hkex_southbound,
    sse_southbound,
    szse_southbound,
)
from market_assets.sandbox.hkex.market import Market
from market_assets.sandbox.hkex.mischief import Format, Mischief
from market_assets.sandbox.messages import Answer, Question

FORMATS: dict[str, Format] = {
    "hkex_southbound": hkex_southbound.answer,
    "hkex_northbound": hkex_southbound.answer,
    "hkex_participants": hkex_participants.answer,
    "hkex_securities": hkex_securities.answer,
    "sse_southbound": sse_southbound.answer,
    "szse_southbound": szse_southbound.answer,
}
"""Source -> how its publisher answers; HKEXnews' sources share a host and have paths of their own,
but for Northbound, which is another market on the page of Southbound."""


class HkexWorld:
    """Every publisher speaks about the days that are out when it is asked."""

    def __init__(self, *, market: Market) -> None:
        self._mischief = Mischief(market=market)

    def answer(self, source: str, question: Question, now: datetime) -> Answer:
        """What the publisher of ``source`` sends at ``now`` (UTC)."""
        return self._mischief.answer(source, FORMATS[source], question, now)
