"""What really happened in the invented market; what the publishers speak about."""

from dataclasses import dataclass
from datetime import date

from market_assets.sources.casablanca.lines import Line


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What really happened to one line in one session of the invented market.

    ``status``: T traded, NT not traded, S suspended. ``open``, ``high``, ``low`` are None unless
    traded. ``close`` is carried from the session before when not traded. ``volume`` is shares and
    ``turnover`` MAD; both are 0 when not traded.
    """

    line: Line
    session: date
    status: str
    open: float | None
    high: float | None
    low: float | None
    close: float
    previous_close: float
    volume: int
    turnover: float
    trades: int
    shares: int

    @property
    def market_cap(self) -> float:
        """The last price times the number of shares, in MAD."""
        return round(self.close * self.shares, 2)
