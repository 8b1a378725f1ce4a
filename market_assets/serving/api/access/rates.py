"""How often one may ask: a sliding window for each key, or for each address without one."""

import math
import time

from limits import RateLimitItem, parse

from market_assets.serving.api.access.identity import Principal
from market_assets.serving.api.problems import Problem


class Rates:
    """Counts the requests of this process."""

    def __init__(self, default: str) -> None:
        self._default = default
        self._counted: dict[str, Counted] = {}

    def count(self, principal: Principal, address: str) -> None:
        """Count one request; raises a problem where it is one too many."""
        rate = (principal.key and principal.key.rate) or self._default
        self._count(rate, f"key {principal.key.id}" if principal.key else f"address {address}")

    def count_refused(self, address: str) -> None:
        """Count one request of ``address`` that did not say who asks."""
        self._count(self._default, f"refused {address}")

    def _count(self, rate: str, who: str) -> None:
        counted = self._counted.get(rate) or self._counted.setdefault(rate, Counted(parse(rate)))
        wait = counted.hit(who, time.time())
        if wait is not None:
            seconds = max(1, math.ceil(wait))
            raise Problem(
                kind="rate",
                status=429,
                detail=f"more than {rate}: ask again in {seconds} s",
                headers={"retry-after": str(seconds)},
            )


class Counted:
    """The requests of all who have one rate, over a window that slides.

    Those of the window before count as far as that still reaches back, as if they had come evenly.
    The counter of ``limits`` for memory starts a thread every hundredth of a second that it is
    used, and the loop waits for each.
    """

    def __init__(self, rate: RateLimitItem) -> None:
        self._most, self._seconds = rate.amount, rate.get_expiry()
        self._window = 0.0
        self._before: dict[str, int] = {}
        self._now: dict[str, int] = {}

    def hit(self, who: str, now: float) -> float | None:
        """Count one request; where it is one too many, the seconds until another is allowed."""
        window, gone = divmod(now, self._seconds)
        if window != self._window:
            self._before = self._now if window == self._window + 1 else {}
            self._window, self._now = window, {}
        before, count = self._before.get(who, 0), self._now.get(who, 0)
        if math.floor(before * (1 - gone / self._seconds)) + count < self._most:
            self._now[who] = count + 1
            return None
        if count < self._most:
            return self._seconds * (1 - (self._most - count) / before) - gone
        return self._seconds - gone
