"""How each holding changed over so many sessions; ranks nothing and forgives no missing base.

Sessions are counted by the market's list, not by a code's rows or calendar days. A row depends on
at most ``history_sessions`` sessions before it, so a run that reads no more than those gives what
a run over all history gives. The frame is walked without grouping, in blocks of rows, one on each
core: in ascending keys the base of row ``i`` is row ``i - horizon`` or one after it.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import polars as pl

from market_assets.domain.holdings.code_changes import (
    COUNTERS_MERGED,
    SETTLEMENT_GAP,
    TEMPORARY,
    entered_rows,
    known_before,
    matched,
    multi_counter_lines,
    vanished_rows,
)
from market_assets.domain.holdings.comparison import (
    CODE_CHANGE_SUSPECT,
    EXITED,
    STATUSES,
    Merged,
    Walk,
)
from market_assets.domain.holdings.numbering import LINE, REACH, numbered, published
from market_assets.domain.holdings.recycling import recycled_keys

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
BLOCK_ROWS = 2**19
"""Rows compared together: few enough to reuse their memory, enough to outweigh each step's cost."""


def history_sessions(horizons: Sequence[int]) -> int:
    """How many sessions before the first one wanted ``holding_deltas`` must be given."""
    return max(horizons) + REACH + SETTLEMENT_GAP + 2


def holding_deltas(
    holdings: pl.DataFrame, *, horizons: Sequence[int], sessions: Sequence[date]
) -> pl.DataFrame:
    """The changes in the schema HOLDING_DELTAS, by horizon and then by code and session.

    ``holdings`` need code, name, session, shares, percent and source, at most one row for a code
    and session; rows without shares say nothing. ``sessions`` are the market's; a session for which
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
    - ``recycled_code_suspect``: the code had another company's holding (``recycling``), which is no
      base; no change is given.
    - ``exited``: the first session at which others have rows and the code has none, with 0 shares,
      for each horizon that has a base.
    """
    rows = numbered(holdings, sessions)
    known = published(rows, sessions)
    entered, vanished = entered_rows(rows, known), vanished_rows(rows, known)
    pairs = matched(entered, vanished)
    temporary = entered.filter(pl.col("code").str.contains(TEMPORARY))
    days = sorted(set(sessions))
    merged = _merged(rows, days, max(horizons) + REACH)
    gone = _gone(vanished, pairs, merged, days)
    unknown = holdings.filter(pl.col("shares").is_null()).select("code", "session")
    gone = gone.join(unknown, on=["code", "session"], how="anti", maintain_order="left")
    recycled = recycled_keys(rows, gone["last"])
    walk = Walk(
        horizons=horizons,
        lookback=max(horizons),
        known=[known_before(known, horizon) for horizon in horizons],
        suspects=pl.concat([pairs["key"], temporary["key"]]).unique().sort(),
        recycled=recycled,
        merged=merged,
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
    return pl.concat(
        frame
        for at in range(len(horizons))
        for frame in (
            rows.select("code", "session", "shares")
            .hstack(pl.concat(block[at] for block in changes))
            .select(names),
            _exits(rows, gone, recycled, horizons[at]),
        )
    )


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
    """``vanished`` with the day, the key and the status of the session where each is gone.

    ``last`` is the key of the row itself.
    """
    replaced = pairs.filter(pl.col("number") == pl.col("gone")).select(
        "gone", code="vanished", replaced=pl.lit(value=True)
    )
    suspect = pl.col("replaced") | pl.col("code").str.contains(TEMPORARY)
    if merged is not None:
        across = (pl.col("number") < merged.number) & (pl.col("gone") >= merged.number)
        suspect |= across & (pl.col("key") - pl.col("number")).is_in(merged.lines.implode())
    return (
        vanished.join(replaced.unique(), on=["code", "gone"], how="left", maintain_order="left")
        .with_columns(pl.col("replaced").fill_null(value=False))
        .select(
            "code",
            "gone",
            last="key",
            session=pl.Series(days, dtype=pl.Date).gather(vanished["gone"]),
            key=pl.col("key") - pl.col("number") + pl.col("gone"),
            status=pl.when(suspect)
            .then(pl.lit(STATUSES[CODE_CHANGE_SUSPECT]))
            .otherwise(pl.lit(STATUSES[EXITED])),
        )
    )


def _exits(
    rows: pl.DataFrame, gone: pl.DataFrame, recycled: pl.Series, horizon: int
) -> pl.DataFrame:
    """The changes to nothing over ``horizon`` of the codes that are ``gone`` and have a base."""
    place = rows["key"].search_sorted(gone["key"] - horizon, "right").cast(pl.Int64) - 1
    base = rows.select(
        base_key="key", base_session="session", base_shares="shares", base_percent="percent"
    )[place.clip(lower_bound=0)]
    within = pl.col("key") - pl.min_horizontal("gone", pl.lit(horizon + REACH))
    change = pl.col("shares") - pl.col("base_shares")

    def companies(key: str) -> pl.Expr:
        return pl.lit(recycled).search_sorted(pl.col(key), "right")

    return (
        gone.hstack(base)
        .filter(pl.Series(place >= 0), pl.col("base_key") >= within)
        .filter(companies("base_key") == companies("last"))
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
