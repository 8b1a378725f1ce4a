"""From the items of a central bank's answer to rates; knows no bank.

What is wrong with one item is a ``ValueError``, which puts that item aside.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple, TypeVar

from market_assets.domain.currencies.rows import RATES
from market_assets.sources.rows import stamped
from market_assets.sources.source import Parsed, Refused
from market_assets.web.failures import EmptyPage
from market_assets.web.messages import Capture

Item = TypeVar("Item")


class Rate(NamedTuple):
    """``rate`` of ``quote`` for one of ``base`` on ``reference_date``."""

    base: str
    quote: str
    reference_date: date
    rate: float


def rates(
    items: Iterable[Item],
    read: Callable[[Item], Rate | None],
    text: Callable[[Item], str],
    capture: Capture,
) -> Parsed:
    """What ``read`` makes of each item: a rate, or None where the item states none.

    Of a pair and a day equal rates are one; where they differ, all are put aside. EmptyPage where
    no item states a rate that can be used.
    """
    stated: dict[tuple[str, str, date], list[tuple[Rate, str]]] = defaultdict(list)
    refused: list[Refused] = []
    for item in items:
        try:
            rate = read(item)
        except ValueError as error:
            refused.append(Refused(text=text(item), reason=str(error)))
            continue
        if rate is not None:
            stated[rate[:3]].append((rate, text(item)))
    kept: list[Rate] = []
    for (base, quote, day), same in stated.items():
        if len({rate.rate for rate, _ in same}) == 1:
            kept.append(same[0][0])
            continue
        reason = f"{len(same)} rates of {quote} for {base} on {day} differ"
        refused += [
            Refused(text=said, reason=reason, kind="conflicting_rows", session=day)
            for _, said in same
        ]
    if not kept:
        raise EmptyPage(refused[0].reason if refused else f"{capture.key}: no rate is stated")
    frame = stamped((rate._asdict() for rate in kept), RATES, capture)
    return Parsed(tables={"rates": frame}, refused=tuple(refused))


def positive(value: float) -> float:
    """A rate above 0; else ValueError."""
    if value <= 0:
        raise ValueError(f"a rate of {value}")
    return value


def mid(buying: float, selling: float) -> float:
    """Half-way between what a bank buys and sells at; ValueError where they are crossed."""
    if positive(buying) > selling:
        raise ValueError(f"buys at {buying}, above the {selling} it sells at")
    return (buying + selling) / 2


def item_text(item: Mapping[str, str]) -> str:
    """The fields of a row, as they came."""
    return " | ".join(item.values())
