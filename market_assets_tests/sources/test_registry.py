"""The register of sources: each once, found by name, and none taking another's page."""

from datetime import date

import pytest

from market_assets.domain.quotes.rows import QUOTES
from market_assets.sandbox.casablanca import (
    african_markets,
    bmce_capital,
    casablanca_bourse,
    cdg_capital,
    investing,
    medias24,
    tradingview,
    wafabourse,
)
from market_assets.sources.hkex.subjects import SUBJECTS
from market_assets.sources.registry import CASABLANCA, HKEX, SOURCES, source
from market_assets.web.failures import SourceFailure

SESSION = date(2026, 10, 8)
FORMATS = {
    "casablanca_bourse": casablanca_bourse,
    "african_markets": african_markets,
    "wafabourse": wafabourse,
    "cdg_capital": cdg_capital,
}


def test_each_source_is_registered_once_and_found_by_its_name():
    names = [registered.name for registered in SOURCES]
    assert len(set(names)) == len(names) == 28
    assert [source(name) for name in names] == list(SOURCES)


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(
        LookupError, match="'bloomberg'; there are african_lists, african_markets, afx, bceao"
    ):
        source("bloomberg")


def test_a_source_gives_only_what_its_market_knows_and_has_something_to_ask():
    stamps = {"dated", "source", "capture_id", "known_at"}
    for registered in CASABLANCA:
        assert registered.market == "casablanca"
        assert registered.gives <= set(QUOTES.names()) - stamps
    for registered in HKEX:
        assert registered.market == "hkex"
        assert registered.gives
        assert registered.gives <= set(SUBJECTS)
    assert all(registered.snapshot or registered.history for registered in SOURCES)


def test_the_exchange_alone_is_official_and_one_engine_counts_once():
    assert [x.name for x in CASABLANCA if x.official] == ["casablanca_bourse"]
    assert {x.name for x in SOURCES if x.group == "nt-soft"} == {"wafabourse", "cdg_capital"}


def test_the_two_channels_speak_together_and_hkexnews_with_one_voice():
    assert all(x.official for x in HKEX)
    groups = {x.name: x.group for x in HKEX}
    assert {name for name, group in groups.items() if group == "mainland"} == {
        "sse_southbound",
        "szse_southbound",
    }
    assert {group for name, group in groups.items() if name.startswith("hkex")} == {"hkex"}


def test_what_terms_forbid_to_ask_by_program_is_asked_only_when_switched_on():
    assert {x.name for x in HKEX if x.live} == {"sse_southbound", "szse_southbound"}


def test_what_a_source_does_not_give_is_null_in_its_rows(asked):
    for name, pages in FORMATS.items():
        registered = source(name)
        _, captures = asked(registered, registered.snapshot, pages.answer, [SESSION])
        for capture in captures:
            quotes = registered.parse(capture).quotes
            rest = quotes.drop("dated", "ticker", "session", "source", "capture_id", "known_at")
            empty = {c for c in rest.columns if rest[c].null_count() == rest.height}
            assert quotes.is_empty() or set(rest.columns) - empty == registered.gives


@pytest.mark.parametrize(
    ("name", "pages", "snapshot", "history"),
    [
        ("casablanca_bourse", casablanca_bourse, {False}, {True}),
        ("wafabourse", wafabourse, {False}, {True}),
        ("tradingview", tradingview, {False}, None),
        ("cdg_capital", cdg_capital, {True}, None),
        ("bmce_capital", bmce_capital, {True}, {True}),
        ("african_markets", african_markets, {True}, set()),
        ("medias24", medias24, None, {True}),
        ("investing", investing, None, {True}),
    ],
)
def test_each_row_says_whether_its_own_page_is_dated(name, pages, snapshot, history, asked):
    registered = source(name)
    for ask, expected in ((registered.snapshot, snapshot), (registered.history, history)):
        assert (ask is None) == (expected is None)
        if ask is not None:
            _, captures = asked(registered, ask, pages.answer, [SESSION], tickers={"ATW"})
            told = {x for page in captures for x in registered.parse(page).quotes["dated"]}
            assert told == expected


@pytest.mark.parametrize("name", FORMATS)
def test_another_publishers_page_is_never_taken_for_ones_own(name, asked, page):
    registered = source(name)
    for other, pages in FORMATS.items():
        if other == name:
            continue
        _, captures = asked(source(other), source(other).snapshot, pages.answer, [SESSION])
        for capture in captures:
            with pytest.raises(SourceFailure):
                registered.parse(page(registered, capture.body, key="page"))


@pytest.mark.parametrize("name", FORMATS)
def test_a_page_cut_anywhere_is_a_failure_or_the_whole_page(name, asked, page):
    registered = source(name)
    _, captures = asked(registered, registered.snapshot, FORMATS[name].answer, [SESSION])
    for capture in captures:
        if capture.key == "home":
            continue
        whole = registered.parse(capture)
        for part in range(1, 12):
            cut = capture.body[: len(capture.body) * part // 12]
            try:
                parsed = registered.parse(page(registered, cut, key=capture.key))
            except SourceFailure:
                continue
            assert parsed.quotes.equals(whole.quotes)
            assert parsed.refused == whole.refused
