"""By which channel each source of Bank Al-Maghrib speaks, and how much that counts.

Page, file and API come from one bank, but a figure that was typed, exported or read wrongly on one
of them is right on another: each channel counts once, sources of the same channel together once.
"""

import polars as pl

from market_assets.domain.central_bank.agreement import API, FILE, OFFICIAL, PAGE
from market_assets.domain.support import SOURCES

CHANNELS = {"bkam_api": API, "bkam": PAGE, "bkam_seldom": PAGE, "bkam_series": FILE}
"""Best first: the API states a day and a unit in each row."""


def channels() -> pl.DataFrame:
    """The sources in the schema SOURCES; the ``group`` is the channel."""
    return pl.DataFrame(
        [
            {"source": source, "group": channel, "weight": OFFICIAL, "rank": rank}
            for rank, (source, channel) in enumerate(CHANNELS.items())
        ],
        schema=SOURCES,
    )
