"""Invented figures of a central bank, on real business days, around levels of 2026.

Nobody ever published these. Currencies, units and labels are facts; every rate is made up. Rows
are drawn in order, so a longer calendar leaves the figures of earlier days as they were.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

import numpy as np

from market_assets.calendars import bkam
from market_assets.calendars.sessions import sessions_between
from market_assets.calendars.xcas import LAST_DAY
from market_assets.sources.central_bank.rates_pages import quarter_end

FIRST_DAY = date(2023, 1, 1)
DAY = timedelta(days=1)
THURSDAY = date(2020, 1, 2)
"""From which weeks are counted."""
LEVELS: dict[str, tuple[int, float]] = {
    "EUR": (1, 10.64),
    "USD": (1, 9.31),
    "CAD": (1, 6.58),
    "GBP": (1, 12.47),
    "GIP": (1, 12.47),
    "CHF": (1, 11.51),
    "DKK": (100, 142.4),
    "SEK": (100, 96.5),
    "NOK": (100, 95.3),
    "SAR": (1, 2.48),
    "KWD": (1, 30.06),
    "AED": (1, 2.535),
    "QAR": (1, 2.554),
    "BHD": (1, 24.7),
    "JPY": (100, 5.744),
    "DZD": (10, 0.6999),
    "TND": (1, 3.154),
    "LYD": (1, 1.905),
    "MRO": (100, 23.53),
    "OMR": (1, 24.18),
    "BRL": (1, 1.822),
    "RUB": (1, 0.1214),
    "INR": (1, 0.0973),
    "CNY": (1, 1.373),
    "AUD": (1, 6.463),
    "ZAR": (1, 0.5693),
    "TRY": (1, 0.1981),
    "EGP": (1, 0.1855),
    "JOD": (1, 13.14),
    "XOF": (100, 1.622),
}
"""Unit and dirhams of each currency, by the bank's code, in the bank's order."""
NOTES = tuple(LEVELS)[:20]
SPREAD = 0.075
TENORS = (35, 126, 217, 434, 1372, 1925, 3262, 4753, 6972, 10507)
SLOPE = (0.0, 0.01, 0.04, 0.06, 0.56, 0.71, 0.95, 1.48, 1.57, 1.94)
"""Days to maturity, and percent above the shortest."""
LENDING = (4.9, 4.7, 4.8, 5.1, 6.9)
COUNCILS = ((3, 19), (6, 24), (9, 24), (12, 17))
EDITIONS = 12
RELEASED_AFTER = timedelta(days=38)
"""An edition of the survey is out 38 days after its quarter; a page shows the newest twelve."""
EXACT, DIGITS = 4, 5


@dataclass(frozen=True, kw_only=True)
class Interbank:
    """A calendar day; percent and millions. ``volume`` is None on a day without a market."""

    rate: float
    volume: int | None
    outstanding: int


class Figures:
    """What the bank would publish, by day; the same for the same seed."""

    def __init__(self, *, seed: int) -> None:
        self.seed = seed
        self.days = sessions_between(bkam.NAME, FIRST_DAY, LAST_DAY)
        self._place = {day: place for place, day in enumerate(self.days)}
        walks, money, tilts, turns, lending, weeks = (
            np.random.default_rng([seed, stream]) for stream in range(6)
        )
        steps = walks.normal(0, 0.002, (len(self.days), len(LEVELS)))
        self._walk = np.exp(steps.cumsum(axis=0))
        self._money = money.integers(1_500, 15_000, (len(self.days), 3))
        self._tilt = tilts.normal(0, 0.01, len(self.days)).cumsum()
        years = range(2006, LAST_DAY.year + 1)
        councils = [date(year, month, day) for year in years for month, day in COUNCILS]
        moves = turns.choice((-0.25, 0.0, 0.0, 0.0, 0.25), len(councils)).cumsum()
        self._decisions = list(zip(councils, (1.5 + moves % 2).tolist(), strict=True))
        self._lending = lending.normal(0, 0.08, (len(councils), len(LENDING)))
        self._weeks = weeks.random(((LAST_DAY - THURSDAY).days // 7 + 1, 2))

    def business_day(self, day: date) -> date:
        """The newest business day up to ``day``."""
        return self.days[bisect_right(self.days, day) - 1]

    def ordinal(self, day: date) -> int:
        """The place of the newest business day up to ``day``."""
        return self._place[self.business_day(day)]

    def is_business_day(self, day: date) -> bool:
        """Whether the bank quotes on ``day``."""
        return day in self._place

    def reference(self, day: date) -> dict[str, float]:
        """The mids of a business day by the bank's code, for its unit, rounded as it prints."""
        walk = self._walk[self._place[day]]
        mids = {
            code: round(level * float(step), decimals(code, level))
            for (code, (_, level)), step in zip(LEVELS.items(), walk, strict=True)
        }
        return mids | {"GIP": mids["GBP"]}

    def banknotes(self, day: date) -> dict[str, tuple[float, float]]:
        """Bid and ask of the notes of a business day."""
        mids = self.reference(day)
        return {
            code: (round(mids[code] * (1 - SPREAD), 4), round(mids[code] * (1 + SPREAD), 4))
            for code in NOTES
        }

    def interbank(self, day: date) -> Interbank:
        """The interbank market of any day."""
        volume, outstanding, _ = self._money[self.ordinal(day)].tolist()
        open_day = self.is_business_day(day)
        rate = self.policy_rate(self.business_day(day))
        return Interbank(rate=rate, volume=volume if open_day else None, outstanding=outstanding)

    def monia(self, day: date) -> tuple[float, int]:
        """Index in percent and volume in millions of a business day."""
        volume = int(self._money[self._place[day], 2])
        return round(self.policy_rate(day) - volume % 50 / 1000, 3), volume

    def curve(self, day: date) -> tuple[tuple[date, float, float], ...]:
        """Maturity, percent and millions of each point of a business day."""
        base = self.policy_rate(day) + float(self._tilt[self._place[day]]) / 4
        return tuple(
            (day + timedelta(days=tenor), round(base + slope, 3), 0.0)
            for tenor, slope in zip(TENORS, SLOPE, strict=True)
        )

    def interventions(self, day: date) -> float:
        """Millions outstanding on any day: from Thursday to Wednesday they stand."""
        return round(45_000 + 10_000 * float(self._weeks[(day - THURSDAY).days // 7, 0]), -1)

    def reserves(self, friday: date) -> float:
        """Billions of official reserve assets on a Friday."""
        return round(400 + 40 * float(self._weeks[(friday - THURSDAY).days // 7, 1]), 1)

    def decisions(self, until: date) -> tuple[tuple[date, float], ...]:
        """The day of each decision up to ``until`` and the rate in percent, the newest first."""
        return tuple(self._decisions[: self._taken(until)])[::-1]

    def policy_rate(self, day: date) -> float:
        """The rate in force on ``day``."""
        return self._decisions[self._taken(day) - 1][1]

    def _taken(self, until: date) -> int:
        """How many decisions were taken up to ``until``."""
        return bisect_right(self._decisions, until, key=itemgetter(0))

    def lending(self, until: date) -> tuple[tuple[date, tuple[float, ...], date], ...]:
        """Quarter end, rates and release of the twelve newest editions out by ``until``."""
        ends = [quarter_end(2020 + n // 4, n % 4 + 1) for n in range(4 * (LAST_DAY.year - 2019))]
        out = [
            (end, tuple(round(x + float(y), 2) for x, y in zip(LENDING, row, strict=True)))
            for end, row in zip(ends, self._lending, strict=False)
            if end + RELEASED_AFTER <= until
        ]
        return tuple((end, rates, end + RELEASED_AFTER) for end, rates in out[-EDITIONS:])


def decimals(code: str, level: float) -> int:
    """How many decimals the bank prints: about five digits, four decimals of the euro."""
    if code == "EUR":
        return EXACT
    return max(2, DIGITS - len(str(int(level))))
