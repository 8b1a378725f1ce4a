"""HKEXnews' pages rebuilt from the captured ones: the same classes, fields and quirks.

Not the sandbox's: these are the smallest pages that a law can be tested on.
"""

from datetime import date

SESSION = date(2026, 10, 8)
LABELS = ("Stock Code", "Name", "Shareholding in CCASS", "% of the total number of Issued Shares")
COLUMNS = ("col-stock-code", "col-stock-name", "col-shareholding", "col-shareholding-percent")
NOTES = '<table class="note-table"><tr><td>1.</td><td>note</td><tr><td>2.</td></tr></table>'


def cell(column: str, label: str, said: str) -> str:
    heading = f'<div class="mobile-list-heading">{label}:</div>'
    return f'<td class="{column}">{heading}<div class="mobile-list-body">{said}</div></td>'


def row(*said: str, columns=COLUMNS, labels=LABELS) -> str:
    facts = zip(columns, labels, said, strict=True)
    return "<tr>" + "".join(cell(column, label, text) for column, label, text in facts) + "</tr>"


def many(count: int = 500, *, first: int = 1) -> list[str]:
    """Rows of the codes from ``first``, each with its own name and shares."""
    return [
        row(f"{code:>5}", f"COMPANY {code}", f"{code * 1000:,}", f"{code % 10_000 / 100:.2f}%")
        for code in range(first, first + count)
    ]


def form(state: str = "state", *, market: str | None = "hk", day: str = "", alert: str = "") -> str:
    """The newer form, whose button posts back; with ``market`` None that of the search."""
    page = "searchsdw.aspx" if market is None else f"mutualmarket.aspx?t={market}"
    message = f' value="{alert}"' if alert else ""
    return (
        f'<form name="form1" method="post" action="./{page}">'
        '<input type="hidden" name="__EVENTTARGET" id="__EVENTTARGET" value="" />'
        '<input type="hidden" name="__EVENTARGUMENT" value="" />'
        f'<input type="hidden" name="__VIEWSTATE" value="{state}" />'
        '<input type="hidden" name="today" value="20261009" />'
        '<input type="hidden" name="sortBy" value="stockname" />'
        '<input type="hidden" name="sortDirection" value="desc" />'
        f'<input type="hidden" name="originalShareholdingDate" value="{day}" />'
        f'<input type="hidden" name="alertMsg" id="alertMsg"{message} />'
        f'<input name="txtShareholdingDate" type="text" value="{day}" readonly />'
        '<a id="btnSearch">Search</a>'
    )


def table(
    *rows: str,
    day: str = "2026/10/08",
    market: str = "hk",
    title: str = "Shareholding Date",
    start: str | None = None,
) -> str:
    """A page of mutualmarket; ``start`` replaces the form."""
    heads = "".join(f'<th class="{column}">{column}</th>' for column in COLUMNS[:-1])
    return (
        f"<!DOCTYPE html>\n<html><body>{start or form(market=market, day=day)}{NOTES}"
        f'<div id="pnlResult"><h2 class="ccass-heading"><span>{title}: {day}</span><br />'
        f'Detail of Shareholding:</h2><table id="mutualmarket-result"><thead><tr>{heads}'
        f'<th class="col-shareholding-percent tablesorter-header market-{market}">%</th></tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table></div></form></body></html>"
    )


HOLDER = ("col-participant-id", "col-participant-name", "col-address")
HOLDER_LABELS = (
    "Participant ID",
    "Name of CCASS Participant (* for Consenting Investor Participants )",
    "Address",
    "Shareholding",
    "% of the total number of Issued Shares",
)


def holder(number: str, name: str, shares: str, percent: str | None = None) -> str:
    """A row of the search; without ``percent`` the page has no such column."""
    columns = (*HOLDER, "col-shareholding text-right", "col-shareholding-percent text-right")
    said = [number, name, "1 ROAD", shares, *([] if percent is None else [percent])]
    return row(*said, columns=columns[: len(said)], labels=HOLDER_LABELS[: len(said)])


def total(category: str, shares: str, holders: str) -> str:
    return (
        '<div class="ccass-search-datarow">'
        f'<div class="summary-category">{category}</div>'
        f'<div class="shareholding"><div class="header">h</div><div class="value">{shares}</div>'
        '</div><div class="number-of-participants"><div class="header">h</div>'
        f'<div class="value">{holders}</div></div></div>'
    )


def search(
    *rows: str, totals: tuple[str, ...], day: str = "2026/10/08", stock: str = "00700"
) -> str:
    """A page of the search, with its heading of the percentages left open as the real one."""
    return (
        f"<!DOCTYPE html><html><body>{form(market=None, day=day)}"
        '<div class="search-bar__selectedItem-filter searchDate"><b>Shareholding Date: </b>\n'
        f'{day}\n</div><div class="search-bar__selectedItem-filter searchStock">\n{stock} '
        f'<b>TENCENT</b></div><div id="pnlResultSummary">{"".join(totals)}'
        '<div class="ccass-search-remarks"><div class="summary-value">9,144,770,041</div></div>'
        '</div><div id="pnlResultNormal"><table class="table-mobile-list"><thead><tr>'
        '<th class="col-participant-id">Participant ID</th><th class="col-shareholding-percent">%'
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table></div></form></body></html>"
    )
