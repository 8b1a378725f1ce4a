"""Which statements of holdings may take part, and why the others may not; repairs nothing.

A page is believed whole or not at all: a partial snapshot and a garbled one are told by how far
they are from what the same publisher said of the session before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from market_assets.domain.holdings.rows import HOLDINGS
from market_assets.domain.holdings.splits import looks_split
from market_assets.domain.refusals import REFUSED

LEAST_KEPT = 0.8
"""Share of the codes of the session before that a whole page has at least. Holdings leave one by
one; of 644 eligible lines not a tenth is added or removed in a month."""
MOST_MOVED = 0.05
"""Largest share of codes that may move by more than half in one session."""
JUMP = 0.1
"""How far the sum of all holdings may move in one session, splits aside. Flows of a day are below
one hundredth of what is held."""
PAGE = ("source", "channel")


@dataclass(frozen=True, kw_only=True)
class Screened:
    """``kept`` has the schema HOLDINGS, ``refused`` the schema REFUSED."""

    kept: pl.DataFrame
    refused: pl.DataFrame


def screened(statements: pl.DataFrame, *, sessions: Sequence[date]) -> Screened:
    """``statements`` (HOLDINGS, one row per page, code and session) that may be used.

    Rows of a day that is not in ``sessions``, such as a Saturday under its own date, are put aside
    with what they repeat. A page is held back where it lost more than a fifth of the codes of its
    publisher's last whole page, where many holdings moved by more than half at once, or where
    their sum jumps; ``statements`` should reach some sessions back for that.
    """
    known = pl.Series(sessions, dtype=pl.Date).implode()
    of_session = pl.col("session").is_in(known)
    kept = statements.filter(of_session)
    refused = [_off_session(statements.filter(~of_session), kept)]
    whole: list[pl.DataFrame] = []
    for _, pages in kept.sort("session").group_by(PAGE, maintain_order=True):
        before: pl.DataFrame | None = None
        for _, page in pages.group_by("session", maintain_order=True):
            reason = _fault(page, before) if before is not None else None
            if reason is None:
                before = page
                whole.append(page)
            else:
                refused.append(_held_back(page, reason))
    rows = pl.concat(whole) if whole else kept.clear()
    return Screened(
        kept=rows.select(HOLDINGS.names()),
        refused=pl.concat(refused).sort("source", "session", "ticker"),
    )


def _fault(page: pl.DataFrame, before: pl.DataFrame) -> str | None:
    """Why ``page`` is not the whole truth, compared with the same publisher's page before."""
    both = page.join(before.select("code", was="shares", was_percent="percent"), on="code")
    if both.height < LEAST_KEPT * before.height:
        return (
            f"held back: {both.height} of the {before.height} codes of {before['session'][0]} are "
            "there"
        )
    moved = both.filter(
        (pl.col("shares") > 1.5 * pl.col("was")) | (pl.col("was") > 1.5 * pl.col("shares"))
    )
    # A page has small positions in plenty that double; what is many is many of the large ones.
    large = pl.col("was") >= both["was"].median()
    count, of = moved.filter(large).height, both.filter(large).height
    if count > MOST_MOVED * of:
        return f"held back: {count} of the {of} larger holdings moved by more than half at once"
    split = looks_split(*map(pl.col, ("shares", "was", "percent", "was_percent")))
    steady = both.filter(~split)
    total, earlier = steady["shares"].sum(), steady["was"].sum()
    if abs(total - earlier) > JUMP * earlier:
        return (
            f"held back: the holdings add up to {total:,}, {total / earlier - 1:+.1%} against "
            f"{before['session'][0]}"
        )
    return None


def _held_back(page: pl.DataFrame, reason: str) -> pl.DataFrame:
    """One refusal for the page: it is of all its rows."""
    return (
        page.head(1)
        .with_columns(
            ticker=pl.lit(None, pl.String),
            kind=pl.lit("held_back"),
            reason=pl.lit(reason),
            text=pl.format("{} rows of {}", pl.lit(page.height), "channel"),
        )
        .select(REFUSED.names())
    )


def _off_session(rows: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """One refusal for each page of a day without a session, with the session it repeats, if any."""
    key = [*PAGE, "session", "capture_id"]
    said = kept.select(*PAGE, "code", "shares", of="session").sort("of")
    day = rows.sort("session").with_columns(of_day=pl.col("session"))
    repeated = day.join_asof(
        said.select(*PAGE, "of").unique().sort("of"),
        left_on="session",
        right_on="of",
        by=list(PAGE),
        check_sortedness=False,
    ).join(said, on=[*PAGE, "code", "of"], how="left", suffix="_before")
    same = (pl.col("shares") == pl.col("shares_before")).fill_null(value=False).all()
    pages = repeated.group_by(key, maintain_order=True).agg(
        pl.len().alias("rows"), pl.col("of").first(), same.alias("same")
    )
    what = (
        pl.when("same")
        .then(pl.format("not a session: repeats {}", "of"))
        .otherwise(pl.lit("not a session"))
    )
    return pages.with_columns(
        ticker=pl.lit(None, pl.String),
        kind=pl.lit("not_a_session"),
        reason=what,
        text=pl.format("{} rows of {}", "rows", "channel"),
    ).select(REFUSED.names())
