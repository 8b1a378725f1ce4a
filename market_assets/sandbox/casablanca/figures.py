"""Invented figures of invented sessions: arrays in whole cents and whole shares.

Nothing here was ever traded. The lines are real, their prices, volumes and fates are drawn from a
seed. Each line has its own stream and each session its own row of it, so that a longer calendar
leaves the figures of earlier sessions as they were.
"""

from dataclasses import dataclass
from datetime import date
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from market_assets.sandbox.casablanca.plot import (
    HALT_FIRST,
    HALT_LAST,
    HALT_TICKER,
    LIQUID,
    SPLIT_RATIO,
    SPLIT_SESSION,
    SPLIT_TICKER,
    VolumeEvent,
    volume_events,
)
from market_assets.sources.casablanca.lines import Line

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

WIDER_LIMITS = date(2023, 10, 9)
"""Daily limits were 6 % before this session and are 10 % since (the market authority's rule)."""

ALWAYS_TRADED = 42
"""So many of the most liquid lines trade in every session; the last one in half of them."""

MARKET_TURNOVER = 265e6
"""MAD in a usual session, all lines together."""

FIRST_LEVEL = 10_700.0
CENTS = 100
OPEN_AND_CLOSE = 2
WINDOW = 20


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One row per session, one column per line; prices and turnover in cents of a dirham."""

    open: Whole
    high: Whole
    low: Whole
    close: Whole
    reference: Whole
    volume: Whole
    turnover: Whole
    trades: Whole
    shares: Whole
    traded: NDArray[np.bool_]
    suspended: NDArray[np.bool_]
    index: Real


@dataclass(frozen=True, kw_only=True)
class _Draws:
    """Random numbers: per session and line, per line, and per session for all lines together."""

    normal: Real
    uniform: Real
    own: Real
    common: Real


def figures(lines: tuple[Line, ...], sessions: tuple[date, ...], *, seed: int) -> Figures:
    """The whole invented market: every line in every session."""
    tickers = [line.ticker for line in lines]
    days = np.array(sessions, dtype="datetime64[D]")
    draws = _draws(tickers, len(sessions), seed)
    rank = _ranks(lines, draws.own[:, 0])

    suspended = np.tile([line.suspended for line in lines], (len(sessions), 1))
    halted = (days >= np.datetime64(HALT_FIRST)) & (days <= np.datetime64(HALT_LAST))
    suspended[halted, tickers.index(HALT_TICKER)] = True
    idle = 0.5 * np.maximum(0.0, (rank - ALWAYS_TRADED) / (len(lines) - ALWAYS_TRADED))
    traded = ~suspended & (draws.uniform[:, :, 0] >= idle)

    limit = np.where(days < np.datetime64(WIDER_LIMITS), 0.06, 0.10)[:, None]
    swing = 0.008 + 0.010 * rank / len(lines)
    change = 0.0003 + 0.0042 * draws.common[:, :1] + swing * draws.normal[:, :, 0]
    change = np.where(traded, np.clip(change, 0.01 - limit, limit - 0.01), 0.0)

    split = np.ones((len(sessions), len(lines)), dtype=np.int64)
    split[days < np.datetime64(SPLIT_SESSION), tickers.index(SPLIT_TICKER)] = SPLIT_RATIO
    price, shares = _listing(lines, rank, draws.own)
    close = _ticked(CENTS * price * split * np.cumprod(1 + change, axis=0))
    before = np.vstack([_ticked(CENTS * price * split[0])[None], close[:-1]])
    divided = np.vstack([split[:1], split[:-1]]) // split
    reference = np.where(divided > 1, _ticked(before / divided), before)

    volume = _volumes(rank, close, draws) * traded
    for event in volume_events(len(sessions)):
        _plant(volume[:, tickers.index(event.ticker)], event)
    block = 20_000 * CENTS * np.exp(0.4 * draws.normal[:, :, 2])
    trades = np.clip(np.rint(volume * close / block), 1, volume).astype(np.int64) * traded
    opened, high, low = _ranges(
        reference=reference, close=close, trades=trades, limit=limit, swing=swing, draws=draws
    )
    inside = np.floor((high - low) * volume * draws.uniform[:, :, 1]).astype(np.int64)

    shares = shares // split
    weight = np.vstack([before[:1] * shares[:1], (close * shares)[:-1]])
    gain = (weight * (close / reference)).sum(axis=1) / weight.sum(axis=1)
    return Figures(
        open=opened,
        high=high,
        low=low,
        close=close,
        reference=reference,
        volume=volume,
        turnover=low * volume + inside,
        trades=trades,
        shares=shares,
        traded=traded,
        suspended=suspended,
        index=FIRST_LEVEL * np.cumprod(gain),
    )


def _draws(tickers: list[str], count: int, seed: int) -> _Draws:
    def stream(ticker: str, number: int) -> np.random.Generator:
        return np.random.default_rng([seed, crc32(ticker.encode()), number])

    return _Draws(
        normal=np.stack([stream(t, 0).standard_normal((count, 6)) for t in tickers], axis=1),
        uniform=np.stack([stream(t, 1).random((count, 2)) for t in tickers], axis=1),
        own=np.array([stream(t, 2).random(3) for t in tickers]),
        common=stream("", 0).standard_normal((count, 2)),
    )


def _ranks(lines: tuple[Line, ...], drawn: Real) -> Real:
    first = {ticker: place for place, ticker in enumerate(LIQUID)}
    keys = [
        (line.suspended, first.get(line.ticker, len(first)), draw)
        for line, draw in zip(lines, drawn, strict=True)
    ]
    order = sorted(range(len(lines)), key=lambda column: keys[column])
    return np.argsort(order).astype(np.float64)


def _listing(lines: tuple[Line, ...], rank: Real, own: Real) -> tuple[Real, Whole]:
    """The price in MAD before the first session, and the share count: real where it is known."""
    capital = np.maximum(1.5e8, 6e10 * np.exp(-rank / 14)) * np.exp(own[:, 1] - 0.5)
    known = np.array([line.shares or 0 for line in lines], dtype=np.int64)
    price = np.where(
        known > 0,
        np.clip(capital / np.maximum(known, 1), 12, 8000),
        40 * np.exp(own[:, 2] * np.log(40)),
    )
    return price, np.where(known > 0, known, (capital / price).astype(np.int64))


def _volumes(rank: Real, close: Whole, draws: _Draws) -> Whole:
    spread = 0.35 + 0.6 * rank / rank.size
    usual = MARKET_TURNOVER * (1 - np.exp(-1 / 9)) * np.exp(-rank / 9)
    noise = 0.12 * draws.common[:, 1:] + spread * draws.normal[:, :, 1] - spread**2 / 2
    return np.maximum(1, np.rint(CENTS * usual * np.exp(noise) / close)).astype(np.int64)


def _plant(volume: Whole, event: VolumeEvent) -> None:
    recent = volume[event.ordinal - WINDOW : event.ordinal]
    if event.kind == "spike":
        volume[event.ordinal] = int(6 * max(recent[-1], recent.mean()))
    else:
        volume[event.ordinal] = max(1, int(0.2 * min(recent[-1], recent.mean())))


def _ranges(
    *, reference: Whole, close: Whole, trades: Whole, limit: Real, swing: Real, draws: _Draws
) -> tuple[Whole, Whole, Whole]:
    """Open, high and low: one trade has one price, and two trades have no third."""
    step = _tick(reference)
    top = np.floor(reference * (1 + limit) / step).astype(np.int64) * step
    bottom = np.ceil(reference * (1 - limit) / step).astype(np.int64) * step
    opened = np.clip(_ticked(reference * (1 + 0.003 * draws.normal[:, :, 3])), bottom, top)
    opened = np.where(trades == 1, close, opened)
    upper, lower = np.maximum(opened, close), np.minimum(opened, close)
    reach = np.where(trades <= OPEN_AND_CLOSE, 0.0, swing / 3)
    above = _ticked(upper * (1 + reach * np.abs(draws.normal[:, :, 4])))
    below = _ticked(lower * (1 - reach * np.abs(draws.normal[:, :, 5])))
    high, low = np.minimum(top, above), np.maximum(bottom, below)
    return opened, np.maximum(upper, high), np.minimum(lower, low)


def _tick(cents: Whole | Real) -> Whole:
    """The step of prices: a centime, ten from 100 MAD, a dirham from 1,000 MAD; invented too."""
    return np.array((1, 10, 100))[np.searchsorted((10_000, 100_000), cents, side="right")]


def _ticked(cents: Whole | Real) -> Whole:
    step = _tick(cents)
    return np.rint(cents / step).astype(np.int64) * step
