"""Bank Al-Maghrib's web pages (bkam.ma): rates of exchange, of the money market, of its council.

Two sources of one host: ``bkam`` asks the pages that change every day, ``bkam_seldom`` those that
change a few times a year or no longer. Both read any of the pages, which are told apart by their
headings, so a saved page may be filed under either. French pages only: the English ones print the
same figures with other marks.

- Not asked: the outstanding amount of interventions, whose layout nobody has described. Its
  address is in the menu (``.../Dispositif-d-intervention-sur-le-marche-monetaire/
  Encours-des-interventions``).
- A page without a User-Agent is answered 403; an honest one is let in.
- ``history`` asks for days by the pages' own forms (``date`` and ``block``) and for the curve by
  its export; the exports of the interbank rate and of MONIA hold up to the first thousand rows.
  Addresses of exports are taken from the page. Rows go to the days that answers state.
"""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser

from market_assets.sources.central_bank import exchange_pages, money_market_pages, rates_pages
from market_assets.sources.central_bank.bkam_rows import Said
from market_assets.sources.central_bank.bkam_tables import DAY, EXPORT, Page, Table, page_of
from market_assets.sources.central_bank.frozen_tables import frozen_line, frozen_name
from market_assets.sources.central_bank.subjects import SUBJECTS
from market_assets.sources.reading import body_text
from market_assets.sources.rows import stamped
from market_assets.sources.source import Ask, Parsed, Refused, Source
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

MARKETS = "/Marches/Principaux-indicateurs"
REFERENCE = f"{MARKETS}/Marche-des-changes/Cours-de-change/Cours-de-reference"
BANKNOTES = f"{MARKETS}/Marche-des-changes/Cours-de-change/Cours-des-billets-de-banque-etrangers"
INTERBANK = f"{MARKETS}/Marche-monetaire/Marche-monetaire-interbancaire"
MONIA = f"{MARKETS}/Marche-monetaire/Indice-monia-moroccan-overnight-index-average"
CURVE = (
    f"{MARKETS}/Marche-obligataire/Marche-des-bons-de-tresor/Marche-secondaire"
    "/Taux-de-reference-des-bons-du-tresor"
)
DAILY = {
    "reference_rates": REFERENCE,
    "banknotes": BANKNOTES,
    "interbank": INTERBANK,
    "monia": MONIA,
    "curve": CURVE,
}
SELDOM = {
    "policy_rate": (
        "/Politique-monetaire/Cadre-strategique/Decision-de-la-politique-monetaire"
        "/Historique-des-decisions"
    ),
    "lending_rates": "/Marches/Taux-d-interet/Taux-debiteurs",
    "bid_and_ask": f"{MARKETS}/Marche-monetaire/Taux-de-reference-du-marche-interbancaire",
    "currency_auctions": f"{MARKETS}/Marche-des-changes/Resultats-des-adjudications-en-devises",
}
"""The last two are frozen; they are asked so that a day on which they live again is seen."""

READERS: dict[tuple[str, ...], Callable[[Table, Page], Said]] = {
    exchange_pages.BANKNOTE_HEADINGS: exchange_pages.banknote_rates,
    money_market_pages.INTERBANK_HEADINGS: money_market_pages.interbank,
    money_market_pages.MONIA_HEADINGS: money_market_pages.monia,
    money_market_pages.CURVE_HEADINGS: money_market_pages.curve,
    rates_pages.POLICY_HEADINGS: rates_pages.decisions,
    exchange_pages.REFERENCE_HEADINGS: exchange_pages.reference_rates,
}
"""How a table is read, by the headings it must have."""


def snapshot(_ask: Ask) -> Conversation:
    """The pages that change every day."""
    for key, path in DAILY.items():
        yield Request(key=key, path=path)


def seldom(_ask: Ask) -> Conversation:
    """The pages that change a few times a year, and the frozen ones."""
    for key, path in SELDOM.items():
        yield Request(key=key, path=path)


def history(ask: Ask) -> Conversation:
    """The long exports, then rates and curve of each session, the newest first."""
    for key, path in (("interbank", INTERBANK), ("monia", MONIA)):
        page = yield Request(key=key, path=path)
        yield _export(page, key=f"{key}.csv", referer=path, date=None)
    blocks: dict[str, str] = {}
    for key, path in (("reference_rates", REFERENCE), ("banknotes", BANKNOTES)):
        blocks[key] = _block((yield Request(key=key, path=path)))
    curve = yield Request(key="curve", path=CURVE)
    for session in reversed(ask.sessions):
        for key, block in blocks.items():
            yield Request(
                key=f"{key}/{session}",
                path=DAILY[key],
                params={"date": f"{session:{DAY}}", "block": block},
            )
        yield _export(curve, key=f"curve.csv/{session}", referer=CURVE, date=f"{session:{DAY}}")


def parse(capture: Capture) -> Parsed:
    """What the tables of a page or an export say, whichever it is."""
    page = page_of(capture)
    said: list[Said] = []
    frozen: list[Refused] = []
    for table in page.tables:
        if frozen_name(table):
            frozen.append(frozen_line(table, page, capture))
        elif table.headings != rates_pages.RELEASES_HEADINGS:
            said.append(_reader(table)(table, page))
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
    return Parsed(tables=tables, refused=refused)


def _reader(table: Table) -> Callable[[Table, Page], Said]:
    """How to read a table: the reader that knows the most of its headings, if it has them all."""
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


def _block(page: Capture) -> str:
    """The block that a page's form sends with a date."""
    field = LexborHTMLParser(page.body).css_first("form.form-filter input[name=block]")
    block = (field.attributes.get("value") or "") if field else ""
    if not block:
        raise LayoutChanged(f"the form of {page.key} has no block")
    return block


def _export(page: Capture, *, key: str, referer: str, date: str | None) -> Request:
    """The question for the export that ``page`` links to."""
    link = LexborHTMLParser(page.body).css_first("a.link-CSV")
    address = (link.attributes.get("href") or "") if link else ""
    if not address.startswith(EXPORT):
        raise LayoutChanged(f"the page of {page.key} links to no export")
    parts = urlsplit(address)
    return Request(
        key=key,
        path=parts.path,
        params=dict(parse_qsl(parts.query)) | ({"date": date} if date else {}),
        headers={"Accept": "text/csv"},
        referer=referer,
    )


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
        "Decisions are typed by hand and lag; the survey is quarterly. Interbank bid and ask"
        " (2021), auctions of currencies (2022), the maximum rate (2017) and the references of"
        " variable rates (2016) are frozen and only put aside."
    ),
    verified=f"{SEEN} Not seen: how many editions ago a survey is still revised.",
    parse=parse,
    snapshot=seldom,
    official=True,
)
