"""How often one may ask: a sliding window for each key, or for each address without one."""

import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from market_assets.serving.api.access.identity import Principal
from market_assets.serving.api.problems import Problem


class Rates:
    """Counts the requests of this process."""

    def __init__(self, default: str) -> None:
        self._default = default
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._parsed: dict[str, RateLimitItem] = {}

    def count(self, principal: Principal, address: str) -> None:
        """Count one request; raises a problem where it is one too many."""
        rate = (principal.key and principal.key.rate) or self._default
        self._count(rate, f"key {principal.key.id}" if principal.key else f"address {address}")

    def count_refused(self, address: str) -> None:
        """Count one request of ``address`` that did not say who asks."""
        self._count(self._default, f"refused {address}")

    def _count(self, rate: str, who: str) -> None:
        item = self._parsed.get(rate) or self._parsed.setdefault(rate, parse(rate))
        if self._limiter.hit(item, who):
            return
        reset = self._limiter.get_window_stats(item, who).reset_time
        seconds = max(1, math.ceil(reset - time.time()))
        raise Problem(
            kind="rate",
            status=429,
            detail=f"more than {rate}: ask again in {seconds} s",
            headers={"retry-after": str(seconds)},
        )
