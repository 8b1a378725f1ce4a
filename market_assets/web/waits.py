"""How long to wait before asking again: what the server says, else back-off with jitter."""

import math
import re
import zlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after(value: str | None, *, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks for (RFC 9110 10.2.3), None without a clear one.

    Its value is a whole number of seconds or an HTTP date; a date gone by asks for 0.
    """
    if value is None:
        return None
    stated = value.strip()
    if re.fullmatch(r"[0-9]{1,9}", stated):
        return float(stated)
    try:
        instant = parsedate_to_datetime(stated)
    except (ValueError, OverflowError):
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return max(0.0, math.ceil((instant - now).total_seconds()))


def backoff(attempt: int, *, first: float, seed: str) -> float:
    """Seconds before the next attempt: ``first`` doubled each time, times 0.5 to 1.5.

    The jitter comes from ``seed``, which differs between askers, so that a run can be repeated.
    """
    return first * 2**attempt * (0.5 + zlib.crc32(f"{seed} {attempt}".encode()) / 2**32)
