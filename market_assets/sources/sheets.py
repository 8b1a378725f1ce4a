"""Reading a captured workbook: is it there and whole, and what do its cells say.

From bytes to texts; knows no publisher. What is wrong with the file raises a ``SourceFailure``.
"""

import lzma
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import fastexcel
import polars as pl

from market_assets.sources.reading import body_bytes
from market_assets.web.failures import LayoutChanged, NotThisPage
from market_assets.web.messages import Capture

ARCHIVE = b"PK\x03\x04"
"""How every xlsx begins: it is a zip archive with a file in it."""

UNREADABLE = (
    BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    RuntimeError,
    ValueError,
    EOFError,
)
"""What ``zipfile`` raises for broken archives; which one depends on the byte that is wrong."""


def sheet_rows(capture: Capture, what: str) -> list[tuple[str, ...]]:
    """The rows of the first sheet, headings included, each cell as text without space around it.

    An empty cell is ``""``; a number is written without exponent or group marks. ``what`` names
    in a failure what was looked for.
    """
    body = body_bytes(capture)
    if not body.startswith(ARCHIVE):
        raise NotThisPage(f"no workbook where {what} was expected: {body[:60]!r}")
    _require_whole(body, what)
    try:
        sheet = pl.read_excel(
            BytesIO(body), has_header=False, infer_schema_length=0, raise_if_empty=False
        )
    except fastexcel.FastExcelError as error:
        raise LayoutChanged(f"{what} is no readable workbook: {error}") from error
    rows = [tuple((cell or "").strip() for cell in row) for row in sheet.iter_rows()]
    return [row for row in rows if any(row)]


def _require_whole(body: bytes, what: str) -> None:
    """The archive's own checksums, which the reader of sheets does not look at."""
    try:
        with ZipFile(BytesIO(body)) as archive:
            broken = archive.testzip()
    except UNREADABLE as error:
        raise LayoutChanged(f"{what} is a broken workbook: {error}") from error
    if broken is not None:
        raise LayoutChanged(f"{what} is a broken workbook: the checksum of {broken} is wrong")
