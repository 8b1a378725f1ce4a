"""Invented holdings: whole arrays of shares, one row per Southbound session, one column per stock.

Nobody ever held this. Rows are drawn in order, so a longer calendar leaves the figures of earlier
sessions as they were.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from market_assets.sandbox.hkex.plot import Event

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_HELD = 0.75
"""No channel's walk takes more than this part of a stock's issued shares, both together."""

DAILY_MOVE, MOVING = 0.006, 0.85
"""Spread of a session's relative move, and how often a channel moves at all."""

UNIT = 100_000
"""Issued shares are a multiple of this, so that every consolidation comes out even."""

NEVER_BEFORE = {
    "new_holding": ("held",),
    "became_eligible": ("eligible",),
    "recycled": ("held", "listed", "eligible"),
}
NO_LONGER = {
    "exit": ("held",),
    "pause": ("held",),
    "left_list": ("eligible",),
    "delisted": ("held", "listed", "eligible"),
}
AGAIN = {"reentry": ("held",)}
"""Event -> what becomes true or false by it."""

DRAWN_WEIGHTS, DRAWN_STEPS = 0, 1
"""The streams of one seed: what is drawn once per stock, and what once per session."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One row per Southbound session, one column per stock; ``codes`` are those in use."""

    codes: Whole
    shanghai: Whole
    shenzhen: Whole
    issued: Whole
    held: Flags
    listed: Flags
    eligible: Flags


def issued_shares(stocks: int, *, seed: int) -> Whole:
    """The issued shares of each stock at the beginning: 2 thousand million, give or take."""
    rng = np.random.default_rng([seed, DRAWN_WEIGHTS])
    drawn = np.exp(rng.normal(np.log(2e9), 1.0, stocks))
    return np.maximum(drawn // UNIT, 2_000).astype(np.int64) * UNIT


def figures(
    codes: Whole, issued: Whole, events: Iterable[Event], *, sessions: int, seed: int
) -> Figures:
    """Every stock on each of the ``sessions`` Southbound sessions, all events played out."""
    shape = (sessions, len(codes))
    factor = np.ones(shape)
    flags = {name: np.ones(shape, dtype=bool) for name in ("held", "listed", "eligible")}
    in_use = np.broadcast_to(codes, shape).copy()
    for event in events:
        before, since = slice(event.ordinal), slice(event.ordinal, None)
        column = event.column
        factor[since, column] *= event.factor
        for name in NEVER_BEFORE.get(event.kind, ()):
            flags[name][before, column] = False
        for name in NO_LONGER.get(event.kind, ()):
            flags[name][since, column] = False
        for name in AGAIN.get(event.kind, ()):
            flags[name][since, column] = True
        if event.kind in {"temporary_counter", "recycled"}:
            in_use[since, column] = event.other_code
        elif event.kind == "original_counter":
            in_use[since, column] = codes[column]
        elif event.kind == "moved_board":
            in_use[before, column] = event.other_code
    shanghai, shenzhen = _walks(issued, sessions=sessions, seed=seed)
    return Figures(
        codes=in_use,
        shanghai=_scaled(shanghai, factor),
        shenzhen=_scaled(shenzhen, factor),
        issued=_scaled(np.broadcast_to(issued, shape), factor),
        **flags,
    )


def _walks(issued: Whole, *, sessions: int, seed: int) -> tuple[Whole, Whole]:
    """Shares through each channel: walks that never leave 0 .. ``MOST_HELD`` of the issued."""
    weights = np.random.default_rng([seed, DRAWN_STEPS, DRAWN_WEIGHTS])
    start = weights.normal(-1.8, 0.9, len(issued))
    part = weights.uniform(0.35, 0.65, len(issued))
    steps = np.random.default_rng([seed, DRAWN_STEPS])
    drawn = steps.random((sessions, 2, 2, len(issued)), dtype=np.float64)
    spread = DAILY_MOVE * np.sqrt(12)  # of a uniform draw, so that DAILY_MOVE is its deviation
    moves = np.where(drawn[:, 0] < MOVING, spread * (drawn[:, 1] - 0.5), 0.0)
    level = start + np.cumsum(moves, axis=0)
    held = MOST_HELD / (1 + np.exp(-level)) * issued
    return _whole(held[:, 0] * part), _whole(held[:, 1] * (1 - part))


def _whole(shares: NDArray[np.float64]) -> Whole:
    return np.maximum(shares, 1).astype(np.int64)


def _scaled(shares: Whole, factor: NDArray[np.float64]) -> Whole:
    return np.rint(shares * factor).astype(np.int64)
