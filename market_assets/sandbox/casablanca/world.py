"""The invented Casablanca exchange with its nine publishers and what goes wrong at them."""

from datetime import datetime
from importlib import import_module

from market_assets.calendars.sessions import newest_closed_session
from market_assets.sandbox.casablanca.market import MIC, Market
from market_assets.sandbox.casablanca.mischief import Mischief
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.messages import Answer, Question


class CasablancaWorld:
    """Every publisher speaks about the newest session that has closed when it is asked."""

    def __init__(self, *, market: Market) -> None:
        self._mischief = Mischief(market=market)

    def answer(self, source: str, question: Question, now: datetime) -> Answer:
        """What the publisher of ``source`` sends at ``now`` (UTC)."""
        moment = Moment(now=now, session=newest_closed_session(MIC, now))
        publisher = import_module(f"market_assets.sandbox.casablanca.{source}")
        return self._mischief.answer(source, publisher.answer, question, moment)
