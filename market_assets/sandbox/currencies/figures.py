"""Invented exchange rates of five central banks, all from one value of each currency a day.

Nobody ever published these. What Casablanca's invented bank quotes is that bank's figure, so the
banks agree as far as they round; other currencies walk around a level in dollars.
"""

from datetime import date, timedelta
from functools import cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from market_assets.sandbox.central_bank.figures import FIRST_DAY, LEVELS
from market_assets.sandbox.central_bank.figures import Figures as Dirhams

PER_DOLLAR = {
    "NGN": 1375.0,
    "HKD": 7.82,
    "KES": 129.2,
    "BWP": 13.6,
    "ZMW": 19.4,
    "CZK": 20.9,
    "HUF": 331.0,
    "IDR": 16650.0,
    "ILS": 3.1,
    "ISK": 122.0,
    "KRW": 1440.0,
    "MXN": 17.3,
    "MYR": 3.95,
    "NZD": 1.69,
    "PHP": 58.1,
    "PLN": 3.59,
    "RON": 4.32,
    "SGD": 1.27,
    "THB": 31.2,
    "XDR": 0.727,
    "WAUA": 0.73,
}
"""Of currencies that Casablanca does not quote. WAUA is no currency, but Lagos quotes it."""
CFA_PER_EURO = 655.957
SHARE = 0.0005
"""By which banks buy below and sell above the mid."""
DAY = timedelta(days=1)
NEW_YEAR, LABOUR_DAY, CHRISTMAS, BOXING_DAY = (1, 1), (5, 1), (12, 25), (12, 26)
HOLIDAYS = {NEW_YEAR, LABOUR_DAY, CHRISTMAS, BOXING_DAY}
"""Month and day; these banks keep no other, Easter neither."""
SUNDAY_TO_THURSDAY = frozenset({6, 0, 1, 2, 3})
MONDAY_TO_FRIDAY = frozenset(range(5))


class Figures:
    """The rate of any pair on any day; the same for the same seed."""

    def __init__(self, *, seed: int) -> None:
        self._seed = seed
        self._dirhams = Dirhams(seed=seed)
        self._days: dict[date, dict[str, float]] = {}

    def rate(self, base: str, quote: str, day: date) -> float:
        """Units of ``quote`` for one of ``base``."""
        if {base, quote} == {"EUR", "XOF"}:
            return CFA_PER_EURO if base == "EUR" else 1 / CFA_PER_EURO
        if "XOF" in {base, quote}:
            return self.rate(base, "EUR", day) * self.rate("EUR", quote, day)
        return self._worth(base, day) / self._worth(quote, day)

    def sides(self, base: str, quote: str, day: date) -> tuple[float, float]:
        """What a bank buys and sells ``base`` at."""
        rate = self.rate(base, quote, day)
        return rate * (1 - SHARE), rate * (1 + SHARE)

    def _worth(self, currency: str, day: date) -> float:
        """Dirhams for one."""
        if currency == "MAD":
            return 1.0
        if day not in self._days:
            self._days[day] = self._dirhams.reference(self._dirhams.business_day(day))
        known = self._days[day]
        if currency in known:
            return known[currency] / LEVELS[currency][0]
        walk = _walk(self._seed, currency)[(day - FIRST_DAY).days]
        return known["USD"] / (PER_DOLLAR[currency] * float(walk))


def is_open(day: date, week: frozenset[int]) -> bool:
    """Whether a bank with these working days (Monday is 0) publishes rates of ``day``."""
    return day.weekday() in week and (day.month, day.day) not in HOLIDAYS


def days_out(first: date, last: date, week: frozenset[int]) -> list[date]:
    """The days from ``first`` to ``last`` on which such a bank publishes, ascending."""
    days = ((last - first).days + 1) if last >= first else 0
    return [day for n in range(days) if is_open(day := first + n * DAY, week)]


@cache
def _walk(seed: int, currency: str) -> NDArray[np.float64]:
    """A step for each calendar day; drawn in order, so a longer one begins like a shorter one."""
    steps = np.random.default_rng([seed, crc32(currency.encode())]).normal(0, 0.002, DAYS)
    return np.exp(steps.cumsum())


DAYS = 2000
"""Of the walk: to the middle of 2028."""
