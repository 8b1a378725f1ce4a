"""Numbers as people read them: thousands marks, units, signs; what is not stated reads "null"."""

from collections.abc import Callable

NULL = "null"
MINUS = "\N{MINUS SIGN}"
SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
Number = float | None


def plain(value: Number, *, digits: int) -> str:
    """``value`` with thousands marks: 1,234.50."""
    return NULL if value is None else f"{value:,.{digits}f}".replace("-", MINUS)


def signed(value: Number, *, digits: int, unit: str) -> str:
    """A change, marked by an arrow and a sign, so that no colour is needed."""
    if value is None:
        return NULL
    arrow = "▲ +" if value > 0 else f"▼ {MINUS}" if value < 0 else "● "
    return f"{arrow}{abs(value):,.{digits}f}{unit}"


def scaled(value: Number, unit: str) -> tuple[str, str]:
    """A large amount as a short number and the words after it: ("364.0", "million MAD")."""
    if value is None:
        return NULL, unit
    for size, word in SCALES:
        if abs(value) >= size:
            return plain(value / size, digits=1 if abs(value) >= 10 * size else 2), f"{word} {unit}"
    return plain(value, digits=0), unit


def change(value: Number, base: Number) -> Number:
    """By how much ``value`` is above ``base``, in percent; None where that says nothing."""
    return None if value is None or not base else (value / base - 1) * 100


def mapped(value: Number, rule: Callable[[float], float]) -> Number:
    """``rule`` of ``value``, None of None."""
    return None if value is None else rule(value)
