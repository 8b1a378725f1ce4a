"""The fingerprint of a page follows its structure and nothing else."""

import json

import pytest

from market_assets.sources.layout import layout
from market_assets_tests.sources.workbooks import workbook

PAGE = (
    '<html><body><div class="site mt-4"><table class="list uid-5f3a"><tr><th>Company</th>'
    "<th>Price</th><th>Le 20/11/2026</th></tr>{rows}</table></div></body></html>"
)
ROW = "<tr><td>ATW</td><td>512.00</td><td>-1.2</td></tr>"


def page(*rows: str) -> bytes:
    return PAGE.format(rows="".join(rows)).encode()


def test_html_is_told_by_the_path_to_its_table_its_headings_and_its_columns():
    assert layout(page(ROW)) == (
        "html html>body>div.site>table.list [Company | Price | Le 0/0/0] 3 columns"
    )


def test_html_of_another_day_is_built_alike():
    other = page(ROW, ROW.replace("512.00", "9")).replace(b"20/11/2026", b"3/1/2027")
    assert layout(other.replace(b"uid-5f3a", b"uid-9b77")) == layout(page(ROW))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b">Price<", b">Last<"),
        (b"<th>Company</th><th>Price</th>", b"<th>Price</th><th>Company</th>"),
        (b"<td>ATW</td>", b"<td>ATW</td><td>MA0000012445</td>"),
        (b'class="list', b'class="quotes'),
        (b'<div class="site mt-4">', b'<div class="site mt-4"><section>'),
    ],
)
def test_html_with_another_heading_order_column_class_or_path_is_not(before, after):
    assert layout(page(ROW).replace(before, after)) != layout(page(ROW))


def test_html_without_headings_is_told_by_the_classes_of_its_cells():
    body = b'<table><tr><td class="code">1</td><td class="held">2</td></tr></table>'
    assert layout(body) == "html html>body>table [td.code | td.held] 2 columns"


def test_html_that_carries_json_is_told_by_its_fields_too():
    island = b'<html><body><script type="application/json">{"live": [{"a": 1}]}</script></body>'
    assert layout(island) == "html json {live[{a}]}"


def test_json_is_told_by_its_fields_whatever_their_order_and_values():
    told = {"data": [{"Cours": 1.5, "Symbol": "ATW"}, {"Symbol": None, "Volume": 3}], "n": 2}
    assert layout(json.dumps(told).encode()) == "json {data[{Cours, Symbol, Volume}], n}"
    turned = {"n": 81, "data": [{"Volume": 0, "Symbol": "IAM", "Cours": None}]}
    assert layout(json.dumps(turned).encode()) == layout(json.dumps(told).encode())
    renamed = {"n": 81, "data": [{"Volume": 0, "Symbol": "IAM", "Last": None}]}
    assert layout(json.dumps(renamed).encode()) != layout(json.dumps(told).encode())


def test_json_that_breaks_off_is_unreadable():
    assert layout(b'{"data": [{"Cours": 1.5}') == "json unreadable"


@pytest.mark.parametrize("inline", [True, False])
def test_a_workbook_is_told_by_its_header_below_its_title(inline):
    rows = [["Holdings of 2026-11-20"], ["Code", "Name", "Shares"], ["00700", "TENCENT", 5]]
    assert layout(workbook(rows, inline=inline)) == "sheet [Code | Name | Shares]"
    swapped = [rows[0], ["Code", "Shares", "Name"], ["00700", 5, "TENCENT"]]
    assert layout(workbook(swapped, inline=inline)) == "sheet [Code | Shares | Name]"


def test_a_broken_workbook_is_unreadable():
    assert layout(workbook([["Code", "Name"]], inline=True)[:200]) == "sheet unreadable"


def test_other_text_is_told_by_its_first_line():
    assert layout(b"FREQ,CURRENCY,OBS_2026\r\nD,USD,1.08\r\n") == "text FREQ,CURRENCY,OBS_0"
