"""The pages of Shenzhen's list of what may be bought: how many there are, and whether one fits.

Not their rows' meaning, which is the subject of ``szse_southbound``.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from market_assets.domain.numbers import NumberFormat, json_whole
from market_assets.sources.reading import (
    as_list,
    as_object,
    body_text,
    json_value,
    stated,
    stated_day,
)
from market_assets.sources.rows import as_rows
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage
from market_assets.web.messages import Capture

PAGE_KEY = re.compile("eligible/([0-9]+)")
FIELDS = ("zqdm", "zqjc", "zqywjc")
FEWEST = 100
"""Lines. The list had 644 in 2026; so short a one is a part of it."""
MOST_PAGES = 100
COUNTS = NumberFormat(decimal=".")


@dataclass(frozen=True, kw_only=True)
class Edition:
    """What every page of one list says alike."""

    session: date
    pages: int
    records: int


def list_page(capture: Capture) -> tuple[Edition, list[dict[str, Any]]]:
    """What a page of the list says of the whole, and its own rows, which must fit it.

    EmptyPage for a page without rows and for a list too short to be all of it.
    """
    reports = as_list(json_value(body_text(capture), "a page of the list"), "a page of the list")
    if len(reports) != 1:
        raise LayoutChanged(f"a page of the list has {len(reports)} reports, not one")
    report = as_object(reports[0], "the report")
    metadata = as_object(stated(report, "metadata"), "metadata")
    items = as_rows(stated(report, "data") or [], fields=FIELDS, what="the page of the list")
    try:
        edition = Edition(
            session=stated_day(stated(metadata, "subname"), "%Y-%m-%d"),
            pages=_count(metadata, "pagecount"),
            records=_count(metadata, "recordcount"),
        )
        number = _number(metadata, capture)
    except ValueError as error:
        raise LayoutChanged(f"the metadata of the list: {error}") from error
    if edition.records < FEWEST:
        raise EmptyPage(f"held back: a list of {edition.records} lines, fewer than {FEWEST}")
    if not _fits(len(items), number, edition):
        raise LayoutChanged(
            f"{len(items)} rows on page {number} of {edition.pages} do not fit"
            f" the {edition.records} lines of the list"
        )
    return edition, items


def _number(metadata: dict[str, Any], capture: Capture) -> int | None:
    """The number of the page: as stated, and as asked for where that is known."""
    told = _count(metadata, "pageno") if "pageno" in metadata else None
    key = PAGE_KEY.fullmatch(capture.key)
    asked = int(key[1]) if key else None
    if told and asked and told != asked:
        raise NotThisPage(f"page {told} of the list, where page {asked} was asked for")
    return told or asked


def _fits(rows: int, number: int | None, edition: Edition) -> bool:
    """Whether a page of ``rows`` can be page ``number`` of so many lines on so many pages.

    All pages but the last have the same number of rows, which is not stated.
    """
    before, records = edition.pages - 1, edition.records
    if not before:
        return rows == records and number in {None, 1}
    others, left = divmod(records - rows, before)
    as_last = left == 0 and rows <= others
    as_full = rows * before < records <= rows * edition.pages
    if number is None:
        return as_last or as_full
    return as_last if number == edition.pages else as_full and number < edition.pages


def _count(metadata: dict[str, Any], name: str) -> int:
    count = json_whole(stated(metadata, name), strings=COUNTS)
    if not count or count < 0:
        raise ValueError(f"{name} is {metadata[name]!r}")
    if name == "pagecount" and count > MOST_PAGES:
        raise ValueError(f"{count} pages are more than {MOST_PAGES}")
    return count
