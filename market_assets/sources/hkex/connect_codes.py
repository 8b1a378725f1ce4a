"""Which mainland line a Northbound code stands for: by the name on the page, by arithmetic."""

import re

from market_assets.domain.holdings.rows import SHANGHAI, SHENZHEN

STATED = re.compile(r"\(A #([0-9]{1,6})\)")
"""English names end so; HKEX once left out a leading zero. Chinese names say nothing."""
SERIES = {
    SHANGHAI: {"90": "600", "91": "601", "93": "603", "95": "605", "30": "688"},
    SHENZHEN: {"70": "000", "71": "001", "72": "002", "73": "003", "77": "300"},
}
"""First two digits of HKEX's code, first three of the exchange's; the last three are the same."""
FUNDS = ("15", "51", "52", "56", "58")
"""Mainland ETFs, to which HKEX's codes have no known relation."""


def a_code(code: str, *, exchange: str, name: str) -> str | None:
    """The six digits of the mainland line, or None where neither name nor code says them.

    ValueError where they contradict each other.
    """
    series = None if "ETF" in name.upper() else SERIES[exchange].get(code[:2])
    reckoned = series and series + code[2:]
    match = STATED.search(name)
    if match is None:
        return reckoned
    stated = match[1].zfill(6)
    if reckoned and stated != reckoned and not stated.startswith(FUNDS):
        raise ValueError(f"the name says {stated}, but {code} stands for {reckoned}")
    return stated
