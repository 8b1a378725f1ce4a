"""How the five invented central banks write their rates, and when those are out.

Not verified, and so invented: hours but those of the ECB and Lagos, what is said of days without
rates, Cairo's page around its token.
"""

import io
import json
from datetime import UTC, date, datetime, time, timedelta

import xlsxwriter

from market_assets.sandbox.currencies.figures import (
    DAY,
    MONDAY_TO_FRIDAY,
    SUNDAY_TO_THURSDAY,
    Figures,
    days_out,
    is_open,
)
from market_assets.sandbox.messages import Answer, Question
from market_assets.sources.currencies import bceao, cbe, cbn, ecb, sarb
from market_assets.sources.french import MONTHS

OUT = {
    "ecb": time(15, 30),
    "cbn": time(16),
    "cbe": time(14),
    "sarb": time(10),
    "bceao": time(12),
}
"""UTC."""
JSON = "application/json; charset=utf-8"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNKNOWN = Answer(body=b"Not Found", media_type="text/plain", status=404)
EURO_TABLE = (
    "AUD BRL CAD CHF CNY CZK DKK GBP HKD HUF IDR ILS INR ISK JPY KRW MXN MYR NOK NZD PHP PLN RON"
    " SEK SGD THB TRY USD ZAR"
)
NAIRA_TABLE = {
    "CFA": "XOF",
    "YUAN/RENMINBI": "CNY",
    "DANISH KRONA": "DKK",
    "EURO": "EUR",
    "YEN": "JPY",
    "RIYAL": "SAR",
    "SOUTH AFRICAN RAND": "ZAR",
    "SDR": "XDR",
    "SWISS FRANC": "CHF",
    "POUNDS STERLING": "GBP",
    "US DOLLAR": "USD",
    "WAUA": "WAUA",
    "UAE DIRHAM": "AED",
}
NAIRA_DAYS = timedelta(days=400)
"""So far back goes the invented bank of Nigeria; the real one to 2001."""
CFA_TABLE = {
    "Euro": "EUR",
    "Dollar us": "USD",
    "Yen japonais": "JPY",
    "Couronne suédoise": "SEK",
    "Livre sterling": "GBP",
    "Franc suisse": "CHF",
    "Rand sud-africain": "ZAR",
    "Yuan chinois": "CNY",
    "Dollar Hong Kong": "HKD",
    "Ryal Saudien": "SAR",
    "Dinar Koweitien": "KWD",
}
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
TOKEN = "sandbox-token"  # noqa: S105  it opens nothing but an invented form


def newest_out(source: str, now: datetime) -> date:
    """The newest calendar day whose rates, if it has any, ``source`` has published at ``now``."""
    moment = now.astimezone(UTC)
    return moment.date() if moment.time() >= OUT[source] else moment.date() - DAY


def euro(question: Question, figures: Figures, now: datetime) -> Answer:
    """The ECB's CSV of the asked days; 404 where none has rates."""
    if question.path != ecb.PATH:
        return UNKNOWN
    first = date.fromisoformat(question.query["startPeriod"])
    last = min(date.fromisoformat(question.query["endPeriod"]), newest_out("ecb", now))
    days = days_out(first, last, MONDAY_TO_FRIDAY)
    rows = [
        f"D,{code},{day},{figures.rate('EUR', code, day):.5g}"
        for code in EURO_TABLE.split()
        for day in days
    ]
    if not rows:
        return Answer(body=b"No results found.", media_type="text/plain", status=404)
    body = "\r\n".join([",".join(ecb.FIELDS), *rows, ""])
    return Answer(body=body.encode(), media_type="text/csv")


