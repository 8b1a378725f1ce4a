"""The invented Bank Al-Maghrib with its site, its API and what goes wrong at them."""

from datetime import datetime

from market_assets.sandbox.central_bank import bkam, bkam_api
from market_assets.sandbox.central_bank.figures import Figures
from market_assets.sandbox.central_bank.mischief import Format, Mischief
from market_assets.sandbox.central_bank.moment import Moment
from market_assets.sandbox.messages import Answer, Question

FORMATS: dict[str, Format] = {
    "bkam": bkam.answer,
    "bkam_seldom": bkam.answer,
    "bkam_api": bkam_api.answer,
}
"""Source -> how it answers; a further source of the bank is one line here."""


class CentralBankWorld:
    """The bank speaks about what is out when it is asked."""

    def __init__(self, *, seed: int) -> None:
        self.figures = Figures(seed=seed)
        self._mischief = Mischief()

    def answer(self, source: str, question: Question, now: datetime) -> Answer:
        """What ``source`` sends at ``now`` (UTC)."""
        moment = Moment(now=now, figures=self.figures)
        return self._mischief.answer(source, FORMATS[source], question, moment)
