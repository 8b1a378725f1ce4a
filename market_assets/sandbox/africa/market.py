"""The invented figures of the four neighbouring exchanges: what every publisher speaks about.

Nothing here was ever traded. Each line has its own stream of random numbers and each session its
own row of it, so that figures depend on the seed, the line and the session alone.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from market_assets.calendars.sessions import bounds, sessions_between
from market_assets.sandbox.africa.lines import Line, lines

POUNDS_PER_DOLLAR = 50.0
"""Invented, and the same on all days: what Cairo reckons its lines in dollars with."""

USUAL_PRICE = {"NGN": 40.0, "EGP": 25.0, "USD": 0.5, "ZAR": 90.0, "XOF": 4000.0}
USUAL_TURNOVER = {"NGN": 1e8, "EGP": 4e7, "USD": 2e5, "ZAR": 8e7, "XOF": 5e7}
"""In the currency of the prices, in a session of a line in the middle."""

WIDEST_MOVE = 0.09
"""Lagos allows 10 % a day, Cairo 20 %."""
WHOLE, CENTS, TENTHS_OF_CENTS = 0, 2, 3
FEWER_CENTS_FROM = 2.0
"""Lines that begin below have prices in tenths of cents; francs have no cents."""

MOST_IDLE = 0.4
BLOCK = 150_000
"""Shares of a usual trade, at most."""


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What happened to a line in a session.

    Prices are in the line's currency, ``turnover`` and ``market_cap`` in its exchange's.
    """

    line: Line
    session: date
    previous_close: float
    high: float
    low: float
    close: float
    volume: int
    turnover: float
    trades: int
    market_cap: float


@dataclass(frozen=True, kw_only=True)
class _Figures:
    """One row per session, one column per line."""

    close: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    previous: NDArray[np.float64]
    volume: NDArray[np.int64]
    turnover: NDArray[np.float64]
    trades: NDArray[np.int64]
    market_cap: NDArray[np.float64]


class Market:
    """The truth of four exchanges; the same for the same seed."""

    def __init__(self, *, seed: int) -> None:
        self.seed = seed

    def sessions(self, mic: str) -> tuple[date, ...]:
        """All sessions that the invented exchange has, ascending."""
        return _sessions(mic)

    def truths(self, mic: str, session: date) -> tuple[Truth, ...]:
        """Every line of an exchange in a session, by ticker."""
        made, row = _figures(mic, self.seed), _place(mic)[session]
        return tuple(
            Truth(
                line=line,
                session=session,
                previous_close=float(made.previous[row, column]),
                high=float(made.high[row, column]),
                low=float(made.low[row, column]),
                close=float(made.close[row, column]),
                volume=int(made.volume[row, column]),
                turnover=float(made.turnover[row, column]),
                trades=int(made.trades[row, column]),
                market_cap=float(made.market_cap[row, column]),
            )
            for column, line in enumerate(lines(mic))
        )


@cache
def _sessions(mic: str) -> tuple[date, ...]:
    return sessions_between(mic, *bounds(mic))


@cache
def _place(mic: str) -> dict[date, int]:
    return {session: place for place, session in enumerate(_sessions(mic))}


@cache
def _figures(mic: str, seed: int) -> _Figures:
    of, count = lines(mic), len(_sessions(mic))
    normal = np.stack([_stream(line, seed, 0).standard_normal((count, 4)) for line in of], axis=1)
    uniform = np.stack([_stream(line, seed, 1).random((count, 2)) for line in of], axis=1)
    own = np.array([_stream(line, seed, 2).random(4) for line in of])
    usual = np.array([USUAL_PRICE[line.currency] for line in of])
    rate = np.array([POUNDS_PER_DOLLAR if line.currency == "USD" else 1.0 for line in of])

    first = usual * np.exp(2.4 * (own[:, 0] - 0.5))
    places = np.where(first < FEWER_CENTS_FROM, TENTHS_OF_CENTS, CENTS)
    places[[line.currency == "XOF" for line in of]] = WHOLE
    traded = uniform[:, :, 0] >= MOST_IDLE * own[:, 1] ** 3
    move = np.clip(0.0002 + 0.014 * normal[:, :, 0], -WIDEST_MOVE, WIDEST_MOVE)
    start = _rounded(first, places)
    close = np.empty((count, len(of)))
    before = start
    for row in range(count):
        # A floor, and a pull to where the line began: no invented price wanders off for good.
        pulled = move[row] - 0.004 * np.log(before / first)
        moved = np.maximum(_rounded(before * (1 + pulled), places), 10.0 ** (1 - places))
        close[row] = before = np.where(traded[row], moved, before)
    previous = np.vstack([start[None], close[:-1]])

    top, bottom = np.maximum(close, previous), np.minimum(close, previous)
    high = np.maximum(close, _rounded(top * (1 + 0.004 * np.abs(normal[:, :, 1])), places))
    low = np.minimum(close, _rounded(bottom * (1 - 0.004 * np.abs(normal[:, :, 2])), places))
    size = np.array([USUAL_TURNOVER[line.currency] for line in of]) * np.exp(5 * (own[:, 2] - 0.6))
    shares = np.rint(size * np.exp(0.35 * normal[:, :, 3]) / close).astype(np.int64)
    volume = np.maximum(1, shares) * traded
    inside = low + (high - low) * uniform[:, :, 1]
    issued = np.rint(size / first * (200 + 800 * own[:, 3]))
    trades = np.where(traded, 1 + volume // BLOCK + (volume % 97) * (volume > BLOCK), 0)
    return _Figures(
        close=close,
        high=high,
        low=low,
        previous=previous,
        volume=volume,
        turnover=np.round(volume * inside * rate, 2),
        trades=trades,
        market_cap=np.round(issued * close * rate, 2),
    )


def _stream(line: Line, seed: int, number: int) -> np.random.Generator:
    return np.random.default_rng([seed, crc32(f"{line.mic}:{line.ticker}".encode()), number])


def _rounded(prices: NDArray[np.float64], places: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.rint(prices * 10.0**places) / 10.0**places
