"""Workbooks as a publisher may write them."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter


def workbook(rows: Iterable[Sequence[object]], *, inline: bool) -> bytes:
    """An xlsx with these rows of cells; ``inline`` keeps their texts in the sheet itself."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": inline}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()
