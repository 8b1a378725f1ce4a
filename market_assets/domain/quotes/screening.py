"""Which rows of the sources may take part in a reconciliation, and why the others may not.

Nothing is repaired here: a row, or the doubtful fields of it, is put aside with a reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from market_assets.domain.quotes.rows import QUOTES
from market_assets.domain.refusals import REFUSED, Kind

GHOST_SHARE = 0.95
"""Share of lines with the close of the session before that makes a session a replay."""
GHOST_LINES = 20
"""Fewest lines on which a replay can be told from a quiet day."""
TURNOVER_ROUNDING = 0.5
"""MAD: some sources state turnover in whole dirhams."""

REASONS: dict[Kind, str] = {
    "not_a_session": "not a session",
    "before_close": "before the close",
    "unknown_line": "unknown line",
    "same_bytes": "same bytes as another source",
    "conflicting_rows": "conflicting rows",
    "duplicate_row": "duplicate row",
    "impossible_price": "impossible price",
    "ghost_session": "ghost session",
    "unit_rule": "unit rule",
}
"""The kinds of refusal made here, in the order in which they are looked for."""
VALUES = ["status", "open", "high", "low", "close", "volume", "turnover", "trades", "market_cap"]
REPEATED = ("close", "volume", "turnover")
ROW_TEXT = pl.format(
    "{} {} open {} high {} low {} close {} volume {} turnover {}",
    "ticker",
    "session",
    *(
        pl.col(c).cast(pl.String).fill_null("-")
        for c in ("open", "high", "low", "close", "volume", "turnover")
    ),
)


@dataclass(frozen=True, kw_only=True)
class Screened:
    """``kept`` has the schema QUOTES, ``refused`` the schema REFUSED."""

    kept: pl.DataFrame
    refused: pl.DataFrame


def current_rows(quotes: pl.DataFrame, *row: str) -> pl.DataFrame:
    """Of each source and ``row`` what its latest capture says; duplicates stay visible.

    ``row`` are the columns that tell a line and session.
    """
    latest = pl.col("known_at").max().over("source", *row)
    return quotes.filter(pl.col("known_at") == latest)


def revisions(quotes: pl.DataFrame, *, closes: pl.DataFrame) -> pl.DataFrame:
    """Every value a source ever gave, with ``known_at`` first and ``replaced_at`` by another.

    What was said before the session closed is of a part of the day: the first capture after the
    close states anew, be it the same. ``closes`` has the sessions and their closed_at.

    A capture that repeats what was known adds nothing, and while close, volume and turnover
    repeat as far as they are stated, a field that is not stated keeps its value: a source's pages
    differ in what they show. Where one of them differs the new statement stands alone.
    ``replaced_at`` is null for what stands. A row is ``dated`` where each of the three that it has
    was on a page that states its session, whichever page came first. Rows that one capture states
    twice are kept both, for the screening to judge.
    """
    line = ("source", "ticker", "session")
    said = (
        quotes.join(closes, on="session", how="left")
        .with_columns(whole=(pl.col("known_at") >= pl.col("closed_at")).fill_null(value=True))
        .sort(*line, "known_at", maintain_order=True)
    )
    known = (pl.col(c).forward_fill().shift(1).over(line) for c in REPEATED)
    differs = pl.any_horizontal(
        (pl.col(c) != before).fill_null(value=False)
        for c, before in zip(REPEATED, known, strict=True)
    )
    statement = (*line, "whole", "statement")
    stated = said.with_columns(statement=differs.cum_sum().over(line)).with_columns(
        pl.col(VALUES).forward_fill().over(statement),
        dated=pl.all_horizontal(
            pl.col(c).forward_fill().over(statement).is_null()
            | (pl.col(c).is_not_null() & pl.col("dated")).any().over(statement)
            for c in REPEATED
        ),
    )
    captures = stated.group_by(*line, "known_at", "capture_id", maintain_order=True).agg(
        pl.struct(*VALUES, "dated", "whole").alias("said")
    )
    changed = captures.with_columns(before=pl.col("said").shift(1).over(line)).filter(
        pl.col("before").is_null() | (pl.col("said") != pl.col("before"))
    )
    dated = changed.with_columns(replaced_at=pl.col("known_at").shift(-1).over(line))
    return dated.explode("said").unnest("said").select(*QUOTES.names(), "replaced_at")


def screened(
    quotes: pl.DataFrame,
    *,
    closes: pl.DataFrame,
    tickers: Iterable[str],
    copied_captures: Iterable[str],
) -> Screened:
    """``quotes`` without the rows that cannot be used, and those rows with their reasons.

    ``closes`` has the calendar's sessions and the instants they close at (session, closed_at);
    it and ``quotes`` should reach one session back so that replays are seen. ``copied_captures``
    are captures whose bytes also came under another source's name: they are nobody's testimony.
    The reasons are REASONS; for the last of them only volume and turnover are dropped.
    """
    rows = current_rows(quotes, "ticker", "session").join(closes, on="session", how="left")
    line = ("source", "ticker", "session")
    whole = (
        rows.with_columns(
            kind=pl.when(pl.col("closed_at").is_null())
            .then(_kind("not_a_session"))
            .when(pl.col("known_at") < pl.col("closed_at"))
            .then(_kind("before_close"))
            .when(~pl.col("ticker").is_in(list(tickers)))
            .then(_kind("unknown_line"))
            .when(pl.col("capture_id").is_in(list(copied_captures)))
            .then(_kind("same_bytes"))
            .when(pl.struct(VALUES).n_unique().over(line) > 1)
            .then(_kind("conflicting_rows"))
            .when(pl.int_range(pl.len()).over(line) > 0)
            .then(_kind("duplicate_row"))
            .when(_impossible_price())
            .then(_kind("impossible_price"))
        )
        .pipe(_with_ghosts, closes.select("session"))
        .with_columns(breaks_unit_rule=breaks_unit_rule())
    )
    kind = pl.coalesce("kind", pl.when("breaks_unit_rule").then(_kind("unit_rule")))
    kept = whole.filter(pl.col("kind").is_null()).with_columns(
        pl.when(~pl.col("breaks_unit_rule")).then("volume").alias("volume"),
        pl.when(~pl.col("breaks_unit_rule")).then("turnover").alias("turnover"),
    )
    refused = (
        whole.with_columns(kind=kind, text=ROW_TEXT)
        .filter(pl.col("kind").is_not_null())
        .with_columns(reason=pl.col("kind").replace_strict(REASONS, return_dtype=pl.String))
    )
    return Screened(
        kept=kept.select(QUOTES.names()), refused=refused.select(REFUSED.names()).sort(line)
    )


def _kind(kind: Kind) -> pl.Expr:
    return pl.lit(kind)


def breaks_unit_rule() -> pl.Expr:
    """Whether turnover / volume lies outside low..high; false where one of the four is missing.

    On every row of the exchange that was checked the mean price lies inside, to the last cent.
    """
    volume, turnover = pl.col("volume"), pl.col("turnover")
    too_low = turnover < pl.col("low") * volume - TURNOVER_ROUNDING
    too_high = turnover > pl.col("high") * volume + TURNOVER_ROUNDING
    return ((volume > 0) & (too_low | too_high)).fill_null(value=False)


def _impossible_price() -> pl.Expr:
    close, low, high, opened = (pl.col(c) for c in ("close", "low", "high", "open"))
    outside = (close < low) | (close > high) | (opened < low) | (opened > high)
    negative = (close <= 0) | (low <= 0) | (pl.col("volume") < 0) | (pl.col("turnover") < 0)
    return outside.fill_null(value=False) | negative.fill_null(value=False)


def _with_ghosts(rows: pl.DataFrame, sessions: pl.DataFrame) -> pl.DataFrame:
    """Mark every usable row of a session whose closes replay those of the session before."""
    usable = rows.filter(pl.col("kind").is_null()).sort("source", "ticker", "session")
    numbered = sessions.sort("session").with_row_index("number")
    compared = (
        usable.join(numbered, on="session")
        .with_columns(
            before=pl.col("close").shift(1).over("source", "ticker"),
            number_before=pl.col("number").shift(1).over("source", "ticker"),
        )
        .filter(pl.col("number") == pl.col("number_before") + 1)
        .group_by("source", "session")
        .agg(
            lines=pl.col("before").is_not_null().sum(),
            same=(pl.col("close") == pl.col("before")).mean(),
        )
    )
    ghosts = compared.filter(
        (pl.col("lines") >= GHOST_LINES) & (pl.col("same") >= GHOST_SHARE)
    ).select("source", "session", ghost=pl.lit(value=True))
    return rows.join(ghosts, on=["source", "session"], how="left").with_columns(
        kind=pl.coalesce(
            "kind", pl.when(pl.col("ghost").fill_null(value=False)).then(_kind("ghost_session"))
        )
    )
