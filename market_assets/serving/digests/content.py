"""What a digest holds before it is drawn, laid out or sent: facts, tables and charts as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import polars as pl

from market_assets.serving.digests.figures import Tone


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One value as people read it; ``note`` stands smaller beneath it."""

    text: str
    note: str = ""
    tone: Tone = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under headings; the columns after the first ``words`` ones hold numbers.

    ``empty`` is said where there is no row, ``more`` where rows were left out.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    words: int = 1
    title: str = ""
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class Bars:
    """A chart of horizontal or upright bars: labels, and a value of each.

    ``alt`` says in words what it shows, for who cannot see it.
    """

    name: str
    title: str
    alt: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    form: Literal["percent", "money"]
    upright: bool = False


@dataclass(frozen=True, kw_only=True)
class Section:
    """One subject of a digest; ``note`` says what a reader must know of it."""

    heading: str
    note: str = ""
    charts: tuple[Bars, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Digest:
    """A whole digest of ``day``; ``sheets`` are the rows behind it, for the workbook.

    ``sources`` are those that the rows rest on.
    """

    name: str
    day: date
    title: str
    mode: str
    published_at: datetime
    facts: tuple[tuple[str, Cell], ...]
    sections: tuple[Section, ...]
    sheets: Mapping[str, pl.DataFrame]
    sources: Sequence[str]

    @property
    def charts(self) -> tuple[Bars, ...]:
        """The charts of all sections, in order."""
        return tuple(chart for section in self.sections for chart in section.charts)

    @property
    def subject(self) -> str:
        """The subject of the message; what is invented says so first."""
        mark = "[SANDBOX, invented figures] " if self.mode == "sandbox" else ""
        return f"{mark}{self.title}"

    @property
    def stem(self) -> str:
        """The name of its files, without their endings."""
        return f"{self.name}-{self.day}"


def left_out(there: int, shown: int) -> str:
    """What is said of rows that are not shown."""
    return f"{there - shown} more in the workbook." if there > shown else ""
