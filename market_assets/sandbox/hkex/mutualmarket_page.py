"""How HKEXnews lays out a page of Stock Connect holdings: a form, notes, a table of divs.

After the raw page of 2019 with the form of 2025. Invented: that Chinese pages have English names
throughout (they fall back to them where there is no Chinese one).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape

from market_assets.sandbox.hkex.form_state import hidden_inputs

PERCENT = {
    "hk": "% of the total number of Issued Shares/Units",
    "sh": "% of the total number of securities listed and traded on the SSE",
    "sz": "% of the total number of securities listed and traded on the SZSE",
}
PERCENT_ZH = {
    "hk": "佔已發行股份/單位百分比",
    "sh": "佔於上交所上市及交易的證券總數百分比",
    "sz": "佔於深交所上市及交易的證券總數百分比",
}
ROW = """
                                        <tr>
                                            <td class="col-stock-code">
                                                <div class="mobile-list-heading">{code}:</div>
                                                <div class="mobile-list-body">%s</div>
                                            </td>
                                            <td class="col-stock-name">
                                                <div class="mobile-list-heading">{name}:</div>
                                                <div class="mobile-list-body">%s</div>
                                            </td>
                                            <td class="col-shareholding">
                                                <div class="mobile-list-heading">{shares}:</div>
                                                <div class="mobile-list-body">%s</div>
                                            </td>
                                            <td class="col-shareholding-percent">
                                                <div class="mobile-list-heading">{percent}:</div>
                                                <div class="mobile-list-body">%s</div>
                                            </td>
                                        </tr>
                                    """


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a page of one language says."""

    title: str
    date: str
    detail: str
    code: str
    name: str
    shares: str
    percent: str
    notes: tuple[str, str]


def words(market: str, *, chinese: bool) -> Words:
    """The words of the page about ``market``: hk, sh or sz."""
    if chinese:
        return Words(
            title="滬港通及深港通持股紀錄按日查詢",
            date="持股日期",
            detail="持股紀錄",
            code="股份代號",
            name="股份名稱",
            shares="於中央結算系統的持股量",
            percent=PERCENT_ZH[market],
            notes=("百分比只作為參考之用。", "下列股份名單並不代表合資格股份名單。"),
        )
    return Words(
        title="Stock Connect Shareholding Search (by date)",
        date="Shareholding Date",
        detail="Detail of Shareholding",
        code="Stock Code",
        name="Name",
        shares="Shareholding in CCASS",
        percent=PERCENT[market],
        notes=(
            "The percentage is for reference only.",
            "The list of stocks shown is not a list of eligible stocks for Southbound Trading.",
        ),
    )


def page(
    said: Words,
    rows: Iterable[tuple[str, str, int, float | None]],
    *,
    action: str,
    hidden: Mapping[str, str],
    shown: date,
    limits: tuple[date, date],
) -> bytes:
    """The whole page about the day ``shown``; ``rows`` are code, name, shares and percent."""
    labels = {"code": said.code, "name": said.name, "shares": said.shares, "percent": said.percent}
    row = ROW.format(**{column: label.replace("%", "%%") for column, label in labels.items()})
    body = "".join(
        [
            row
            % (
                f"{int(code):5d}",
                escape(name, quote=False),
                f"{shares:,}",
                "" if percent is None else f"{percent:.2f}%",
            )
            for code, name, shares, percent in rows
        ]
    )
    head = _head(said, action=action, hidden=hidden, shown=shown)
    whole = f"{head}{_table_head(said)}{body}{_foot(limits)}"
    return whole.replace("\n", "\r\n").encode()


def _head(said: Words, *, action: str, hidden: Mapping[str, str], shown: date) -> str:
    first, second = said.notes
    return f"""


<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" class="news-hkex">
<head><title>
\t{said.title}
</title><meta charset="UTF-8" /></head>
<body>
    <form name="form1" method="post" action="./{escape(action)}" id="form1">
<div>
{hidden_inputs(hidden)}
</div>
        <div class="filter__container-ccass-mutual-market">
            <input name="txtShareholdingDate" type="text" value="{shown:%Y/%m/%d}" \
id="txtShareholdingDate" class="input-searchDate active" readonly="readonly" />
            <a id="btnSearch" class="btn-blue" \
href="javascript:__doPostBack(&#39;btnSearch&#39;,&#39;&#39;)">Search</a>
            <div class="filter__note"><p>
                <table class="note-table">
<tr>
<td style="width:20px;">1.</td>
<td>
{first}
</td>
<tr>
<td>2.</td>
<td>
{second}
</td></tr>
</table>
            </p></div>
        </div>
            <main class="ccass-search search-result-page">
                <div class="ccass-search-result">
                    <div id="pnlResult">

                        <h2 class="ccass-heading">
                            <span style="text-decoration:underline;">{said.date}: \
{shown:%Y/%m/%d}</span>
                            <br />{said.detail}:
                        </h2>
"""


def _table_head(said: Words) -> str:
    columns = (
        ("stock-code", "stockcode", said.code),
        ("stock-name", "stockname", said.name),
        ("shareholding", "shareholding", said.shares),
        ("shareholding-percent", "shareholdingpercent", said.percent),
    )
    cells = "".join(
        f"""
                                        <th data-column-class="col-{name}" data-sort-by="{sort}" \
class="col-{name} tablesorter-header" tabindex="0">{label}</th>"""
        for name, sort, label in columns
    )
    return f"""\
                        <div class="search-details-table-container table-mobile-list-container">
                            <table id="mutualmarket-result" class="table table-scroll table-sort \
table-mobile-list" data-sortlist="[[0, 0]]" >
                                <thead>
                                    <tr>{cells}
                                    </tr>
                                </thead>
                                <tbody>
                                """


def _foot(limits: tuple[date, date]) -> str:
    first, last = limits
    return f"""
                                </tbody>
                            </table>
                        </div>

</div>
                </div>
        </main>
    </form>
    <script type="text/javascript">
        $('#txtShareholdingDate').attr('data-reset', '{last:%Y/%m/%d}');
        $('#txtShareholdingDate').mobile508datepicker({{ MAX: new Date('{last:%Y/%m/%d}') }});
        $("#txtShareholdingDate").data().options = {{ MIN: new Date('{first:%Y/%m/%d}') }};
    </script>
</body>
</html>
"""
