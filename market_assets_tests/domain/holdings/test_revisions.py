"""What of a page's captures stands, and when the rest was replaced."""

from datetime import date, timedelta

from market_assets.domain.holdings.revisions import revisions
from market_assets_tests.domain.holdings.holding_rows import KNOWN, said, statements

FRIDAY = date(2026, 1, 9)
LATER, LAST = KNOWN + timedelta(hours=1), KNOWN + timedelta(hours=2)


def rows(at, capture, **shares) -> list[dict]:
    return [
        said("hkex_southbound", "southbound", count, code=code, session=FRIDAY)
        | {"known_at": at, "capture_id": capture}
        for code, count in shares.items()
    ]


def told(*captures: list[dict]) -> list[tuple]:
    said_all = statements(*(row for capture in captures for row in capture))
    return revisions(said_all).select("code", "shares", "capture_id", "replaced_at").rows()


def test_a_capture_that_repeats_the_page_adds_nothing():
    first, again = rows(KNOWN, "first", a=1, b=2), rows(LATER, "again", a=1, b=2)
    assert told(first, again) == [("a", 1, "first", None), ("b", 2, "first", None)]


def test_what_changed_replaces_what_was_known_and_the_rest_stands():
    first, again = rows(KNOWN, "first", a=1, b=2), rows(LATER, "again", a=1, b=3)
    assert told(first, again) == [
        ("a", 1, "first", None),
        ("b", 2, "first", LATER),
        ("b", 3, "again", None),
    ]


def test_a_code_that_a_later_page_does_not_list_stands_no_more_and_may_come_back():
    first, without = rows(KNOWN, "first", a=1, b=2), rows(LATER, "without", a=1)
    assert told(first, without) == [("a", 1, "first", None), ("b", 2, "first", LATER)]
    back = rows(LAST, "back", a=1, b=2)
    assert told(first, without, back) == [
        ("a", 1, "first", None),
        ("b", 2, "first", LATER),
        ("b", 2, "back", None),
    ]
