"""The invented exchanges of the neighbours with their publishers and what goes wrong at them."""

from datetime import datetime

from market_assets.sandbox.africa import african_lists, afx, egx_beta, ngx
from market_assets.sandbox.africa.market import Market
from market_assets.sandbox.africa.mischief import Format, Mischief
from market_assets.sandbox.messages import Answer, Question

FORMATS: dict[str, Format] = {
    "ngx": ngx.answer,
    "egx_beta": egx_beta.answer,
    "african_lists": african_lists.answer,
    "afx": afx.answer,
}


class AfricaWorld:
    """Every publisher speaks about the sessions that are out when it is asked."""

    def __init__(self, *, seed: int) -> None:
        self._mischief = Mischief(market=Market(seed=seed))

    def answer(self, source: str, question: Question, now: datetime) -> Answer:
        """What the publisher of ``source`` sends at ``now`` (UTC)."""
        return self._mischief.answer(source, FORMATS[source], question, now)
