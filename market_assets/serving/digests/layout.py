"""A digest laid out: as HTML with its styles inline, as plain text, and as Markdown for the UI."""

from collections.abc import Mapping
from functools import cache

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from market_assets.serving.digests.content import Cell, Digest, Table

WITHHELD = "The workbook is not attached: its sources may not be redistributed."
MARK = "SANDBOX: every figure in this message is invented."
FOOT = "A dash is a number that nobody stated. Nothing here is investment advice."


def html(digest: Digest, images: Mapping[str, str], *, withheld: bool) -> str:
    """The page; ``images`` says where each chart's picture is: ``cid:`` or ``data:``."""
    page = _template().render(
        digest=digest, images=images, withheld=WITHHELD if withheld else "", kind=_kind
    )
    return css_inline.inline(page)


def text(digest: Digest, *, withheld: bool) -> str:
    """The same for who reads no HTML; a chart is its words."""
    lines = [*([MARK, ""] if digest.mode == "sandbox" else []), digest.title]
    lines += [f"From the tables published {digest.published_at:%Y-%m-%d %H:%M} UTC."]
    lines += [WITHHELD] if withheld else []
    lines += ["", *(f"{label}: {_said(cell)}" for label, cell in digest.facts)]
    for section in digest.sections:
        lines += ["", section.heading, "=" * len(section.heading)]
        lines += [section.note] if section.note else []
        for chart in section.charts:
            lines += ["", f"[{chart.alt}]"]
        for table in section.tables:
            lines += ["", *_columns(table)]
    lines += ["", "--", f"Sources: {', '.join(digest.sources)}. {FOOT}", ""]
    return "\n".join(lines)


def markdown(digest: Digest) -> str:
    """The same as Markdown, without charts."""
    lines = [*([f"**{MARK}**", ""] if digest.mode == "sandbox" else []), f"## {digest.title}", ""]
    lines += [f"- {label}: **{cell.text}** {cell.note}".rstrip() for label, cell in digest.facts]
    for section in digest.sections:
        lines += ["", f"### {section.heading}", *([section.note] if section.note else [])]
        for table in section.tables:
            lines += ["", *([f"**{table.title}**", ""] if table.title else [])]
            if not table.rows:
                lines.append(table.empty)
                continue
            numbers = len(table.headings) - table.words
            rule = [*["---"] * table.words, *["---:"] * numbers]
            rows = ([_escaped(_said(cell)) for cell in row] for row in table.rows)
            lines += [f"| {' | '.join(row)} |" for row in (table.headings, rule, *rows)]
            lines += ["", table.more] if table.more else []
    return "\n".join(lines)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("market_assets.serving.digests"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("digest.html")


def _kind(table: Table, place: int) -> str:
    """The class of the column at ``place``."""
    names = [*(["first"] if place == 0 else []), *(["word"] if place < table.words else [])]
    return " ".join(names) or "number"


def _columns(table: Table) -> list[str]:
    title = [table.title] if table.title else []
    if not table.rows:
        return [*title, table.empty]
    rows = [table.headings, *(tuple(_said(cell) for cell in row) for row in table.rows)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(table.headings))]
    lines = [
        "  ".join(
            value.ljust(width) if place < table.words else value.rjust(width)
            for place, (value, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return [*title, *lines, *([table.more] if table.more else [])]


def _said(cell: Cell) -> str:
    return f"{cell.text} ({cell.note})" if cell.note else cell.text


def _escaped(value: str) -> str:
    return value.replace("|", "\\|")
