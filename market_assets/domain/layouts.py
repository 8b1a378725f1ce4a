"""Which pages are built otherwise than any of their kind before: drift."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

PAGE_LAYOUTS = pl.Schema(
    {
        "session": pl.Date,
        "source": pl.String,
        "page": pl.String,
        "layout": pl.String,
        "usable": pl.Boolean,
        "pages": pl.Int64,
        "capture_id": pl.String,
        "known_at": pl.Datetime("us", "UTC"),
    }
)
"""``pages`` of one kind (``page``) and fingerprint that were asked for a session; the capture is
the first of them. Not ``usable``: the parser refuses them for their layout."""


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A layout that is new for its kind of page; ``was`` is the newest usable one before it."""

    source: str
    page: str
    session: date
    was: str
    layout: str

    def __str__(self) -> str:
        """In words, for people."""
        return f"{self.source} {self.page} of {self.session}: was {self.was}, is {self.layout}"


def drifts(layouts: pl.DataFrame) -> Iterator[Drift]:
    """The drifts in ``layouts`` (PAGE_LAYOUTS), in the order in which they were captured.

    The first pages of a kind have nothing to be compared with. A layout that could be used is
    known from then on; one that could not drifts each time.
    """
    seen: dict[tuple[str, str], list[str]] = {}
    for row in layouts.sort("known_at", "source", "page", "layout").iter_rows(named=True):
        known = seen.setdefault((row["source"], row["page"]), [])
        if known and row["layout"] not in known:
            yield Drift(
                **{name: row[name] for name in ("source", "page", "session", "layout")},
                was=known[-1],
            )
        if row["usable"]:
            known[:] = [layout for layout in known if layout != row["layout"]] + [row["layout"]]
