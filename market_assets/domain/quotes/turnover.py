"""The range and the turnover that go with an agreed close and volume; those are ``reconcile``'s.

A turnover that is volume x close, though there were several prices, was most likely
computed and not measured: 8 of 761 rows of the exchange's own export are so. It is kept and marked
(``turnover_estimated``), but its weight is ``ESTIMATED`` of that of a measured one. So one of the
exchange yields to a measured one of any dated page, and alone it is half as sure. One of a session
with one price or one trade is volume x close by right.
"""

import polars as pl

from market_assets.domain.quotes.screening import TURNOVER_ROUNDING
from market_assets.domain.quotes.support import ROW, weighed

ESTIMATED = 0.5
CENT = 0.005
"""MAD: how far a product of a price and shares may be off in its last decimal."""
SPAN = 0.25
"""More than a price may move within a session: 10 % either way from the close before."""
TURNOVER = ("turnover", "turnover_confidence", "turnover_estimated")


def range_and_turnover(rows: pl.DataFrame) -> pl.DataFrame:
    """Per line and session open, high, low and turnover that fit each other and the volume.

    ``rows`` are weighed rows of the sources with ``chosen_close``, ``chosen_volume`` and whether
    they contradict either; what is taken comes from rows that contradict neither. Of the
    pairs of a range and a turnover that keep the unit rule the one whose turnover has the most
    support is taken, then the better-ranked range; without any the best range stands alone. Where
    no range is stated, the mean price must be within ``SPAN`` of the close.
    """
    rows = rows.filter(~pl.col("contradicts")).rename({"chosen_volume": "agreed_volume"})
    one_price = (pl.col("high") == pl.col("low")) | (pl.col("trades") == 1)
    several_prices = (pl.col("high") > pl.col("low")).any() & ~one_price.any()
    rows = rows.with_columns(several_prices=several_prices.over(ROW)).with_columns(
        weight=pl.when(_estimated()).then(pl.col("weight") * ESTIMATED).otherwise("weight")
    )
    ranges = rows.filter(pl.col("high").is_not_null(), pl.col("low").is_not_null()).select(
        *ROW, "open", "high", "low", floor="low", ceiling="high", range_rank="rank"
    )
    close = pl.col("chosen_close").first()
    spans = (
        rows.join(ranges, on=ROW, how="anti")
        .group_by(ROW)
        .agg(floor=close * (1 - SPAN), ceiling=close * (1 + SPAN))
    )
    volume, turnover = pl.col("agreed_volume"), pl.col("turnover")
    fits = (
        turnover.is_between(
            pl.col("floor") * volume - TURNOVER_ROUNDING,
            pl.col("ceiling") * volume + TURNOVER_ROUNDING,
        )
        & ((volume > 0) | (turnover == 0))
    ).fill_null(turnover.is_not_null())
    traded = (volume > 0).fill_null(value=True)
    volumes = rows.group_by(ROW, maintain_order=True).agg(
        pl.col(c).first() for c in ("agreed_volume", "chosen_close", "several_prices")
    )
    return (
        volumes.join(pl.concat([ranges, spans], how="diagonal"), on=ROW, how="left")
        .join(weighed(rows, "turnover"), on=ROW, how="left")
        .with_columns(fits=fits, turnover_estimated=_estimated())
        .sort(
            "fits",
            "support",
            "range_rank",
            "rank",
            descending=[True, True, False, False],
            nulls_last=True,
        )
        .group_by(ROW, maintain_order=True)
        .first()
        .select(
            *ROW,
            *(pl.when(traded).then(c).alias(c) for c in ("open", "high", "low")),
            *(pl.when("fits").then(c).alias(c) for c in TURNOVER),
        )
    )


def _estimated() -> pl.Expr:
    """Whether the turnover is the agreed volume x close: to the cent, or in whole dirhams.

    Whole ones may be cut: in the exchange's export 27019 shares at 708.1 MAD are 19132153.
    """
    turnover, volume = pl.col("turnover"), pl.col("agreed_volume")
    product = volume * pl.col("chosen_close")
    computed = (turnover - product).abs() <= CENT
    computed |= (turnover == product.floor()) | (turnover == product.round())
    return (computed & (volume > 0) & pl.col("several_prices")).fill_null(value=False)
