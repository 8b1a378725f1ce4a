"""The rows behind a digest as a workbook, a sheet for each table; bytes out."""

import io

import polars as pl
import xlsxwriter

from market_assets.serving.digests.content import Digest

MEDIA_TYPE = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def workbook(digest: Digest) -> bytes:
    """The XLSX of ``digest``; its first sheet says what it is and of when."""
    target = io.BytesIO()
    # A publisher's text is never a formula or a link of ours.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    told = digest.published_at.replace(tzinfo=None)
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": digest.subject, "created": told})
        about = book.add_worksheet("about")
        about.set_column(0, 0, 14)
        about.set_column(1, 1, 60)
        lines = (
            ("digest", digest.subject),
            ("day", digest.day.isoformat()),
            ("published", f"{told:%Y-%m-%d %H:%M} UTC"),
            ("sources", ", ".join(digest.sources)),
            ("figures", "invented" if digest.mode == "sandbox" else "as agreed between sources"),
        )
        for number, (name, text) in enumerate(lines):
            about.write_string(number, 0, name)
            about.write_string(number, 1, text)
        instants = pl.selectors.datetime(time_zone="*")
        for name, rows in digest.sheets.items():
            rows.with_columns(instants.dt.replace_time_zone(None)).write_excel(
                book, name, autofit=False, table_style="Table Style Light 1"
            )
    return target.getvalue()
