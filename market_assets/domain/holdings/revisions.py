"""What a page said of a holding, and when it said something else or nothing any more."""

import polars as pl

from market_assets.domain.holdings.rows import HOLDINGS

PAGE = ("source", "channel", "session")
LINE = (*PAGE, "code")
VALUES = ("name", "shares", "percent")


def revisions(holdings: pl.DataFrame) -> pl.DataFrame:
    """Every statement of ``holdings`` that says something new, with ``replaced_at``.

    A capture that repeats what was known adds nothing. ``replaced_at`` is the instant of the
    page's next capture that says something else of the code, or does not list it any more; what
    stands (null) is what the page's latest capture shows.
    """
    captures = (
        holdings.select(*PAGE, "known_at")
        .unique()
        .sort(*PAGE, "known_at")
        .with_columns(
            next_page=pl.col("known_at").shift(-1).over(PAGE), captures=pl.len().over(PAGE)
        )
    )
    once = captures.filter(pl.col("captures") == 1)  # as good as all pages are
    stands = holdings.join(once, on=[*PAGE, "known_at"], how="semi").sort(*LINE)
    again = holdings.join(once, on=[*PAGE, "known_at"], how="anti")
    return pl.concat(
        [
            stands.select(*HOLDINGS.names(), replaced_at=pl.lit(None, HOLDINGS["known_at"])),
            _revised(again, captures),
        ]
    )


def _revised(holdings: pl.DataFrame, captures: pl.DataFrame) -> pl.DataFrame:
    said = holdings.join(captures, on=[*PAGE, "known_at"]).sort(*LINE, "known_at", "capture_id")
    value, listed = pl.struct(VALUES), pl.col("next_page").shift(1).over(LINE)
    goes_on = (value == value.shift(1).over(LINE)) & (pl.col("known_at") == listed)
    return (
        said.with_columns(run=(~goes_on.fill_null(value=False)).cum_sum().over(LINE))
        .group_by(*LINE, "run", maintain_order=True)
        .agg(
            *(pl.col(c).first() for c in HOLDINGS.names() if c not in LINE),
            replaced_at=pl.col("next_page").last(),
        )
        .select(*HOLDINGS.names(), "replaced_at")
    )
