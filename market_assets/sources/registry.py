"""The sources of each market, one line each; adding one is adding its line here."""

from difflib import get_close_matches

from market_assets.sources.africa import african_lists, afx, egx_beta, ngx
from market_assets.sources.casablanca import (
    african_markets,
    bmce_capital,
    casablanca_bourse,
    cdg_capital,
    investing,
    medias24,
    tradingview,
    wafabourse,
    yahoo,
)
from market_assets.sources.central_bank import bkam, bkam_api, bkam_series
from market_assets.sources.currencies import bceao, cbe, cbn, ecb, sarb
from market_assets.sources.hkex import (
    hkex_northbound,
    hkex_participants,
    hkex_securities,
    hkex_southbound,
    sse_southbound,
    szse_southbound,
)
from market_assets.sources.source import Source

CASABLANCA: tuple[Source, ...] = (
    casablanca_bourse.SOURCE,
    cdg_capital.SOURCE,
    wafabourse.SOURCE,
    bmce_capital.SOURCE,
    medias24.SOURCE,
    tradingview.SOURCE,
    investing.SOURCE,
    african_markets.SOURCE,
    yahoo.SOURCE,
)
HKEX: tuple[Source, ...] = (
    hkex_southbound.SOURCE,
    sse_southbound.SOURCE,
    szse_southbound.SOURCE,
    hkex_participants.SOURCE,
    hkex_securities.SOURCE,
    hkex_northbound.SOURCE,
)
CENTRAL_BANK: tuple[Source, ...] = (
    bkam_api.SOURCE,
    bkam.SOURCE,
    bkam.SELDOM_SOURCE,
    bkam_series.SOURCE,
)
AFRICA: tuple[Source, ...] = (
    ngx.SOURCE,
    egx_beta.SOURCE,
    african_lists.SOURCE,
    afx.SOURCE,
    ecb.SOURCE,
    sarb.SOURCE,
    cbn.SOURCE,
    bceao.SOURCE,
    cbe.SOURCE,
)
"""Best first: the order is their rank."""
SOURCES = (*CASABLANCA, *HKEX, *CENTRAL_BANK, *AFRICA)


def source(name: str) -> Source:
    """The source of that name; a LookupError that lists the names where there is none."""
    for known in SOURCES:
        if known.name == name:
            return known
    names = sorted(known.name for known in SOURCES)
    near = "".join(f"; did you mean {each}?" for each in get_close_matches(name, names, n=1))
    raise LookupError(f"no source is called {name!r}; there are {', '.join(names)}{near}")
