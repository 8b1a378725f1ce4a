"""Rows in blocks, each beside its base: a code's own row so many sessions before.

Reads no more than a block and what ``Walk`` says of all rows, so blocks can be compared side by
side; what went is not here but in ``deltas``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from market_assets.domain.holdings.numbering import REACH
from market_assets.domain.holdings.splits import looks_split

STATUSES = (
    "ok",
    "new",
    "base_missing",
    "split_suspect",
    "code_change_suspect",
    "recycled_code_suspect",
    "exited",
)
(
    OK,
    NEW,
    BASE_MISSING,
    SPLIT_SUSPECT,
    CODE_CHANGE_SUSPECT,
    RECYCLED_CODE_SUSPECT,
    EXITED,
) = range(len(STATUSES))

NONE = pl.Series([None], dtype=pl.UInt32)


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The session ``number`` where counters were merged, and the first keys of their codes."""

    number: int
    lines: pl.Series


@dataclass(frozen=True, kw_only=True)
class Walk:
    """What a block of rows must know of all rows to be compared with its own past."""

    horizons: Sequence[int]
    lookback: int
    known: Sequence[pl.Series]
    suspects: pl.Series
    recycled: pl.Series
    merged: Merged | None

    def changes(self, rows: pl.DataFrame) -> list[pl.DataFrame]:
        """The changes of ``rows`` but their first ``lookback``, one frame for each horizon."""
        splits, companies = _splits(rows), _companies(rows, self.recycled)
        return [self._changes(rows, at, splits, companies) for at in range(len(self.horizons))]

    def _changes(
        self, rows: pl.DataFrame, at: int, splits: pl.Series | None, companies: pl.Series | None
    ) -> pl.DataFrame:
        horizon, lookback = self.horizons[at], self.lookback
        key, session, shares = rows["key"], rows["session"], rows["shares"]
        percent = rows["percent"]
        now, number = key.slice(lookback), rows["number"].slice(lookback)
        base = bases(key, lookback=lookback, horizon=horizon)
        base_key = key.gather(base)
        has_base = (base_key >= now - (horizon + REACH)) & (base_key >= now - number)
        if companies is not None:
            has_base &= companies.slice(lookback) == companies.gather(base)
        status = pl.repeat(OK, now.len(), dtype=pl.UInt8, eager=True)
        if splits is not None:
            split = splits.slice(lookback) != splits.gather(base)
            status = status.set(split, SPLIT_SUSPECT)
        if self.merged is not None:
            status = status.set(
                self._crosses(self.merged, now, number, base_key), CODE_CHANGE_SUSPECT
            )
        if not has_base.all():
            base = base.zip_with(has_base, NONE)
            without = (~has_base).arg_true()
            status = status.scatter(
                without, self._without(at, now.gather(without), number.gather(without))
            )
        base_shares = shares.gather(base)
        change = shares.slice(lookback) - base_shares
        pct = change / base_shares * 100.0
        if (base_shares <= 0).any():
            pct = pct.zip_with(base_shares > 0, pl.Series([None], dtype=pl.Float64))
        return pl.DataFrame(
            {
                "horizon": pl.repeat(horizon, now.len(), dtype=pl.Int32, eager=True),
                "base_session": session.gather(base),
                "base_shares": base_shares,
                "change_shares": change,
                "change_pct": pct,
                "change_points": percent.slice(lookback) - percent.gather(base),
                "status": _words(status),
            }
        )

    def _without(self, at: int, key: pl.Series, number: pl.Series) -> pl.Series:
        """The statuses of rows that have no base."""
        earliest = key - number.clip(upper_bound=self.horizons[at] - 1)
        came, recycled = (
            keys.search_sorted(key, "right") > keys.search_sorted(earliest)
            for keys in (self.suspects, self.recycled)
        )
        status = pl.when(~self.known[at].gather(number)).then(BASE_MISSING)
        status = status.when(came).then(CODE_CHANGE_SUSPECT)
        status = status.when(recycled).then(RECYCLED_CODE_SUSPECT).otherwise(NEW)
        return pl.select(status.cast(pl.UInt8)).to_series()

    def _crosses(
        self, merged: Merged, key: pl.Series, number: pl.Series, base_key: pl.Series
    ) -> pl.Series:
        """Whether the counters of the row's stock were merged between its base and itself."""
        over = (number >= merged.number) & (base_key < key - number + merged.number)
        return over & (key - number).is_in(merged.lines.implode())


def bases(key: pl.Series, *, lookback: int, horizon: int) -> pl.Series:
    """Of each key but the first ``lookback`` the place of the last key up to ``horizon`` less.

    ``key`` ascends without repeats, so that place is ``horizon`` rows back or later; it is
    exactly there wherever the row after it is too late.
    """
    now = key.slice(lookback)
    place = pl.int_range(lookback - horizon, key.len() - horizon, dtype=pl.UInt32, eager=True)
    wanted = now - horizon
    late = (key.slice(lookback - horizon + 1, now.len()) <= wanted).arg_true()
    if not late.len():
        return place
    found = key.search_sorted(wanted.gather(late), "right") - 1
    return place.scatter(late, found.cast(pl.UInt32))


def _splits(rows: pl.DataFrame) -> pl.Series | None:
    """How many of the rows up to each look like a split of the row before; None where none do."""
    shares, before = pl.col("shares"), pl.col("shares").shift()
    same_line = pl.col("key") - pl.col("key").shift() <= pl.col("number")
    large = (shares >= before * 1.9) | (before >= shares * 1.9)
    percent = pl.col("percent")
    candidates = rows.select((large & same_line).fill_null(value=False)).to_series()
    if not candidates.any():
        return None
    split = looks_split(shares, before, percent, percent.shift())
    flags = rows.select(split).to_series() & candidates
    return flags.cast(pl.UInt32).cum_sum() if flags.any() else None


def _companies(rows: pl.DataFrame, recycled: pl.Series) -> pl.Series | None:
    """How many of ``recycled`` there are up to each row; None where there are none among them."""
    keys = rows["key"]
    places = keys.search_sorted(recycled)
    here = recycled.is_between(keys[0], keys[-1]) if keys.len() else recycled.is_null()
    if not here.any():
        return None
    begins = pl.repeat(value=False, n=keys.len(), eager=True)
    return begins.scatter(places.filter(here), values=True).cast(pl.UInt32).cum_sum()


def _words(status: pl.Series) -> pl.Series:
    return pl.Series(STATUSES).gather(status.cast(pl.UInt32))
