"""The Central Bank of West African States' reference rates: CFA francs for one of each currency.

``GET /fr/cours/get_all_reference_by_date?dateJour=YYYY-MM-DD`` answers a piece of HTML: a heading
"Cours des devises du lundi 16 mars 2026" and a table of French names and numbers ("1.953,0200").
Rows get the day of the heading. The euro is always 655,9570.

The one answer seen, headed 16 March 2026, has 1.0833 dollars to the euro where Frankfurt had 1.1478
that day: the rates under a heading may be old. ``domain.currencies.trust`` finds such tables.
"""

import re
from collections.abc import Mapping
from datetime import date

from parsel import Selector

from market_assets.domain.numbers import NumberFormat, number
from market_assets.sources.currencies.names import named
from market_assets.sources.currencies.rates import Rate, item_text, positive, rates
from market_assets.sources.french import MONTHS
from market_assets.sources.reading import body_text
from market_assets.sources.source import Ask, Parsed, Source
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage
from market_assets.web.messages import Capture, Conversation, Request

PATH = "/fr/cours/get_all_reference_by_date"
FRENCH = NumberFormat(decimal=",", groups=(".",))
HEADING = re.compile(r"Cours des devises du (?:[a-z]+ )?([0-9]{1,2})(?:er)? ([^\W\d]+) ([0-9]{4})")
HEADINGS = ["Devise", "CFA"]
CELLS = 2


def conversation(ask: Ask) -> Conversation:
    """One question per session."""
    for session in ask.sessions:
        yield Request(key=f"rates/{session}", path=PATH, params={"dateJour": session.isoformat()})


def parse(capture: Capture) -> Parsed:
    """The rates of the day in the heading."""
    body_text(capture)
    page = Selector(body=capture.body, encoding="utf-8", type="html").root
    day = _day(" ".join(" ".join(page.itertext()).split()))
    rows = [[" ".join(cell.itertext()).strip() for cell in row] for row in page.iter("tr")]
    if not rows:
        raise EmptyPage(f"{capture.key}: a heading of {day} and no table")
    if rows[0] != HEADINGS:
        raise LayoutChanged(f"the table is headed {rows[0]}, not {HEADINGS}")
    if b"</table" not in capture.body:
        raise LayoutChanged("the table breaks off before its end")

    def read(row: Mapping[str, str]) -> Rate | None:
        if len(row) != CELLS:
            raise ValueError(f"{len(row)} cells under {CELLS} headings")
        currency, unit = named("bceao", row["0"])
        value = number(row["1"], FRENCH)
        if value is None or currency is None:
            return None
        return Rate(currency, "XOF", day, positive(value) / unit)

    cells = [{str(place): text for place, text in enumerate(row)} for row in rows[1:]]
    return rates(cells, read, item_text, capture)


def _day(text: str) -> date:
    found = HEADING.search(text)
    if found is None:
        raise NotThisPage(f"no heading of rates: {text[:60]!r}")
    if found[2].casefold() not in MONTHS:
        raise LayoutChanged(f"the heading names no month: {found[0]!r}")
    try:
        return date(int(found[3]), MONTHS.index(found[2].casefold()) + 1, int(found[1]))
    except ValueError as error:
        raise LayoutChanged(f"the heading names no day: {found[0]!r}") from error


SOURCE = Source(
    name="bceao",
    market="africa",
    publisher="Banque Centrale des États de l'Afrique de l'Ouest",
    base_url="https://www.bceao.int",
    group="bceao",
    gives=frozenset({"rates"}),
    terms="Public page of the bank; nobody has read terms that allow publishing again.",
    caution=(
        "One question for each day; on Sundays the currencies of the Gulf alone. The rates of the"
        " one answer seen are 6 % from Frankfurt's on the day in its heading."
    ),
    verified=(
        "Not tried live. Seen: the answer of 2026-03-16. From a public client: that Sundays have"
        " rates of the Gulf. Not seen: the answer of a day without rates (no table, or another"
        " day's heading, is expected), accents as the server sends them (UTF-8 is expected)."
    ),
    parse=parse,
    snapshot=conversation,
    history=conversation,
    official=True,
)
