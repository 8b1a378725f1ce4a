"""Bank Al-Maghrib's monetary series: workbooks that are found by their links on one page.

The page lists some forty series, whose addresses change with each edition and whose names mix
accents, capitals and spaces: a link is known by its letters alone. Three series are read, those
whose rows somebody has seen: bank credit by object and by sector, and the monetary aggregates.
Its neighbours have similar names (the crossed breakdown by object *and* sector, the claims of
non-banks by object) and are other series.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from market_assets.sources.central_bank.bkam_rows import observations
from market_assets.sources.central_bank.catalogue import labels
from market_assets.sources.central_bank.series_workbook import (
    Workbook,
    amounts,
    letters,
    row_text,
    workbook,
)
from market_assets.sources.central_bank.subjects import SUBJECTS
from market_assets.sources.reading import body_bytes, body_text
from market_assets.sources.rows import stamped
from market_assets.sources.sheets import ARCHIVE
from market_assets.sources.source import Ask, Parsed, Refused, Source
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

HOST = "www.bkam.ma"
PAGE = "/Statistiques/Statistiques-monetaires/Series-statistiques-monetaires"
SERIES = {
    "credit_by_object": "ventilationducreditbancaireparobjeteconomique",
    "credit_by_sector": "ventilationducreditbancaireparsecteurinstitutionnel",
    "monetary_aggregates": "agregatsdemonnaie",
}
"""The letters in a link's text or address, by the key of the series."""


def snapshot(_ask: Ask) -> Conversation:
    """The page, then each of the series it links to: whole, as the bank revises them."""
    page = yield Request(key="series", path=PAGE)
    for key, path in links(page).items():
        yield Request(key=key, path=path, referer=PAGE)


def links(page: Capture) -> dict[str, str]:
    """The path of the first workbook of each series on ``page``, by its key."""
    found: dict[str, str] = {}
    for link in LexborHTMLParser(page.body).css("a[href]"):
        address = urlsplit((link.attributes.get("href") or "").strip())
        path = unquote(address.path)
        if address.netloc in {"", HOST} and path.casefold().endswith(".xlsx"):
            named = (letters(link.text()), letters(path.rpartition("/")[2]))
            for key, name in SERIES.items():
                if any(name in text for text in named):
                    found.setdefault(key, path)
    return found


def parse(capture: Capture) -> Parsed:
    """The amounts of a workbook by month; of the page itself, which series it does not link to."""
    if body_bytes(capture).startswith(ARCHIVE):
        return _amounts(capture)
    text = body_text(capture)
    if not text.startswith("<") or "bkam" not in text:
        raise NotThisPage(f"neither a workbook nor the page of series at {capture.url}")
    found = links(capture)
    if not found:
        raise LayoutChanged(f"{capture.key} links to none of the series {[*SERIES]}")
    return Parsed(
        refused=tuple(
            Refused(text=name, reason=f"the page does not link to the series {key}")
            for key, name in SERIES.items()
            if key not in found
        )
    )


def _amounts(capture: Capture) -> Parsed:
    book = workbook(capture)
    known = _known(book)
    seen = Counter(letters(row[0]) for row in book.rows)
    rows: list[dict[str, Any]] = []
    refused = list(book.refused)
    for row in book.rows:
        label = letters(row[0])
        if label not in known:
            reason = f"{row[0]!r} is no category of the series that is known"
            refused.append(Refused(text=row_text(row), reason=reason))
        elif seen[label] > 1:
            reason = f"{seen[label]} rows are called {row[0]!r}"
            refused.append(Refused(text=row_text(row), reason=reason, kind="conflicting_rows"))
        else:
            stated, unread = amounts(book, row)
            refused += unread
            for end, value in stated.items():
                rows += observations(end, {known[label]: value}, published=None)
    missing = [label for label in known if label not in seen]
    refused += [Refused(text=label, reason=f"no row of {known[label]}") for label in missing]
    if not rows:
        why = f": {refused[0].reason}" if refused else ""
        raise EmptyPage(f"{capture.key} states no amount{why}")
    tables = {"observations": stamped(rows, SUBJECTS["observations"], capture)}
    return Parsed(tables=tables, refused=tuple(refused))


def _known(book: Workbook) -> Mapping[str, str]:
    """The categories of the series that most of the rows are of, by their letters."""
    there = {letters(row[0]) for row in book.rows}
    known = max((_categories(key) for key in SERIES), key=lambda names: len(there & {*names}))
    if len(there & {*known}) * 2 <= len(known):
        raise LayoutChanged(
            f"no series is known with the categories {sorted(there)[:5]} of {book.title!r}"
        )
    return known


@cache
def _categories(key: str) -> dict[str, str]:
    return {letters(label): indicator for label, indicator in labels(key).items()}


SOURCE = Source(
    name="bkam_series",
    market="central_bank",
    publisher="Bank Al-Maghrib",
    base_url=f"https://{HOST}",
    group="bkam",
    gives=frozenset({"observations"}),
    terms="Official statistics of the central bank; nobody has read its site's terms of use.",
    caution=(
        "Servers' addresses may be refused. Each edition is the whole series since December 2001"
        " and may revise any month; no day of publication is stated."
    ),
    verified=(
        "Not tried live, and no workbook was seen. From a client's own account and output (July"
        " 2026): the order title, unit, months, categories and the categories of credit, their"
        " spaces lost. From two clients: the file of the aggregates, its first sheet, months in the"
        " third row, ND, and the words of its categories; which of its rows there are besides, and"
        " how it words its unit, is not known. The page was not seen: that its links end in .xlsx"
        " is from a client."
    ),
    parse=parse,
    snapshot=snapshot,
    official=True,
)
