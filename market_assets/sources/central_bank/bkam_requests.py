"""Which pages of Bank Al-Maghrib are asked, and how their forms and exports are asked for days.

- Of official reserve assets and outstanding interventions the addresses are those of the menu.
- A request without a User-Agent is answered 403; an honest one is let in.
- ``history`` asks for days by the pages' own forms (``date`` and ``block``) and for the curve by
  its export; the exports of the interbank rate and of MONIA hold up to the first thousand rows.
  The page of interventions shows thirty days, and nobody knows how it is asked for others.
  Addresses of exports are taken from the page. Rows go to the days that answers state.
"""

from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser

from market_assets.sources.central_bank.bkam_tables import DAY, EXPORT
from market_assets.sources.source import Ask
from market_assets.web.failures import LayoutChanged
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
INTERVENTIONS = (
    "/Politique-monetaire/Cadre-operationnel/Dispositif-d-intervention-sur-le-marche-monetaire"
    "/Encours-des-interventions"
)
DAILY = {
    "reference_rates": REFERENCE,
    "banknotes": BANKNOTES,
    "interbank": INTERBANK,
    "monia": MONIA,
    "curve": CURVE,
    "interventions": INTERVENTIONS,
}
SELDOM = {
    "policy_rate": (
        "/Politique-monetaire/Cadre-strategique/Decision-de-la-politique-monetaire"
        "/Historique-des-decisions"
    ),
    "lending_rates": "/Marches/Taux-d-interet/Taux-debiteurs",
    "reserve_assets": "/Statistiques/Avoirs-officiels-de-reserve",
    "bid_and_ask": f"{MARKETS}/Marche-monetaire/Taux-de-reference-du-marche-interbancaire",
    "currency_auctions": f"{MARKETS}/Marche-des-changes/Resultats-des-adjudications-en-devises",
}
"""The last two are frozen; they are asked so that a day on which they live again is seen."""


def snapshot(_ask: Ask) -> Conversation:
    """The pages that change every day."""
    for key, path in DAILY.items():
        yield Request(key=key, path=path)


def seldom(_ask: Ask) -> Conversation:
    """The pages that change a few times a year, and the frozen ones."""
    for key, path in SELDOM.items():
        yield Request(key=key, path=path)


def history(ask: Ask) -> Conversation:
    """What is long, then rates and curve of each session, the newest first.

    Last the page that nobody has published: a failure of it ends nothing.
    """
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
    yield Request(key="interventions", path=INTERVENTIONS)


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
