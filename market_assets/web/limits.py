"""How much patience and trust a publisher gets; numbers only, the rules are in the session."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The bounds of one exchange. Seconds and bytes unless the name says otherwise.

    ``longest_wait`` bounds every wait for a turn: Retry-After, Crawl-delay, back-off.
    ``body_seconds`` is the machine's time, whatever the clock: it guards against bodies that drip.
    """

    retries: int = 3
    redirects: int = 3
    first_backoff: float = 2.0
    longest_wait: float = 120.0
    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    body_seconds: float = 120.0
    body_bytes: int = 20_000_000
    failures_to_open: int = 5
    open_seconds: float = 1800.0
