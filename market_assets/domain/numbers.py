"""How a publisher writes its numbers, and the one strict parser that reads them.

Not a guesser: ``1,234`` is a thousand or a fraction because the source declares which. What does
not fit the declared format is refused with its text quoted; nothing becomes NaN or infinite.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from functools import cached_property

FRENCH_GROUPS = ("\u00a0", "\u202f", " ")
"""No-break space, narrow no-break space and plain space, as French pages group thousands."""

LONGEST = 40
"""Characters. What is longer is no price, count or sum of money."""

EXACT = Context(prec=4 * LONGEST)


class UnreadableNumber(ValueError):
    """A text or JSON value that is not a number of the declared format; the message quotes it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class NumberFormat:
    """How one source writes numbers.

    ``groups``: the marks allowed between groups of three digits; one number keeps to one mark and
    may always come ungrouped. ``suffixes``: words after the number and what they multiply by
    ({"K": 1_000, "Md": 1_000_000_000, "MAD": 1}), optional, case-sensitive, with or without space
    before. ``percent``: the text ends in ``%``, and the value is the fraction. ``parentheses``:
    ``(12)`` is -12. ``empty``: texts, without surrounding space, that state nothing. A sign is
    ``+``, ``-`` or U+2212 against the first digit.
    """

    decimal: str
    groups: tuple[str, ...] = ()
    suffixes: Mapping[str, int] = field(default_factory=dict[str, int])
    percent: bool = False
    parentheses: bool = False
    empty: tuple[str, ...] = ("", "-")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a number looks like, without parentheses."""
        mark = "|".join(map(re.escape, self.groups)) or "(?!)"
        units = rf"[1-9][0-9]{{0,2}}(?P<mark>{mark})[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*"
        units = rf"{units}|0|[1-9][0-9]*"
        suffix = "|".join(map(re.escape, sorted(self.suffixes, key=len, reverse=True)))
        return re.compile(
            rf"(?P<sign>[+\-\u2212]?)(?P<units>{units})"
            rf"(?:{re.escape(self.decimal)}(?P<fraction>[0-9]+))?"
            + (rf"(?:\s*(?P<suffix>{suffix}))?" if suffix else "(?P<suffix>)")
            + (r"\s*%" if self.percent else "")
        )


def number(text: str, form: NumberFormat) -> float | None:
    """The value of ``text``, or None where it states nothing; else UnreadableNumber."""
    exact = _exact(text, form)
    return None if exact is None else float(exact)


def whole(text: str, form: NumberFormat) -> int | None:
    """The exact count in ``text`` (``150.0`` is 150, ``150.5`` is refused), or None."""
    exact = _exact(text, form)
    return None if exact is None else _count(exact, text)


def json_number(value: object, *, strings: NumberFormat | None) -> float | None:
    """The value of a parsed JSON number; null is None.

    A string passes only in the format ``strings``. Booleans, NaN and infinities are refused.
    """
    exact = _json_exact(value, strings)
    return None if exact is None else float(exact)


def json_whole(value: object, *, strings: NumberFormat | None) -> int | None:
    """The exact count in a parsed JSON number (150.0 is 150, 150.5 is refused); null is None."""
    exact = _json_exact(value, strings)
    return None if exact is None else _count(exact, value)


def _exact(text: str, form: NumberFormat) -> Decimal | None:
    bare = text.strip()
    if bare in form.empty:
        return None
    bracketed = form.parentheses and bare.startswith("(") and bare.endswith(")")
    match = form.pattern.fullmatch(bare[1:-1] if bracketed else bare)
    if match is None or len(bare) > LONGEST or (bracketed and match["sign"]):
        raise UnreadableNumber(f"{text!r} is not a number as this source writes them")
    sign, units, mark, fraction, suffix = match.group("sign", "units", "mark", "fraction", "suffix")
    size = Decimal(f"{units.replace(mark, '') if mark else units}.{fraction or 0}")
    size = EXACT.multiply(size, form.suffixes[suffix]) if suffix else size
    size = size.scaleb(-2, EXACT) if form.percent else size
    negative = bracketed or sign in {"-", "\u2212"}
    return size.copy_negate() if negative and size else size


def _json_exact(value: object, strings: NumberFormat | None) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, str) and strings:
        return _exact(value, strings)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadableNumber(f"{value!r} is not a JSON number")
    exact = Decimal(value)
    if not exact.is_finite() or exact.adjusted() > LONGEST:
        raise UnreadableNumber(f"{value!r} is not a finite number of a sensible size")
    return exact or Decimal(0)


def _count(exact: Decimal, said: object) -> int:
    if exact != exact.to_integral_value(context=EXACT) or abs(exact) >= 2**63:
        raise UnreadableNumber(f"{said!r} is not a whole number")
    return int(exact)
