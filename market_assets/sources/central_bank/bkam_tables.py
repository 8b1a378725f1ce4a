"""The tables of Bank Al-Maghrib's pages and of their CSV exports, as headings and rows of texts.

Knows no subject. 85 to 98 % of each 400 KB page is menu, whose links flip between fetches, so only
a table's own fingerprint tells whether something changed.

- Pages write ``</sapn>`` for ``</span>``: a cell is read as the text of the whole cell.
- Columns are built from spans and sub-headings, never by position: the layout of a date that was a
  Sunday has two columns where others have one.
- Class names end in a number of the CMS (``dynamic_contents_ref_18``): only the prefix counts.
"""

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from market_assets.sources.reading import body_text, stated_day
from market_assets.web.failures import Incomplete, LayoutChanged, NotThisPage
from market_assets.web.messages import Capture

CLASSES = ("dynamic_contents_ref_", "renderedtable")
EXPORT = "/export/blockcsv/"
MOST_COLUMNS = 100
DAY = "%d/%m/%Y"


class Row(NamedTuple):
    """The texts of a row, and the title of its first link ("" where it has none)."""

    cells: tuple[str, ...]
    title: str = ""

    @property
    def text(self) -> str:
        """The row as a reader sees it, for the quarantine."""
        return " | ".join(self.cells)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table. ``columns``: the folded headings above each column, the topmost first."""

    classes: str
    columns: tuple[tuple[str, ...], ...]
    rows: tuple[Row, ...]

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The heading next to the rows, of each column; "" where a column has none."""
        return tuple(path[-1] if path else "" for path in self.columns)

    @property
    def fingerprint(self) -> str:
        """A sha256 of what the table says, the same whatever page it stands on."""
        said = [*map(repr, self.columns), *map(repr, self.rows)]
        return sha256("\n".join(said).encode()).hexdigest()

    def by_heading(self, row: Row) -> dict[str, str]:
        """The texts of ``row`` by folded heading; ValueError where cells are missing."""
        if len(row.cells) != len(self.columns):
            raise ValueError(f"{len(row.cells)} cells below {len(self.columns)} headings")
        return dict(zip(self.headings, row.cells, strict=True))


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a page or an export holds besides its menu.

    ``title`` is the page's heading, folded. ``shown_day`` is the day in the form above the table,
    None where there is none: some tables state no other. ``in_millions``, ``in_billions``: whether
    it says that amounts are in millions or billions of dirhams; None of an export, whose title
    lines nobody has published.
    """

    tables: tuple[Table, ...]
    title: str
    shown_day: date | None
    in_millions: bool | None
    in_billions: bool | None


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """``text`` without accents, case, typographic apostrophes and doubled spaces; ASCII."""
    plain = unicodedata.normalize("NFKD", text.replace("\u2019", "'")).encode("ascii", "ignore")
    return " ".join(plain.decode().casefold().split())


def page_of(capture: Capture) -> Page:
    """The page or the export; a page in the place of an export is another page."""
    text = body_text(capture)
    if not text.startswith("<"):
        return Page(
            tables=(_export(text, capture),),
            title="",
            shown_day=None,
            in_millions=None,
            in_billions=None,
        )
    if EXPORT in capture.url or ".csv" in capture.key:
        raise NotThisPage(f"a page came where the export {capture.key} was asked for")
    content = _content(capture, text)
    root = LexborHTMLParser(content)
    tables = [
        node
        for node in root.css("table")
        if any(name.startswith(CLASSES) for name in (node.attributes.get("class") or "").split())
    ]
    return Page(
        tables=tuple(_table(node) for node in tables),
        title=fold(heading.text()) if (heading := root.css_first("h1")) else "",
        shown_day=_shown_day(root),
        in_millions=b"n millions de dirhams" in content,
        in_billions=b"n milliards de dirhams" in content,
    )


def _content(capture: Capture, text: str) -> bytes:
    """What a page that came whole has from its title to its last table, if it has both.

    What stands around them is the menu, which is most of the page.
    """
    if "</html>" not in text[-200:]:
        raise Incomplete(f"the page of {capture.url} breaks off: ...{text[-60:]!r}")
    start, end = capture.body.find(b"<h1"), capture.body.rfind(b"</table>")
    return capture.body[start:end] if 0 <= start < end else capture.body


def _shown_day(root: LexborHTMLParser) -> date | None:
    field = root.css_first("form.form-filter input[name=date]")
    value = (field.attributes.get("value") or "").strip() if field else ""
    try:
        return stated_day(value, DAY) if value else None
    except ValueError as error:
        raise LayoutChanged(f"the date in the form: {error}") from error


def _table(node: LexborNode) -> Table:
    head: list[list[LexborNode]] = []
    rows: list[Row] = []
    linked = node.css_first("a[title]") is not None
    for line in node.css("tr"):
        cells = [cell for cell in line.iter() if cell.tag in {"th", "td"}]
        if any(cell.tag == "td" for cell in cells):
            link = line.css_first("td a[title]") if linked else None
            title = (link.attributes.get("title") or "") if link else ""
            rows.append(Row(tuple(map(_text, cells)), title))
        elif cells and not rows:
            head.append(cells)
    return Table(
        classes=node.attributes.get("class") or "",
        columns=_columns([(_text(cell), *_spans(cell)) for cell in cells] for cells in head),
        rows=tuple(rows),
    )


def _columns(head: Iterable[list[tuple[str, int, int]]]) -> tuple[tuple[str, ...], ...]:
    """The headings above each column, from (text, columns, rows) of the cells of each line."""
    grid: dict[tuple[int, int], str] = {}
    lines = 0
    for line, cells in enumerate(head):
        lines, column = line + 1, 0
        for text, wide, high in cells:
            while (line, column) in grid:
                column += 1
            for place in ((y, x) for y in range(high) for x in range(wide)):
                grid[line + place[0], column + place[1]] = text if place[0] == 0 else ""
            column += wide
    width = 1 + max((x for _, x in grid), default=-1)
    paths = ([grid.get((y, x), "") for y in range(lines)] for x in range(width))
    return tuple(tuple(fold(text) for text in path if text) for path in paths)


def _spans(cell: LexborNode) -> tuple[int, int]:
    spans = [cell.attributes.get(name) or "1" for name in ("colspan", "rowspan")]
    if not all(span.isdecimal() and 0 < int(span) <= MOST_COLUMNS for span in spans):
        raise LayoutChanged(f"a heading spans {' x '.join(spans)} cells")
    return int(spans[0]), int(spans[1])


def _text(cell: LexborNode) -> str:
    return " ".join(cell.text().split())


def _export(text: str, capture: Capture) -> Table:
    """The one table of an export, below its title lines, which have a single field each.

    Headings take two lines where the first field of the upper one is empty.
    """
    lines = _fields(text)
    head = next((line for line in lines if len(line) > 1), None)
    if head is None:
        raise NotThisPage(f"neither a page nor an export at {capture.url}: {text[:60]!r}")
    heads = [head]
    if not head[0]:
        heads.append(next(lines, list[str]()))
        if len(heads[1]) != len(head):
            raise LayoutChanged(f"{len(heads[1])} headings below {len(head)} dates")
    columns = _columns([(name, 1, 1) for name in names] for names in heads)
    return Table(classes="csv", columns=columns, rows=tuple(Row(tuple(line)) for line in lines))


def _fields(text: str) -> Iterator[list[str]]:
    """The fields of each line that has some, space around them removed."""
    try:
        for line in csv.reader(text.splitlines(), delimiter=";", strict=True):
            fields = [" ".join(field.split()) for field in line]
            if any(fields):
                yield fields
    except csv.Error as error:
        raise LayoutChanged(f"the export is no CSV: {error}") from error
