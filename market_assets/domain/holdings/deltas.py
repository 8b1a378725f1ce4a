"""How each holding changed over so many sessions; ranks nothing and forgives no missing base.

Sessions are counted by the market's list, not by a code's rows or calendar days. A row depends on
at most ``history_sessions`` sessions before it, so a run that reads no more than those gives what
a run over all history gives. The frame is walked without grouping, in blocks of rows, one on each
core: in ascending keys the base of row ``i`` is row ``i - horizon`` or one after it.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import polars as pl

from market_assets.domain.holdings.code_changes import (
    COUNTER_CODE,
    COUNTERS_MERGED,
    SETTLEMENT_GAP,
    TEMPORARY,
    entered_rows,
    known_before,
    matched,
    multi_counter_lines,
    vanished_rows,
)
from market_assets.domain.holdings.numbering import LINE, REACH, numbered, published
from market_assets.domain.holdings.splits import looks_split

HOLDING_DELTAS = pl.Schema(
    {
        "code": pl.String,
        "session": pl.Date,
        "horizon": pl.Int32,
        "base_session": pl.Date,
        "base_shares": pl.Int64,
        "shares": pl.Int64,
        "change_shares": pl.Int64,
        "change_pct": pl.Float64,
        "change_points": pl.Float64,
        "status": pl.String,
    }
)
STATUSES = ("ok", "new", "base_missing", "split_suspect", "code_change_suspect", "exited")
OK, NEW, BASE_MISSING, SPLIT_SUSPECT, CODE_CHANGE_SUSPECT, EXITED = range(len(STATUSES))

BLOCK_ROWS = 2**19
"""Rows compared together: few enough to reuse their memory, enough to outweigh each step's cost."""

NONE = pl.Series([None], dtype=pl.UInt32)


def history_sessions(horizons: Sequence[int]) -> int:
    """How many sessions before the first one wanted ``holding_deltas`` must be given."""
    return max(horizons) + REACH + SETTLEMENT_GAP + 2


def holding_deltas(
    holdings: pl.DataFrame, *, horizons: Sequence[int], sessions: Sequence[date]
) -> pl.DataFrame:
    """The changes in the schema HOLDING_DELTAS, by horizon and then by code and session.

    ``holdings`` need code, name, session, shares and percent, at most one row for a code and
    session; rows without shares say nothing. ``sessions`` are the market's; a session for which
    nobody has a row is not known, so nothing exits or enters there. Each horizon is at least 1.

    The base is the code's row of the session ``horizon`` before, else the closest earlier one
    within ``REACH`` sessions more. ``change_pct`` is in percent of the base, null where that is
    not above 0; ``change_points`` in percentage points of issued shares, null where one percent
    is not stated.

    - ``ok``: compared with its base.
    - ``new``: the code has no base, though others have rows where it could be; no change is given.
    - ``base_missing``: nobody has a row where the base could be.
    - ``split_suspect``: between base and session two neighbouring rows look like a split.
    - ``code_change_suspect``: the code came or went as another went or came (``code_changes``),
      or is temporary, or its counters were merged since the base. A code that went is judged by
      what is known on that session: where the other comes later only that one is suspect.
    - ``exited``: the first session at which others have rows and the code has none, with 0 shares,
      for each horizon that has a base.
    """
    rows = numbered(holdings, sessions)
    known = published(rows, sessions)
    entered, vanished = entered_rows(rows, known), vanished_rows(rows, known)
    pairs = matched(entered, vanished)
    temporary = entered.filter(pl.col("code").str.contains(TEMPORARY))
    days = sorted(set(sessions))
    walk = Walk(
        horizons=horizons,
        lookback=max(horizons),
        known=[known_before(known, horizon) for horizon in horizons],
        suspects=pl.concat([pairs["key"], temporary["key"]]).unique().sort(),
        merged=_merged(rows, days, max(horizons) + REACH),
    )
    compared = rows.select("session", "shares", "percent", "number", "key")
    padded = pl.concat([_padding(compared, walk.lookback), compared])
    blocks = [
        padded.slice(start, walk.lookback + BLOCK_ROWS).rechunk()
        for start in range(0, max(rows.height, 1), BLOCK_ROWS)
    ]
    with ThreadPoolExecutor(pl.thread_pool_size()) as threads:
        changes = list(threads.map(walk.changes, blocks))
    names = HOLDING_DELTAS.names()
    gone = _gone(vanished, pairs, walk.merged, days)
    unknown = holdings.filter(pl.col("shares").is_null()).select("code", "session")
    gone = gone.join(unknown, on=["code", "session"], how="anti", maintain_order="left")
    return pl.concat(
        frame
        for at in range(len(horizons))
        for frame in (
            rows.select("code", "session", "shares")
            .hstack(pl.concat(block[at] for block in changes))
            .select(names),
            _exits(rows, gone, horizons[at]),
        )
    )


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
    merged: Merged | None

    def changes(self, rows: pl.DataFrame) -> list[pl.DataFrame]:
        """The changes of ``rows`` but their first ``lookback``, one frame for each horizon."""
        splits = _splits(rows)
        return [self._changes(rows, at, splits) for at in range(len(self.horizons))]

    def _changes(self, rows: pl.DataFrame, at: int, splits: pl.Series | None) -> pl.DataFrame:
        horizon, lookback = self.horizons[at], self.lookback
        key, session, shares = rows["key"], rows["session"], rows["shares"]
        percent = rows["percent"]
        now, number = key.slice(lookback), rows["number"].slice(lookback)
        base = bases(key, lookback=lookback, horizon=horizon)
        base_key = key.gather(base)
        has_base = (base_key >= now - (horizon + REACH)) & (base_key >= now - number)
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
        came = self.suspects.search_sorted(key, "right") > self.suspects.search_sorted(earliest)
        status = pl.when(~self.known[at].gather(number)).then(BASE_MISSING)
        status = status.when(came).then(CODE_CHANGE_SUSPECT).otherwise(NEW)
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


