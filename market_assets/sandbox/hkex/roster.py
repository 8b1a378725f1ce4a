"""The participants of the invented CCASS: real IDs and names, invented holdings.

IDs and names are those of the page about 00700 of 2025-11-08. The consenting investors are nobody.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

SHANGHAI, SHENZHEN = "A00003", "A00004"
CHINACLEAR = "CHINA SECURITIES DEPOSITORY AND CLEARING"
ADDRESSES = {SHANGHAI: "BEIJING CHINA", SHENZHEN: "SHENZHEN CHINA"}

INTERMEDIARIES = {
    "C00019": "THE HONGKONG AND SHANGHAI BANKING",
    "C00010": "CITIBANK N.A.",
    "C00039": "STANDARD CHARTERED BANK (HONG KONG) LTD",
    "B01451": "GOLDMAN SACHS (ASIA) SECURITIES LTD",
    "B01274": "MORGAN STANLEY HONG KONG SECURITIES LTD",
    "B01161": "UBS SECURITIES HONG KONG LTD",
    "B01130": "BOCI SECURITIES LTD",
    "C00040": "INDUSTRIAL AND COMMERCIAL BANK OF CHINA",
    "C00093": "BNP PARIBAS",
    "C00033": "BANK OF CHINA (HONG KONG) LTD",
    "B01955": "FUTU SECURITIES INTERNATIONAL",
    "B01590": "INTERACTIVE BROKERS HONG KONG LTD",
    "B02194": "HARMONIA CAPITAL LTD",
    "B02208": "CN FIRST INTERNATIONAL FUTURES LTD",
    "B01824": "INSTINET PACIFIC LTD",
    "C00092": "CTBC BANK CO LTD",
}
CLEARING_COMPANY = "HONG KONG SECURITIES CLEARING CO. LTD."
CONSENTING = ("CHAN SAND BOX", "WONG SAND BOX")
NON_CONSENTING = 7

DEPOSITED = 0.8
"""The part of the shares that are not ChinaClear's which lies in CCASS."""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who holds how many shares. ``participant`` is empty for investors and for HKSCC itself."""

    participant: str
    name: str
    shares: int
    consenting: bool


@dataclass(frozen=True, kw_only=True)
class Holders:
    """All that lies in CCASS of one stock: ``named`` by shares, and investors who are not named."""

    named: tuple[Holder, ...]
    non_consenting_shares: int
    non_consenting: int
    issued: int


def holders(
    day: date, code: str, *, shanghai: int, shenzhen: int, issued: int, seed: int
) -> Holders:
    """Who holds the stock ``code`` on ``day``: the two channels as given, the others invented."""
    rng = np.random.default_rng([seed, int(code)])
    weights = np.sort(rng.pareto(0.7, len(INTERMEDIARIES)))[::-1]
    drift = np.random.default_rng([seed, int(code), day.toordinal()])
    weights = weights * drift.normal(1, 0.002, len(weights)).clip(0.9, 1.1)
    free = int((issued - shanghai - shenzhen) * DEPOSITED)
    parts = (0.999 * free * weights / weights.sum()).astype(int).tolist()
    found = [
        Holder(participant=participant, name=CHINACLEAR, shares=shares, consenting=False)
        for participant, shares in ((SHANGHAI, shanghai), (SHENZHEN, shenzhen))
    ]
    found += [
        Holder(participant=participant, name=name, shares=shares, consenting=False)
        for (participant, name), shares in zip(INTERMEDIARIES.items(), parts, strict=True)
    ]
    small = free // 100_000
    found.append(Holder(participant="", name=CLEARING_COMPANY, shares=small, consenting=False))
    found += [
        Holder(participant="", name=f"{name} *", shares=small // place, consenting=True)
        for place, name in enumerate(CONSENTING, start=2)
    ]
    named = sorted((holder for holder in found if holder.shares), key=lambda h: -h.shares)
    return Holders(
        named=tuple(named),
        non_consenting_shares=small * 3,
        non_consenting=NON_CONSENTING if small else 0,
        issued=issued,
    )
