"""Which pages and rows are put aside, and with what reason."""

from datetime import date

from market_assets.domain.holdings.screening import screened
from market_assets.domain.refusals import REFUSED
from market_assets_tests.domain.holdings.holding_rows import START, said, statements

FRIDAY, SATURDAY, MONDAY = date(2026, 1, 9), date(2026, 1, 10), date(2026, 1, 12)
SESSIONS = [FRIDAY, MONDAY, date(2026, 1, 13)]


def page(session: date, shares: list[int | None], **values) -> list[dict]:
    return [
        said("hkex_southbound", "southbound", s, code=f"{k:05}", session=session, **values)
        for k, s in enumerate(shares)
    ]


def reasons(*pages: list[dict]) -> list[tuple]:
    result = screened(statements(*(row for rows in pages for row in rows)), sessions=SESSIONS)
    assert result.refused.schema == REFUSED
    assert result.kept.height + result.refused.height == sum(map(len, pages))
    return result.refused.select("session", "reason").unique().sort("session", "reason").rows()


def test_a_saturday_that_repeats_friday_never_becomes_a_session():
    shares = list(range(100, 200))
    assert reasons(page(FRIDAY, shares), page(SATURDAY, shares), page(MONDAY, shares)) == [
        (SATURDAY, "not a session: repeats 2026-01-09")
    ]
    assert reasons(page(FRIDAY, shares), page(SATURDAY, shares[::-1])) == [
        (SATURDAY, "not a session")
    ]


def test_a_page_whose_aggregate_jumps_is_held_back_whole_and_not_compared_with_again():
    before = [1000] * 100
    jump = page(MONDAY, [1100] * 100)
    after = page(SESSIONS[2], [1010] * 100)
    assert reasons(page(FRIDAY, before), jump, after) == [
        (MONDAY, "page held back: all shares together moved by +10.0% since 2026-01-09")
    ]
    assert reasons(page(FRIDAY, before), page(MONDAY, [1040] * 100)) == []


def test_a_split_of_the_largest_stock_holds_nothing_back():
    assert (
        reasons(page(FRIDAY, [9_000_000, *[1000] * 99]), page(MONDAY, [45_000_000, *[1000] * 99]))
        == []
    )


def test_a_page_of_thirds_is_held_back():
    assert reasons(page(FRIDAY, [900] * 100), page(MONDAY, [300] * 100)) == [
        (MONDAY, "page held back: 100.0% of the holdings leapt since 2026-01-09")
    ]


def test_a_page_on_which_stocks_vanish_is_held_back():
    assert reasons(page(FRIDAY, [900] * 100), page(MONDAY, [900] * 94)) == [
        (MONDAY, "page held back: 6.0% of the stocks of 2026-01-09 vanished")
    ]
    assert reasons(page(FRIDAY, [900] * 100), page(MONDAY, [900] * 95)) == []


def test_rows_that_say_nothing_or_two_things_are_put_aside():
    row = said("hkex_southbound", "southbound", 5)
    rows = [row, row, row | {"code": "00001"}, row | {"code": "00001", "shares": 6}]
    result = screened(statements(*rows, row | {"code": "2", "shares": None}), sessions=[START])
    assert result.kept["code"].to_list() == ["00700"]
    assert result.refused.select("ticker", "reason").rows() == [
        ("00001", "conflicting rows"),
        ("00001", "conflicting rows"),
        ("00700", "duplicate row"),
        ("2", "no shares"),
    ]
    assert result.refused["text"][0] == "00001 2026-01-05 southbound shares 5 percent -"
