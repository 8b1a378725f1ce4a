"""Faults that publishers are given, and those that many have alike; when they come is not told."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import NamedTuple

from market_assets.sandbox.messages import Answer

RETRY_AFTER = 2


class Fault(NamedTuple):
    """What ``source`` does where the ordinal of the day leaves ``at`` when divided by its cycle."""

    at: int
    name: str
    source: str
    what: str


class Passing:
    """Remembers which of the faults called ``names`` are over: they come once on each day."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._met: Counter[tuple[Fault, Hashable]] = Counter()

    def comes(self, fault: Fault, day: Hashable) -> bool:
        """Whether ``fault`` comes now, on being met on ``day``."""
        self._met[fault, day] += 1
        return fault.name not in self._names or self._met[fault, day] == 1


def torn(answer: Answer) -> Answer:
    """``answer``, breaking off half-way."""
    return replace(answer, torn=True)


DOWN = Answer(body=b"Service Unavailable", media_type="text/plain", status=503)
TOO_MANY = Answer(
    body=b"Too Many Requests",
    media_type="text/plain",
    status=429,
    headers={"Retry-After": str(RETRY_AFTER)},
)
FORBIDDEN = Answer(body=b"<!DOCTYPE html><html><body>Forbidden</body></html>", status=403)
REJECTED = Answer(
    body=b"<html><head><title>Request Rejected</title></head><body>The requested URL was rejected."
    b" Please consult with your administrator.</body></html>"
)
"""A page of a firewall, which answers 200."""
CHALLENGE = Answer(
    body=b"""<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>
<meta name="robots" content="noindex,nofollow"></head><body>
<noscript>Enable JavaScript and cookies to continue</noscript></body></html>""",
    status=403,
    headers={"Server": "cloudflare", "cf-mitigated": "challenge"},
)
