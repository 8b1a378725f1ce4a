"""The frame of the invented bank's pages: menu, form, table, export link, as the CMS writes them.

The real menu is 350 KB; this one is small, but its links flip between fetches like the real ones.
``</sapn>`` is the bank's own.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from market_assets.sandbox.messages import Answer

MENU = 40


def page(title: str, body: str, now: datetime) -> Answer:
    """A page around ``body``."""
    root = "/fr" if now.minute % 2 else ""
    menu = "".join(
        f'<li class="level2"><a href="{root}/Rubrique/Page-{n}" title="Rubrique {n}">Rubrique'
        f" {n}</a></li>\n"
        for n in range(MENU)
    )
    text = (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>'
        f"{title} - bkam.ma</title></head>\n<body>\n<nav><ul>\n{menu}</ul></nav>\n"
        f'<div class="col-main fr w75">\n<h1>{title}</h1>\n{body}\n</div>\n</body>\n</html>'
    )
    return Answer(body=text.encode())


def block(
    table: str, *, object_id: int, ids: tuple[str, str], fields: str, millions: bool, now: datetime
) -> str:
    """A table with its form above and its export below; ``ids`` are those of the CMS."""
    first, second = ids
    unit = "<h3>En millions de dirhams</h3>" if millions else ""
    address = f"/export/blockcsv/{object_id}/{first}/{second}?block={second}"
    return (
        f'<div id="address-{first}-{second}"><div class="mbl">'
        f'<form action="#address-{first}-{second}" class="form-filter" method="get"><fieldset>'
        f"{fields}"
        f'<input name="block" type="hidden" value="{second}"></fieldset></form></div>{unit}'
        f'<div class="block-table">{table}\n<a title="Téléchargement CSV"'
        f' href="{address}&t={int(now.timestamp())}" class="link-CSV">Téléchargement CSV</a>'
        "</div></div>"
    )


def date_field(value: str) -> str:
    """The field of the form that holds the day shown."""
    return f'<input name=\'date\' type="text" class="zone-datepicker" value="{value}">'


def table(classes: str, head: Iterable[Iterable[str]], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are markup already, but for the ``td`` and ``tr``."""
    top = "\n".join(f"<tr>{''.join(line)}</tr>" for line in head)
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<table class="{classes}"><thead>{top}</thead><tbody>\n{body}\n</tbody></table>'


def heading(text: str, spans: str = "") -> str:
    """A cell of the head; ``spans`` are attributes."""
    return (
        f'<th {spans}><div class="block-filter"><span class="txt-filter">{text}</span></div></th>'
    )


def number(value: float, places: int, symbol: str) -> str:
    """A number as the bank writes it."""
    said = french(value, places)
    return f'<span class="number">{said}</sapn>&nbsp;<span class="symbol">{symbol}</span>'


def whole(value: int | None) -> str:
    """A count, or the mark of none."""
    if value is None:
        return '<span class="empty_value">-</span>'
    return f' <span class="number">{value}</span>'


def french(value: float, places: int) -> str:
    """Digits with a decimal comma."""
    return f"{value:.{places}f}".replace(".", ",")


def no_record(title: str, now: datetime) -> Answer:
    """The page about a day without figures; its words are not known."""
    return page(title, '<div class="block-table"><p>Aucun enregistrement</p></div>', now)


def csv(lines: Iterable[Sequence[str]]) -> Answer:
    """An export."""
    text = "".join(";".join(f'"{x}"' if " " in x else x for x in line) + "\n" for line in lines)
    return Answer(body=text.encode(), media_type="text/csv; charset=utf-8")
