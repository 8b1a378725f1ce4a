"""Drift is a layout that is new for its kind of page, told with the one before."""

from datetime import UTC, date, datetime

import polars as pl

from market_assets.domain.layouts import PAGE_LAYOUTS, Drift, drifts


def captured(*pages: tuple[int, str, bool], page: str = "list") -> pl.DataFrame:
    """A page a day of November: the day, its layout, whether it could be used."""
    return pl.DataFrame(
        [
            (
                *(date(2026, 11, day), "bmce_capital", page, layout, usable),
                *(1, f"{day}", datetime(2026, 11, day, 18, tzinfo=UTC)),
            )
            for day, layout, usable in pages
        ],
        schema=PAGE_LAYOUTS,
        orient="row",
    )


def told(*frames: pl.DataFrame) -> list[tuple[int, str, str]]:
    return [(each.session.day, each.was, each.layout) for each in drifts(pl.concat(frames))]


def test_the_first_pages_of_a_kind_have_nothing_to_be_compared_with():
    assert told(captured((2, "a", True)), captured((3, "b", True), page="history")) == []


def test_a_new_layout_that_can_be_used_drifts_once():
    pages = captured((2, "a", True), (3, "b", True), (4, "b", True), (5, "a", True))
    assert told(pages) == [(3, "a", "b")]


def test_a_layout_that_cannot_be_used_drifts_as_long_as_it_lasts():
    pages = captured((2, "a", True), (3, "x", False), (4, "x", False), (5, "a", True))
    assert told(pages) == [(3, "a", "x"), (4, "a", "x")]


def test_a_page_that_breaks_off_but_is_built_as_ever_does_not_drift():
    assert told(captured((2, "a", True), (3, "a", False))) == []


def test_what_counts_is_when_a_page_was_captured_not_the_order_of_the_rows():
    assert told(captured((3, "b", True)), captured((2, "a", True))) == [(3, "a", "b")]


def test_both_fingerprints_are_told():
    [drift] = drifts(captured((2, "a", True), (3, "b", True)))
    assert isinstance(drift, Drift)
    assert str(drift) == "bmce_capital list of 2026-11-03: was a, is b"
