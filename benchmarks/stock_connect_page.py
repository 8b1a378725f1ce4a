"""A Stock Connect page as large as HKEXnews': the captured one of 2019, or one in its layout."""

from pathlib import Path

ROWS = 564
CAPTURED = (
    Path(__file__).parents[2] / "shared/samples/hkex/html/mutualmarket_c_t-hk_2019-01-25.html"
)
COLUMNS = {
    "col-stock-code": "股份代號",
    "col-stock-name": "股份名稱",
    "col-shareholding": "於中央結算系統的持股量",
    "col-shareholding-percent": "佔已發行股份百分比",
}
INDENT = "\n" + " " * 44


def stock_connect_page() -> bytes:
    """The captured page where it is at hand, else an invented one of as many rows and bytes."""
    return CAPTURED.read_bytes() if CAPTURED.is_file() else invented().encode()


def invented() -> str:
    """A page of invented holdings."""
    heads = "".join(f'<th class="{name} market-hk">{label}</th>' for name, label in COLUMNS.items())
    rows = "".join(_row(number) for number in range(1, ROWS + 1))
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="UTF-8" /></head><body>'
        '<form action="./mutualmarket_c.aspx?t=hk"><input type="hidden" name="alertMsg" />'
        '<table class="note-table"><tr><td>1.</td><td>note</td><tr><td>2.</td></tr></table>'
        '<h2 class="ccass-heading"><span>持股日期: 2019/01/25</span><br />持股紀錄:</h2>'
        f'<table id="mutualmarket-result"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></form></body></html>"
    )


def _row(number: int) -> str:
    said = (f"{number:>5}", f"公司{number}", f"{number * 7_654_321:,}", f"{number / 10:.2f}%")
    cells = (
        f'{INDENT}<td class="{name}">{INDENT}    <div class="mobile-list-heading">{label}:</div>'
        f'{INDENT}    <div class="mobile-list-body">{text}</div>{INDENT}</td>'
        for (name, label), text in zip(COLUMNS.items(), said, strict=True)
    )
    return f"<tr>{''.join(cells)}{INDENT}</tr>{INDENT}"
