"""How far a Casablanca price may move in one session, by date; says nothing of who breaks it.

Limits of the AMMC, for continuous quotation and for fixing: 4 % and 2 % from 2020-03-17, 6 % and
4 % from 2021-10-12, 10 % and 6 % from 2023-10-09. Before 2020-03-17: 10 % and 6 %, not re-checked.
"""

from datetime import date

import polars as pl

LIMITS = pl.DataFrame(
    {
        "since": [date(1990, 1, 1), date(2020, 3, 17), date(2021, 10, 12), date(2023, 10, 9)],
        "continuous_limit": [0.10, 0.04, 0.06, 0.10],
        "fixing_limit": [0.06, 0.02, 0.04, 0.06],
    }
)
ROUNDING = 0.005
"""Half of the last decimal of a price, in MAD."""
LONGEST_CLOSURE = 7
"""Days: feasts and a weekend close the exchange for up to six."""


def price_moves(quotes: pl.DataFrame) -> pl.DataFrame:
    """Each traded row's move against the line's session before, and whether a limit is broken.

    Returns ticker, session, close, previous_close, move, limit and ``breaks_limit``. How a line is
    quoted is not known per line, so the wider, continuous limit is the one applied. The first row
    of a line and the row after a suspension have no limit: a new reference price may be set; nor
    has one whose row before is more than ``LONGEST_CLOSURE`` days old: sessions are missing.
    """
    return (
        quotes.sort("ticker", "session")
        .with_columns(
            previous_close=pl.col("close").shift(1).over("ticker"),
            previous_status=pl.col("status").shift(1).over("ticker"),
            days=pl.col("session").diff().dt.total_days().over("ticker"),
        )
        .sort("session")
        .join_asof(LIMITS, left_on="session", right_on="since", strategy="backward")
        .with_columns(
            move=pl.col("close") / pl.col("previous_close") - 1,
            limit=pl.when(
                pl.col("previous_status").ne_missing("S"), pl.col("days") <= LONGEST_CLOSURE
            ).then("continuous_limit"),
        )
        .with_columns(
            breaks_limit=(
                (pl.col("close") - pl.col("previous_close")).abs()
                > pl.col("limit") * pl.col("previous_close") + ROUNDING
            ).fill_null(value=False)
        )
        .filter(pl.col("status").eq_missing("T"))
        .select("ticker", "session", "close", "previous_close", "move", "limit", "breaks_limit")
        .sort("ticker", "session")
    )
