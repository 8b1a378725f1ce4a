"""The hidden fields of HKEXnews' search pages: what an answer carries and the next question needs.

A state belongs to its page and ages: it is refused when it was altered, is of another page, is
older than ``LIFE`` or when a hidden field is missing. How strict the real server is has not been
seen; it took the same state for any date for years.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from market_assets.sandbox.hkex.days import day_in, today
from market_assets.sandbox.messages import Answer

LIFE = timedelta(minutes=20)
MAGIC = b"\xff\x01\x0f\x0f\x05"
INVALID_DATE = "Your input date is invalid. Please re-enter."
HIDDEN = (
    "__EVENTTARGET",
    "__EVENTARGUMENT",
    "__VIEWSTATE",
    "__VIEWSTATEGENERATOR",
    "today",
    "sortBy",
    "sortDirection",
    "originalShareholdingDate",
    "alertMsg",
)
REFUSED = Answer(
    body=b"""<!DOCTYPE html>
<html><head><title>Error</title></head><body>
<h1>The state information is invalid for this page and might be corrupted.</h1>
</body></html>
"""
)
"""The answer to a refused state; a new GET helps. Invented after ASP.NET's own words."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """A search page's own part of the hidden fields."""

    page: str
    generator: str
    sort_by: str
    direction: str

    def fields(self, now: datetime, *, shown: date, alert: str) -> dict[str, str]:
        """The hidden fields of an answer given at ``now`` that shows the day ``shown``."""
        return {
            "__EVENTTARGET": "",
            "__EVENTARGUMENT": "",
            "__VIEWSTATE": self._state(int(now.timestamp() * 1e6)),
            "__VIEWSTATEGENERATOR": self.generator,
            "today": f"{today(now):%Y%m%d}",
            "sortBy": self.sort_by,
            "sortDirection": self.direction,
            "originalShareholdingDate": f"{shown:%Y/%m/%d}",
            "alertMsg": alert,
        }

    def admits(self, form: Mapping[str, str], now: datetime) -> bool:
        """Whether ``form`` carries every hidden field, and a state of this page that is fresh."""
        if not set(HIDDEN) <= set(form) or form["__VIEWSTATEGENERATOR"] != self.generator:
            return False
        _, _, issued = form["__VIEWSTATE"].partition("+")
        stamp = issued.partition("+")[0]
        if not stamp.isdecimal() or form["__VIEWSTATE"] != self._state(int(stamp)):
            return False
        age = now - datetime.fromtimestamp(int(stamp) / 1e6, UTC)
        return -timedelta(seconds=1) <= age <= LIFE

    def _state(self, stamp: int) -> str:
        seal = hashlib.sha256(f"{self.page} {stamp}".encode()).digest()[:20]
        return f"/wEPDwUJ+{stamp}+{b64encode(MAGIC + seal).decode()}"


def posted_day(form: Mapping[str, str], field: str) -> date | None:
    """The day in ``field``, None where it is not YYYY/MM/DD."""
    return day_in(form.get(field, ""), "%Y/%m/%d")


def hidden_inputs(fields: Mapping[str, str]) -> str:
    """The fields as the page writes them: an empty one without a value, but for the events'."""
    return "\n".join(
        f'<input type="hidden" name="{name}" id="{name}"'
        + (f' value="{value}"' if value or name.startswith("__EVENT") else "")
        + " />"
        for name, value in fields.items()
    )
