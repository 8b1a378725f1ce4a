"""How HKEXnews lays out a page of participants: the search bar, a summary, a table of divs.

After the page about 00700 of 2025-11-08. In the raw page the last heading's tag is not closed.
"""

from collections.abc import Mapping
from datetime import date
from html import escape

from market_assets.sandbox.hkex.form_state import hidden_inputs
from market_assets.sandbox.hkex.roster import ADDRESSES, Holder, Holders

PERCENT = "% of the total number of Issued Shares/ Warrants/ Units"
SHAREHOLDING = "Shareholding in CCASS "
PARTICIPANT = "Name of CCASS Participant (* for Consenting Investor Participants )"


def page(
    hidden: Mapping[str, str],
    *,
    action: str,
    shown: date,
    code: str,
    name: str,
    result: Holders | None,
) -> bytes:
    """The page about the stock ``code`` on the day ``shown``; without ``result`` only its form."""
    chosen = f"""
<div class="search-bar__mobile">
<div class="search-bar__selectedItem">
<div class="search-bar__selectedItem-filter searchDate">
<b>Shareholding Date: </b>
{shown:%Y/%m/%d}
</div>
<div class="search-bar__selectedItem-filter searchStock">
{code} <b>{escape(name, quote=False)}</b>
</div>
</div>
</div>
"""
    whole = f"""<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" class="news-hkex">
<head><title>
\tCCASS Shareholding Search
</title><meta charset="UTF-8" /></head>
<body>
<form name="form1" method="post" action="./{action}" id="form1">
{hidden_inputs(hidden)}
<input name="txtShareholdingDate" type="text" value="{shown:%Y/%m/%d}" id="txtShareholdingDate" \
class="input-searchDate active" placeholder="yyyy/mm/dd" readonly="readonly" />
<input name="txtStockCode" type="text" value="{escape(code)}" maxlength="5" id="txtStockCode" />
<input name="txtStockName" type="text" value="{escape(name)}" maxlength="80" id="txtStockName" />
<input name="txtParticipantID" type="text" maxlength="6" id="txtParticipantID" />
<input name="txtParticipantName" type="text" maxlength="80" id="txtParticipantName" />
<input name="txtSelPartID" type="text" id="txtSelPartID" style="display:none;" />
<a id="btnSearch" title="Search" class="btn-blue">Search</a>
{f"{chosen}{_summary(result)}{_detail(result)}" if result else ""}
</form>
</body>
</html>
"""
    return whole.replace("\n", "\r\n").encode()


def _summary(result: Holders) -> str:
    kinds = [
        (kind, sum(holder.shares for holder in group), len(group))
        for kind, group in (
            ("Market Intermediaries", [h for h in result.named if not h.consenting]),
            ("Consenting Investor Participants", [h for h in result.named if h.consenting]),
        )
    ]
    silent = (result.non_consenting_shares, result.non_consenting)
    kinds.append(("Non-consenting Investor Participants", *silent))
    total = (sum(shares for _, shares, _ in kinds), sum(count for _, _, count in kinds))
    rows = [_data_row(*kind, issued=result.issued, extra="") for kind in kinds if kind[2]]
    rows.append(_data_row("Total", *total, issued=result.issued, extra=" ccass-search-total"))
    return f"""
<main class="ccass-search search-result-page">
<div id="pnlResultSummary">
<div class="ccass-search-summary-table ">
<div class="ccass-search-headerrow">
<div class="shareholding"><div class="header">{SHAREHOLDING}</div></div>
<div class="number-of-participants"><div class="header">Number of Participants</div></div>
<div class="percent-of-participants"><div class="header">{PERCENT}</div></div>
</div>
{"".join(rows)}
<div class="ccass-search-remarks">
<div class="summary-header">
Total number of Issued Shares/Warrants/Units
(last updated figure)
</div>
<div class="summary-value">{result.issued:,}</div>
</div>
</div>
<hr />
</div>
"""


def _data_row(category: str, shares: int, count: int, *, issued: int, extra: str) -> str:
    cells = (
        ("shareholding", SHAREHOLDING, f"{shares:,}"),
        ("number-of-participants", "Number of Participants", f"{count:,}"),
        ("percent-of-participants", PERCENT, f"{100 * shares / issued:.2f}%"),
    )
    told = "".join(
        f"""<div class="{kind}">
<div class="header">{label}</div>
<div class="value">{value}</div>
</div>
"""
        for kind, label, value in cells
    )
    return f"""<div class="ccass-search-datarow{extra}">
<div class="summary-category">{category}</div>
{told}</div>
"""


def _detail(result: Holders) -> str:
    rows = "".join(_row(holder, issued=result.issued) for holder in result.named)
    return f"""<div id="pnlResultNormal">
<h2 class="ccass-heading">Detail of Market Intermediaries/Consenting Investor Participants:</h2>
<div class="search-details-table-container table-mobile-list-container">
<table class="table table-scroll table-sort table-mobile-list ">
<thead>
<tr>
<th data-column-class="col-participant-id" class="col-participant-id">Participant ID</th>
<th data-column-class="col-participant-name" class="col-participant-name">\
Name of CCASS Participant<br />(* for Consenting Investor Participants )</th>
<th data-column-class="col-address" class="col-address sorter-false">Address</th>
<th data-column-class="col-shareholding" class="col-shareholding">Shareholding</th>
<th data-column-class="col-shareholding-percent" \
class="col-shareholding-percent sorter-false text-right" tabindex="0">
{PERCENT}
</tr>
</thead>
<tbody>
{rows}</tbody>
</table>
</div>
</div>
</main>
"""


def _row(holder: Holder, *, issued: int) -> str:
    cells = (
        ("col-participant-id", "Participant ID", holder.participant),
        ("col-participant-name", PARTICIPANT, escape(holder.name, quote=False)),
        ("col-address", "Address", ADDRESSES.get(holder.participant, "HONG KONG")),
        ("col-shareholding text-right", "Shareholding", f"{holder.shares:,}"),
        (
            "col-shareholding-percent text-right",
            PERCENT,
            f"{100 * holder.shares / issued:.2f}%",
        ),
    )
    told = "".join(
        f"""<td class="{kind}">
<div class="mobile-list-heading">{label}:</div>
<div class="mobile-list-body">{value}</div>
</td>
"""
        for kind, label, value in cells
    )
    return f"<tr>\n{told}</tr>\n"
