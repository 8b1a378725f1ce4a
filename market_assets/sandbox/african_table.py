"""African Markets' table of companies, the same for each exchange that it covers."""

from collections.abc import Iterable

HEADINGS = ("Company", "Sector", "Price", "1D", "YTD", "M.Cap", "Date")


def company_table(rows: Iterable[str]) -> str:
    """The table of ``rows``; its class is one that the site generates."""
    heads = "".join(f'<th class="tabcol">{heading}</th>' for heading in HEADINGS)
    return (
        f'<table class="tabtable-rs_7f98zx7q"><thead><tr>{heads}</tr></thead>\n<tbody>'
        + "\n".join(rows)
        + "</tbody></table>"
    )


def company_row(exchange: str, code: str, cells: tuple[str, ...]) -> str:
    """A row whose first cell links to the company's page below that of its ``exchange``."""
    link = f"{exchange}/listed-companies/company?code={code}"
    linked = (f'<a href="{link}">{cells[0]}</a>', *cells[1:])
    columns = enumerate(linked, start=1)
    return (
        '<tr class="tabrow">'
        + "".join(f'<td class="tabcol col_width_{i}">{cell}</td>' for i, cell in columns)
        + "</tr>"
    )


def change(fraction: float) -> str:
    """A percentage in its colour, or a dash where nothing changed."""
    text = f"{fraction:+.2%}"
    if text in {"+0.00%", "-0.00%"}:
        return "<p>-</p>"
    return f'<font color="{"green" if fraction > 0 else "red"}">{text}</font>'
