"""The invented bank's decisions and lending survey, and its frozen pages.

The frozen tables show what the real ones show: they have not changed for years.
"""

from datetime import date, timedelta

from market_assets.sandbox.central_bank.figures import DAY
from market_assets.sandbox.central_bank.moment import Moment
from market_assets.sandbox.central_bank.page import (
    block,
    date_field,
    french,
    heading,
    number,
    page,
    table,
)
from market_assets.sandbox.messages import Answer
from market_assets.sources.french import MONTHS

RESERVES_AFTER, FRIDAY = timedelta(days=6), 4
"""A Friday's reserves are told the Thursday after."""
OBJECTS = (
    "Taux débiteur",
    "Comptes débiteurs et crédits de trésorerie",
    "Crédits à l'équipement",
    "Crédits immobiliers",
    "Crédits à la consommation",
)
SURVEY_IDS = ("8765e521da9b50a83747067b2af0f767", "3f927b0277dd9feff742550cbf315ebd")
BID_IDS = ("653bdde8b6fec21285482975d9f99b8d", "45e260d56b5e3253e58dec4f20984f6e")
AUCTION_IDS = ("e3688ae3555d6cf354a258340ff3609d", "a966ed6a650b490e680b70f20886496d")
DECISION = ("Date", "Taux directeur", "Ratio de réserve obligatoire", "Rémunération de la réserve")
BID = (("3 mois", 1.59), ("1 mois", 1.56), ("2 semaines", 1.54), ("1 semaine", 1.52))
AUCTION = (
    *("Date d\u2019adjudication", "Date de valeur", "Devises", "Sens de l\u2019opération"),
    *("Montant demandé", "Cours Minimum", "Cours maximum", "Montant alloué"),
    *("Cours marginal", "Cours moyen pondéré"),
)


def decisions(moment: Moment) -> Answer:
    """Every decision, the newest first, below a blank row."""
    rows = [("&nbsp;",) * 4] + [
        (f"<b>{day:%d/%m/%Y}</b>", f"{french(rate, 2)}%", "0%", "0%")
        for day, rate in moment.figures.decisions(moment.today)
    ]
    head = "".join(f'<th class=" text-center" valign="top"> {name}\n </th>' for name in DECISION)
    body = "\n".join(f"<tr>{''.join(f'<td> {x}</td>' for x in row)}</tr>" for row in rows)
    shown = f'<table class="renderedtable" border="0"><tr>{head}</tr>\n{body}</table>'
    return page("Historique des décisions", f'<div class="onlineditor">{shown}</div>', moment.now)


def lending(moment: Moment) -> Answer:
    """The survey, its releases, and two tables that are frozen."""
    editions = moment.figures.lending(moment.today)
    years = sorted({end.year for end, _, _ in editions})
    spans = {year: sum(end.year == year for end, _, _ in editions) for year in years}
    head = [
        ["<th></th>"]
        + [heading(str(year), f'colspan="{count}"') for year, count in spans.items()]
        + ['<th align="center" colspan="2"><b>Δ</b></th>'],
        ["<th></th>", *(heading(_quarter(end)) for end, _, _ in editions), heading("T1/ <br> T4")],
    ]
    rows = [
        [
            name,
            *(number(rates[place], 2, "") for _, rates, _ in editions),
            '<small class="icon icon-down"></small>',
        ]
        for place, name in enumerate(OBJECTS)
    ]
    survey = block(
        table("table quarterly_survey_lending_rates dynamic_contents_ref_46", head, rows),
        object_id=7614,
        ids=SURVEY_IDS,
        fields="",
        millions=False,
        now=moment.now,
    )
    released = [
        (f"{_quarter(end)}-{end.year}", _french_day(out)) for end, _, out in editions[:-6:-1]
    ]
    names = ["<th>Edition</th>", "<th>Date de la publication</th>"]
    dates = table(
        "quarterly_survey_lending_rates-last_five_publication_dates dynamic_contents_ref_46",
        [names],
        released,
    )
    maximum = table(
        "table maximum_rate_conventional_interest dynamic_contents_ref_35",
        [map(heading, ("Date début", "Date fin", "Taux maximum des intérêts conventionnels"))],
        [("01/04/2016", "31/03/2017", number(14.3, 2, "%"))],
    )
    return page("Taux débiteurs", survey + dates + maximum, moment.now)


def reserve_assets(moment: Moment) -> Answer:
    """The newest Friday that is out beside one a year before; the table's shape is invented."""
    out = moment.today - RESERVES_AFTER
    friday = out - (out.weekday() - FRIDAY) % 7 * DAY
    days = (friday, friday - 52 * 7 * DAY)
    figures = (french(moment.figures.reserves(day), 1) for day in days)
    rows = [
        [f"{day:%d/%m/%y}" for day in days],
        ["Avoirs officiels de réserve (AOR)", *figures],
    ]
    shown = table("dynamic_contents_ref_0", [[heading("En milliards de dirhams")]], rows)
    return page("Avoirs officiels de réserve", shown, moment.now)


def bid_and_ask(moment: Moment) -> Answer:
    """The frozen bid and ask, which state a day in the form alone."""
    rows = [
        (
            f'<span class="object_name">{name}</span><br />',
            number(bid, 2, "%"),
            number(bid + 0.1, 2, "%"),
        )
        for name, bid in BID
    ]
    shown = table(
        "dynamic_contents_ref_6 reference_rate_interbank_market",
        [map(heading, ("Maturités", "Taux Bid", "Taux Ask"))],
        rows,
    )
    field = date_field("21/12/2021")
    body = block(shown, object_id=474067, ids=BID_IDS, fields=field, millions=False, now=moment.now)
    return page("Taux de référence du marché interbancaire", body, moment.now)


def currency_auctions(moment: Moment) -> Answer:
    """The one row that has stood there since January 2022."""
    row = ("18/01/2022", "20/01/2022", "1 Dollar u.s.a.", "achat", "0", "-", "-", "0", "-", "-")
    shown = table(
        "dynamic_contents_ref_45 results_auctions_currencies", [map(heading, AUCTION)], [row]
    )
    body = block(
        shown, object_id=457814, ids=AUCTION_IDS, fields="", millions=False, now=moment.now
    )
    return page("Résultats des adjudications en devises", body, moment.now)


def _quarter(end: date) -> str:
    return f"T{end.month // 3}"


def _french_day(day: date) -> str:
    return f"{day.day:02} {MONTHS[day.month - 1]} {day.year}"
