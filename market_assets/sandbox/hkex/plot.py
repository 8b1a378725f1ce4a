"""What is arranged to happen to the stocks of the invented Southbound, and on which session.

A session's place among the Southbound sessions decides: every cycle of 50 has each event of
``OFFSETS`` once, each time on another stock, so any 60 sessions of Hong Kong hold each at least
once. What goes wrong at the publishers is in ``mischief``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CYCLE = 50

OFFSETS = {
    "renamed": 2,
    "became_eligible": 4,
    "split": 6,
    "exit": 10,
    "left_list": 12,
    "temporary_counter": 14,
    "new_holding": 16,
    "pause": 20,
    "original_counter": 24,
    "reentry": 30,
    "delisted": 34,
    "moved_board": 38,
    "recycled": 40,
    "consolidation": 42,
}
"""Event -> its place in the cycle.

renamed: another name under the same code. became_eligible: on the lists, held only from
new_holding on. split: without a temporary counter. exit: sold, the line stays listed. left_list:
sell-only, still held. temporary_counter: the holding stands under a 029xx code until
original_counter, when it is back with the shares multiplied. pause and reentry: nothing held from
the one to the other. delisted: the row and the listing vanish. moved_board: the code changes from
GEM to Main Board, the name does not. recycled: the code of what was delisted is given to another
company, which was not listed before; real ones wait for longer. consolidation: the shares are
divided.
"""

SAME_STOCK = {
    "new_holding": "became_eligible",
    "original_counter": "temporary_counter",
    "reentry": "pause",
}
"""Events that finish what another one began."""

SPLIT_LENGTH = OFFSETS["original_counter"] - OFFSETS["temporary_counter"]
"""For so many sessions the holding stands under the temporary code."""

RATIOS = (2, 5, 10)
DIVISORS = (10, 5, 20)
FIRST_TEMPORARY, TEMPORARY_CODES = 2901, 40
FIRST_GEM = 8701


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happens to the stock in ``column`` from Southbound session ``ordinal`` on.

    ``factor`` multiplies shares and issued shares. ``other_code`` is the temporary counter's, the
    former or the recycled code, 0 where there is none.
    """

    ordinal: int
    kind: str
    column: int
    factor: float = 1.0
    other_code: int = 0


def events(actors: Sequence[int], codes: Sequence[int], *, sessions: int) -> Iterator[Event]:
    """The events of the first ``sessions`` Southbound sessions.

    ``actors`` are columns of stocks, ``codes`` the code of each column. Stocks of cycles to come
    are cast too: what is not yet eligible is not held before.
    """
    beginnings = [kind for kind in OFFSETS if kind not in SAME_STOCK]
    for cycle in range(sessions // CYCLE + 1):
        cast = actors[cycle * len(beginnings) : (cycle + 1) * len(beginnings)]
        columns = dict(zip(beginnings, cast, strict=True))
        for kind, offset in OFFSETS.items():
            recycled = codes[columns["delisted"]] if kind == "recycled" else 0
            yield Event(
                ordinal=cycle * CYCLE + offset,
                kind=kind,
                column=columns[SAME_STOCK.get(kind, kind)],
                factor=_factor(kind, cycle),
                other_code=_other_code(kind, cycle) or recycled,
            )


def _factor(kind: str, cycle: int) -> float:
    if kind == "split":
        return RATIOS[cycle % len(RATIOS)]
    if kind == "original_counter":
        return RATIOS[(cycle + 1) % len(RATIOS)]
    return 1 / DIVISORS[cycle % len(DIVISORS)] if kind == "consolidation" else 1.0


def _other_code(kind: str, cycle: int) -> int:
    if kind in {"temporary_counter", "original_counter"}:
        return FIRST_TEMPORARY + cycle % TEMPORARY_CODES
    return FIRST_GEM + cycle if kind == "moved_board" else 0
