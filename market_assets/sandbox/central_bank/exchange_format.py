"""The invented bank's pages and export of reference rates, and its page of banknotes."""

from datetime import date

from market_assets.sandbox.central_bank.figures import DAY, LEVELS, Figures, decimals
from market_assets.sandbox.central_bank.moment import Moment
from market_assets.sandbox.central_bank.page import (
    block,
    csv,
    date_field,
    french,
    heading,
    no_record,
    number,
    page,
    table,
)
from market_assets.sandbox.messages import Answer
from market_assets.sources.central_bank.exchange_pages import labels

OBJECT, IDS = 4550, ("5312b6def4ad0a94c5a992522868ac0a", "cc51b5ce6878a3dc655dae26c47fddf8")
NOTES_OBJECT, NOTES_IDS = 4551, ("0" * 32, "98a86bd3205c8223897bbd8d87e3788d")
"""The object and the first id of banknotes are invented; nobody has published theirs."""
TITLE, NOTES_TITLE = "Cours de référence", "Cours des billets de banque étrangers"


def reference(moment: Moment, asked: date | None) -> Answer:
    """The rates of ``asked`` or the newest day, beside those of the calendar day before."""
    day = asked or moment.reference
    if day > moment.reference or not moment.figures.is_business_day(day):
        return no_record(TITLE, moment.now)
    body = block(
        reference_table(moment.figures, day),
        object_id=OBJECT,
        ids=IDS,
        fields=date_field(f"{day:%d/%m/%Y}"),
        millions=False,
        now=moment.now,
    )
    return page(TITLE, body, moment.now)


def reference_table(figures: Figures, day: date) -> str:
    """Two columns of mids; where the day before had none, bid and ask of it, all ``-``."""
    before = day - DAY
    earlier = figures.reference(before) if figures.is_business_day(before) else None
    spans, names = ("1", ["Moyen"]) if earlier else ("2", ["Cours d'achat", "Cours de vente"])
    head = [
        [
            heading("Devises", "rowspan=2"),
            heading(f"{day:%d/%m/%Y}", 'colspan="1"'),
            heading(f"{before:%d/%m/%Y}", f'colspan="{spans}"'),
        ],
        [heading(name) for name in ("Moyen", *names)],
    ]
    rows = [
        (_link(code), _rate(code, mid), *([_rate(code, earlier[code])] if earlier else "--"))
        for code, mid in figures.reference(day).items()
    ]
    return table("dynamic_contents_ref_18", head, rows)


def reference_export(moment: Moment, asked: date | None) -> Answer:
    """The export of the two newest business days."""
    day = asked if asked and moment.figures.is_business_day(asked) else moment.reference
    before = moment.figures.business_day(day - DAY)
    newest, earlier = moment.figures.reference(day), moment.figures.reference(before)
    rows = [
        (_label(code), _french(code, mid), _french(code, earlier[code]))
        for code, mid in newest.items()
    ]
    return csv(
        [
            (TITLE,),
            ("<a href='https://apihelpdesk.centralbankofmorocco.ma'>Service API</a>",),
            ("", f"{day:%d/%m/%Y}", f"{before:%d/%m/%Y}"),
            ("Devises", "Moyen", "Moyen"),
            *rows,
        ]
    )


def banknotes(moment: Moment, asked: date | None) -> Answer:
    """What the notes of each currency are bought and sold at."""
    day = asked or moment.notes
    if day > moment.notes or not moment.figures.is_business_day(day):
        return no_record(NOTES_TITLE, moment.now)
    head = [[heading(name) for name in ("Devises", "Achat clientèle", "Vente clientèle")]]
    rows = [
        (
            f'<span class="object_name">{_label(code)}</span><br />',
            number(bid, 4, ""),
            number(ask, 4, ""),
        )
        for code, (bid, ask) in moment.figures.banknotes(day).items()
    ]
    body = block(
        table("dynamic_contents_ref_19", head, rows),
        object_id=NOTES_OBJECT,
        ids=NOTES_IDS,
        fields=date_field(f"{day:%d/%m/%Y}"),
        millions=False,
        now=moment.now,
    )
    return page(NOTES_TITLE, body, moment.now)


def _label(code: str) -> str:
    names = {currency: label.upper() for label, currency in labels().items()}
    return f"{LEVELS[code][0]} {names[code]}"


def _link(code: str) -> str:
    label = _label(code)
    address = f"/graph/currency/{code.lower()}"
    return f'<a class="ajax-fanc" title="{label} ({code})"  href="{address}" >{label}</a>'


def _french(code: str, mid: float) -> str:
    return french(mid, decimals(code, LEVELS[code][1]))


def _rate(code: str, mid: float) -> str:
    return number(mid, decimals(code, LEVELS[code][1]), "")
