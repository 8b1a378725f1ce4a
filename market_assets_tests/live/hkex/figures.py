"""What the HKEXnews on loopback states of which day; nothing of it is the sandbox's."""

from datetime import date, timedelta
from typing import NamedTuple

from market_assets.sandbox.hkex.roster import Holder, Holders

DAY = timedelta(days=1)
TODAY = date(2026, 10, 25)
"""A Sunday: the newest page is Saturday's, and later days are out of range."""
FIRST, LAST = date(2025, 10, 25), TODAY - DAY
HOLIDAYS = {date(2026, 9, 26), date(2026, 10, 1), date(2026, 10, 19)}
STORM = date(2026, 10, 14)
"""A session of our calendar for which there is no page of its own."""
STANDING = {date(2026, 9, 25), *(date(2026, 10, day) for day in (2, 5, 6, 7))}
"""Sessions on which the mainland rests: their pages are their own, with the figures of before."""
QUARTER_END = date(2026, 9, 30)

CODES = tuple(f"{code:05d}" for code in range(201, 721))
UNSTATED = "00425"
LINES = {"sh": ("90519", "600519"), "sz": ("70001", "000001")}
BROKERS = {"B01955": "FUTU SECURITIES INTERNATIONAL", "C00019": "THE HONGKONG AND SHANGHAI BANKING"}


class Held(NamedTuple):
    """A row of the Southbound page."""

    code: str
    name: str
    shares: int
    percent: float | None


def shown(day: date) -> date:
    """The day of the page that answers for ``day``; a Saturday has its own."""
    while day.weekday() == 6 or day in HOLIDAYS or day == STORM:
        day -= DAY
    return day


def held(day: date) -> list[Held]:
    """What the page of ``day`` states; where nobody trades it repeats the day before."""
    while day.weekday() >= 5 or shown(day) != day or day in STANDING:
        day -= DAY
    moved = (day - FIRST).days
    return [
        Held(
            code,
            f"COMPANY & SONS {code}",
            10_000_000 + 1_000 * int(code) + moved * (int(code) % 7 - 3) * 100,
            None if code == UNSTATED else round(int(code) / 100, 2),
        )
        for code in CODES
    ]


def holders(day: date, code: str) -> Holders:
    """Who holds the stock: ChinaClear's two accounts make up what the Southbound page states."""
    (total,) = [row.shares for row in held(day) if row.code == code]
    shares = {"A00003": total // 3, "A00004": total - total // 3, "B01955": 5_000, "C00019": 4_000}
    named = [
        Holder(
            participant=number,
            name=BROKERS.get(number, "CHINACLEAR"),
            shares=count,
            consenting=False,
        )
        for number, count in shares.items()
    ]
    named.append(Holder(participant="", name="KO TIN FOOK *", shares=44, consenting=True))
    return Holders(named=tuple(named), non_consenting_shares=7, non_consenting=1, issued=10 * total)
