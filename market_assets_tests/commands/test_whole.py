"""Tables printed whole: nothing is cut or broken, and what fits is printed as it is."""

from io import StringIO

import pytest
from rich.console import Console
from rich.table import Table

from market_assets.commands.whole import print_whole


@pytest.mark.parametrize(("width", "then"), [(10, 24), (24, 24), (80, 80)])
def test_a_row_is_one_line_however_narrow_the_console(width: int, then: int):
    printed = StringIO()
    console = Console(file=printed, width=width)
    table = Table("name", "figure", box=None, pad_edge=False)
    table.add_row("a name of words", "1234567")
    print_whole(console, table)
    assert console.width == then
    lines = printed.getvalue().splitlines()
    assert [line.rstrip() for line in lines] == [
        "name             figure",
        "a name of words  1234567",
    ]