def _merged(rows: pl.DataFrame, days: Sequence[date], reach: int) -> Merged | None:
    """Where counters were merged, if that is between the first and the last of ``days``."""
    if not (days and days[0] < COUNTERS_MERGED <= days[-1]):
        return None
    number = next(n for n, day in enumerate(days) if day >= COUNTERS_MERGED)
    lines = multi_counter_lines(rows, number, reach)
    return Merged(number=number, lines=lines) if lines.len() else None


def _gone(
    vanished: pl.DataFrame, pairs: pl.DataFrame, merged: Merged | None, days: Sequence[date]
) -> pl.DataFrame:
    """``vanished`` with the day, the key and the status of the session where each is gone."""
    replaced = pairs.filter(pl.col("number") == pl.col("gone")).select(
        "gone", code="vanished", replaced=pl.lit(value=True)
    )
    suspect = pl.col("replaced") | pl.col("code").str.contains(TEMPORARY)
    if merged is not None:
        across = (pl.col("number") < merged.number) & (pl.col("gone") >= merged.number)
        suspect |= across & pl.col("code").str.contains(COUNTER_CODE)
    return (
        vanished.join(replaced.unique(), on=["code", "gone"], how="left", maintain_order="left")
        .with_columns(pl.col("replaced").fill_null(value=False))
        .select(
            "code",
            "gone",
            session=pl.Series(days, dtype=pl.Date).gather(vanished["gone"]),
            key=pl.col("key") - pl.col("number") + pl.col("gone"),
            status=pl.when(suspect)
            .then(pl.lit(STATUSES[CODE_CHANGE_SUSPECT]))
            .otherwise(pl.lit(STATUSES[EXITED])),
        )
    )


def _exits(rows: pl.DataFrame, gone: pl.DataFrame, horizon: int) -> pl.DataFrame:
    """The changes to nothing over ``horizon`` of the codes that are ``gone`` and have a base."""
    place = rows["key"].search_sorted(gone["key"] - horizon, "right").cast(pl.Int64) - 1
    base = rows.select(
        base_key="key", base_session="session", base_shares="shares", base_percent="percent"
    )[place.clip(lower_bound=0)]
    within = pl.col("key") - pl.min_horizontal("gone", pl.lit(horizon + REACH))
    change = pl.col("shares") - pl.col("base_shares")
    return (
        gone.hstack(base)
        .filter(pl.Series(place >= 0), pl.col("base_key") >= within)
        .with_columns(horizon=pl.lit(horizon, dtype=pl.Int32), shares=pl.lit(0, dtype=pl.Int64))
        .with_columns(
            change_shares=change,
            change_pct=pl.when(pl.col("base_shares") > 0).then(pl.lit(-100.0)),
            change_points=-pl.col("base_percent"),
        )
        .select(HOLDING_DELTAS.names())
    )


def _padding(rows: pl.DataFrame, height: int) -> pl.DataFrame:
    """``height`` rows that come before all others and are nobody's."""
    return rows.clear(height).with_columns(
        key=pl.int_range(-height, 0, dtype=pl.Int64) * LINE, number=pl.lit(0, dtype=pl.Int32)
    )


def _words(status: pl.Series) -> pl.Series:
    return pl.Series(STATUSES).gather(status.cast(pl.UInt32))
