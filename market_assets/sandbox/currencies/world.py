"""The invented central banks with their rates and what goes wrong at them."""

from datetime import datetime

from market_assets.sandbox.currencies import banks
from market_assets.sandbox.currencies.figures import Figures
from market_assets.sandbox.currencies.mischief import Format, Mischief
from market_assets.sandbox.messages import Answer, Question

FORMATS: dict[str, Format] = {
    "ecb": banks.euro,
    "cbn": banks.naira,
    "cbe": banks.pound,
    "sarb": banks.rand,
    "bceao": banks.cfa,
}


class CurrenciesWorld:
    """Every bank speaks about the rates that are out when it is asked."""

    def __init__(self, *, seed: int) -> None:
        self.figures = Figures(seed=seed)
        self._mischief = Mischief(figures=self.figures)

    def answer(self, source: str, question: Question, now: datetime) -> Answer:
        """What the bank of ``source`` sends at ``now`` (UTC)."""
        return self._mischief.answer(source, FORMATS[source], question, now)
