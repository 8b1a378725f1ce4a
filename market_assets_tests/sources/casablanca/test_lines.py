"""The 81 lines, and the one that a page was asked for."""

import pytest

from market_assets.sources.casablanca.lines import asked_ticker, casablanca_line, casablanca_lines
from market_assets.sources.casablanca.medias24 import SOURCE
from market_assets.web.failures import NotThisPage


def test_the_lines_are_81_each_found_by_its_ticker():
    lines = casablanca_lines()
    assert len({line.ticker for line in lines}) == len({line.isin for line in lines}) == 81
    assert [casablanca_line(line.ticker) for line in lines] == list(lines)
    with pytest.raises(ValueError, match="unknown line: APPLE"):
        casablanca_line("APPLE")


@pytest.mark.parametrize("key", ["history/ATW", "ATW.csv", "inbox/ATW.csv", "ATW"])
def test_the_line_is_the_one_that_the_key_ends_in(key, page):
    assert asked_ticker(page(SOURCE, "", key=key)) == "ATW"


@pytest.mark.parametrize("key", ["history/", "history/APPLE", "page.html", "ATW/2026"])
def test_a_key_without_a_line_does_not_become_one(key, page):
    with pytest.raises(NotThisPage, match="names none"):
        asked_ticker(page(SOURCE, "", key=key))