def naira(question: Question, figures: Figures, now: datetime) -> Answer:
    """Lagos' rates of all days, the newest first; numbers are strings."""
    if question.path != cbn.PATH:
        return UNKNOWN
    last = newest_out("cbn", now)
    rows: list[dict[str, object]] = []
    for day in reversed(days_out(last - NAIRA_DAYS, last, MONDAY_TO_FRIDAY)):
        for name, code in NAIRA_TABLE.items():
            buying, selling = figures.sides(code, "NGN", day)
            sides = {"buyingrate": buying, "centralrate": (buying + selling) / 2}
            written = {side: f"{rate:.4f}" for side, rate in sides.items()}
            row = {"currency": name, "ratedate": f"{day}", **written}
            rows.append({"id": len(rows), **row, "sellingrate": f"{selling:.4f}"})
    return Answer(body=json.dumps(rows, separators=(",", ":")).encode(), media_type=JSON)


def rand(question: Question, figures: Figures, now: datetime) -> Answer:
    """A series of Pretoria's, the newest day first; ``[]`` where no day has rates."""
    code, first, last = question.path.removeprefix(f"{sarb.PATH}/").split("/")
    if code not in sarb.SERIES:
        return UNKNOWN
    base, quote, label = sarb.SERIES[code]
    until = min(date.fromisoformat(last), newest_out("sarb", now))
    rows = [
        {
            "Period": f"{day}T00:00:00",
            "Timeseries": label or f"{quote} per {base}",
            "Description": "Weighted average of the banks' daily rates at approximately 10:30 am.",
            "Value": round(figures.rate(base, quote, day), 4),
            "FormatNumber": "0.0000",
            "FormatDate": "yyyy-MM-dd",
        }
        for day in reversed(days_out(date.fromisoformat(first), until, MONDAY_TO_FRIDAY))
    ]
    return Answer(body=json.dumps(rows).encode(), media_type=JSON)


def cfa(question: Question, figures: Figures, now: datetime) -> Answer:
    """Dakar's table of a day; its heading alone where the day has no rates."""
    if question.path != bceao.PATH:
        return UNKNOWN
    day = date.fromisoformat(question.query["dateJour"])
    heading = f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"
    body = f"<h2>Cours des devises du {heading}</h2>\n"
    if day <= newest_out("bceao", now) and is_open(day, MONDAY_TO_FRIDAY):
        rows = "".join(
            f"<tr>\n<td>{name}</td>\n<td>{_french(figures.rate(code, 'XOF', day))}</td>\n</tr>\n"
            for name, code in CFA_TABLE.items()
        )
        head = "<tr>\n<th>Devise</th>\n<th>CFA</th>\n</tr>\n"
        body += f"<table>\n<tbody>\n{head}{rows}</tbody>\n</table>\n"
    return Answer(body=body.encode())


def pound(question: Question, figures: Figures, now: datetime) -> Answer:
    """Cairo's page with its token, or the workbook that is got with it."""
    if question.path == cbe.PAGE:
        field = f'<input name="__RequestVerificationToken" type="hidden" value="{TOKEN}" />'
        return Answer(
            body=f"<!DOCTYPE html><html><body><form>{field}</form></body></html>".encode()
        )
    if question.path != cbe.PATH or question.method != "POST":
        return UNKNOWN
    form = question.form
    if form.get("__RequestVerificationToken") != TOKEN:
        return Answer(body=b"Bad Request", media_type="text/plain", status=400)
    first, last = (_day(form[name]) for name in ("FromDateRaw", "ToDateRaw"))
    code = {"US Dollar": "USD", "Euro": "EUR"}[form["SelectedSelectOptions"]]
    days = days_out(first, min(last, newest_out("cbe", now)), SUNDAY_TO_THURSDAY)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Official Exchange Rates")
        stamp = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(1, 0, cbe.HEADINGS)
        for place, day in enumerate(reversed(days), start=2):
            sheet.write_datetime(place, 0, datetime.combine(day, time()), stamp)
            sides = (round(side, 4) for side in figures.sides(code, "EGP", day))
            sheet.write_row(place, 1, (form["SelectedSelectOptions"], *sides))
    return Answer(body=file.getvalue(), media_type=WORKBOOK)


def _day(text: str) -> date:
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


def _french(rate: float) -> str:
    return f"{rate:,.4f}".translate(str.maketrans(",.", ".,"))
