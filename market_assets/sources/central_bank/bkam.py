"""Bank Al-Maghrib's web pages (bkam.ma): rates of exchange, of the money market, of its council.

Two sources of one host: ``bkam`` asks the pages that change every day, ``bkam_seldom`` those that
change a few times a year or no longer. Both read any of the pages, which are told apart by their
headings, so a saved page may be filed under either. French pages only: the English ones print the
same figures with other marks.
"""

from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser

from market_assets.sources.central_bank import (
    exchange_pages,
    money_market_pages,
    rates_pages,
    titled_pages,
)
from market_assets.sources.central_bank.bkam_requests import history, seldom, snapshot
from market_assets.sources.central_bank.bkam_rows import Said
from market_assets.sources.central_bank.bkam_tables import Page, Table, page_of
from market_assets.sources.central_bank.frozen_tables import frozen_line, frozen_name
from market_assets.sources.central_bank.subjects import SUBJECTS
from market_assets.sources.reading import body_text
from market_assets.sources.rows import stamped
from market_assets.sources.source import Parsed, Refused, Source
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage
from market_assets.web.messages import Capture

READERS: dict[tuple[str, ...], Callable[[Table, Page], Said]] = {
    exchange_pages.BANKNOTE_HEADINGS: exchange_pages.banknote_rates,
    money_market_pages.INTERBANK_HEADINGS: money_market_pages.interbank,
    money_market_pages.MONIA_HEADINGS: money_market_pages.monia,
    money_market_pages.CURVE_HEADINGS: money_market_pages.curve,
    rates_pages.POLICY_HEADINGS: rates_pages.decisions,
    exchange_pages.REFERENCE_HEADINGS: exchange_pages.reference_rates,
}
"""How a table is read, by the headings it must have."""


def parse(capture: Capture) -> Parsed:
    """What the tables of a page or an export say, whichever it is."""
    page = page_of(capture)
    said: list[Said] = []
    frozen: list[Refused] = []
    for table in page.tables:
        if frozen_name(table):
            frozen.append(frozen_line(table, page, capture))
        elif table.headings != rates_pages.RELEASES_HEADINGS:
            said.append(_reader(table, page)(table, page))
    if not page.tables:
        _refuse_without_table(capture)
    refused = (*frozen, *(line for part in said for line in part.refused))
    rows = {
        subject: [row for part in said if part.subject == subject for row in part.rows]
        for subject in {part.subject for part in said}
    }
    for subject, found in rows.items():
        if not found:
            why = f": {refused[0].reason}" if refused else ""
            raise EmptyPage(f"{capture.key} states nothing of {subject}{why}")
    tables = {
        subject: stamped(found, SUBJECTS[subject], capture) for subject, found in rows.items()
    }
    fingerprints = {
        f"{page.title} {place}": table.fingerprint
        for place, table in enumerate(page.tables, start=1)
        if page.title
    }
    return Parsed(tables=tables, refused=refused, fingerprints=fingerprints)


def _reader(table: Table, page: Page) -> Callable[[Table, Page], Said]:
    """How to read a table: the reader that knows the most of its headings, if it has them all.

    Of some pages nothing is known but the title.
    """
    if page.title in titled_pages.READERS:
        return titled_pages.READERS[page.title]
    if rates_pages.SURVEY in table.classes.split():
        return rates_pages.survey
    there = set(table.headings)
    known = max(READERS, key=lambda names: (len(there & {*names}) / len(names), len(names)))
    if missing := [name for name in known if name not in there]:
        raise LayoutChanged(f"no table is known that is headed {table.headings}: lacks {missing}")
    return READERS[known]


def _refuse_without_table(capture: Capture) -> None:
    page = LexborHTMLParser(capture.body)
    if said := page.css_first("div.block-table p"):
        raise EmptyPage(f"{capture.key} says: {' '.join(said.text().split())}")
    if "bkam" not in body_text(capture):
        raise NotThisPage(f"{capture.url} is no page of Bank Al-Maghrib")
    raise LayoutChanged(f"the page of {capture.key} has no table of the bank's kind")


TERMS = "Official statistics of the central bank; nobody has read its site's terms of use."
SEEN = (
    "Not tried live. Seen raw, of July 2026: the pages of reference rates, interbank rate, MONIA,"
    " curve, decisions, lending rates, and the two frozen ones."
)

SOURCE = Source(
    name="bkam",
    market="central_bank",
    publisher="Bank Al-Maghrib",
    base_url="https://www.bkam.ma",
    group="bkam",
    gives=frozenset({"exchange_rates", "treasury_curve", "observations"}),
    terms=TERMS,
    caution=(
        "Servers' addresses may be refused. MONIA is published a business day late, interbank rate"
        " and curve the next morning; reference rates appear in the afternoon."
    ),
    verified=(
        f"{SEEN} Described but not seen: the page of banknotes, whose date is taken to be that of"
        " its form; the Sunday columns (one derived table and their headings); the exports (three"
        " clients agree, one got an empty one). That old dates are honoured: from clients only."
        " Of the page of interventions the days and amounts that one client read in July 2025."
    ),
    parse=parse,
    snapshot=snapshot,
    history=history,
    official=True,
)

SELDOM_SOURCE = Source(
    name="bkam_seldom",
    market="central_bank",
    publisher="Bank Al-Maghrib",
    base_url=SOURCE.base_url,
    group="bkam",
    gives=frozenset({"observations"}),
    terms=TERMS,
    caution=(
        "Decisions are typed by hand and lag; the survey is quarterly, reserve assets are weekly:"
        " an English page was eight months old. Interbank bid and ask"
        " (2021), auctions of currencies (2022), the maximum rate (2017) and the references of"
        " variable rates (2016) are frozen and only put aside."
    ),
    verified=(
        f"{SEEN} Not seen: how many editions ago a survey is still revised. Of the page of reserve"
        " assets the two days, the label and the one figure that one client read in July 2025."
    ),
    parse=parse,
    snapshot=seldom,
    official=True,
)
