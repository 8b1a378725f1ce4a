"""Numbers as people read them in a message; null is a dash, never 0."""

from datetime import date
from typing import Literal

Tone = Literal["", "up", "down", "warn"]
NONE = "\N{EN DASH}"
SCALES = ((1e12, "T"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))


def whole(value: float | None) -> str:
    """For example "1,234,567"."""
    return NONE if value is None else f"{value:,.0f}"


def short(value: float | None, *, signed: bool = False) -> str:
    """For example "364.0 m", or "+2.67 m"; below a thousand the number itself."""
    if value is None:
        return NONE
    sign = "+" if signed and value > 0 else ""
    for scale, name in SCALES:
        # What rounds up to a thousand of a scale is one of the next.
        if abs(value) >= scale * 0.9995:
            scaled = value / scale
            return f"{sign}{scaled:,.{_places(scaled)}f} {name}"
    return f"{sign}{value:,.0f}"


def percent(value: float | None, *, signed: bool = False, places: int = 2) -> str:
    """For example "+1.20 %"; ``value`` is in percent."""
    if value is None:
        return NONE
    shown = round(value, places) + 0.0
    return f"{'+' if signed and shown > 0 else ''}{shown:,.{places}f} %"


def decimal(value: float | None, *, places: int = 2) -> str:
    """For example "344.40"."""
    return NONE if value is None else f"{value:,.{places}f}"


def day(value: date | None) -> str:
    """For example "20 Nov 2026"."""
    return NONE if value is None else f"{value.day} {value:%b %Y}"


def tone(value: float | None) -> Tone:
    """Whether a change goes up or down."""
    if not value:
        return ""
    return "up" if value > 0 else "down"


def _places(scaled: float) -> int:
    return 2 if abs(scaled) < 10 else 1 if abs(scaled) < 1000 else 0  # noqa: PLR2004 -- three digits
