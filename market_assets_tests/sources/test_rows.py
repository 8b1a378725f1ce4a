"""What a field missing from some rows or all is, and whose row was refused."""

from datetime import date

import pytest
from polars.testing import assert_frame_equal

from market_assets.domain.quotes.rows import QUOTES
from market_assets.sources.casablanca.medias24 import SOURCE
from market_assets.sources.refusals import RowRefused
from market_assets.sources.rows import as_rows, json_text, quoted, read_rows, stamped
from market_assets.sources.source import Refused
from market_assets.web.failures import EmptyPage, LayoutChanged

DAY = date(2026, 10, 8)


def read(item):
    yield {"ticker": item["ticker"]}
    yield {"session": date.fromisoformat(item["day"])}
    yield {"close": item["close"] and float(item["close"])}


def test_a_field_that_only_some_rows_lack_is_null_there():
    items = [{"a": 1}, {"b": None}]
    assert as_rows(items, fields=("a", "b"), what="a list") == items


def test_a_field_that_every_row_lacks_is_a_changed_layout_that_names_it():
    with pytest.raises(LayoutChanged, match=r"no row of a list has \['c'\], but \['a', 'b'\]"):
        as_rows([{"a": 1}, {"b": 2}], fields=("a", "b", "c"), what="a list")


def test_no_row_is_an_empty_page_and_another_shape_a_changed_layout():
    with pytest.raises(EmptyPage, match="a list has no row"):
        as_rows([], fields=("a",), what="a list")
    for value in (None, {}, [1], [{"a": 1}, []]):
        with pytest.raises(LayoutChanged, match="a list is no JSON"):
            as_rows(value, fields=("a",), what="a list")


@pytest.mark.parametrize(
    ("changed", "ticker", "session", "reason"),
    [
        ({"close": None}, "ATW", DAY, "no close is stated"),
        ({"close": "x"}, "ATW", DAY, "could not convert"),
        ({"day": "8 oct."}, "ATW", None, "8 oct."),
    ],
)
def test_a_refused_row_says_whose_it_is_as_far_as_it_was_read(changed, ticker, session, reason):
    whole = {"ticker": "ATW", "day": "2026-10-08", "close": "670"}
    rows, (refused,) = read_rows([whole, whole | changed], read, json_text)
    assert rows == [{"ticker": "ATW", "session": DAY, "close": 670.0}]
    assert reason in refused.reason
    assert refused == Refused(
        text=json_text(whole | changed), reason=refused.reason, ticker=ticker, session=session
    )


def test_a_refused_row_is_of_the_kind_that_was_said_or_just_a_row():
    def refuse(fault):
        raise fault
        yield

    faults = [RowRefused("stale", "an old price"), ValueError("odd")]
    _, refused = read_rows(faults, refuse, str)
    assert [(x.kind, x.reason) for x in refused] == [("stale", "an old price"), ("row", "odd")]


@pytest.mark.parametrize("dated", [True, False])
def test_quotes_say_whether_their_page_is_dated(page, dated):
    row = {"ticker": "ATW", "session": DAY, "close": 670.0}
    frame = quoted([row], page(SOURCE, ""), dated=dated)
    assert_frame_equal(frame.drop("dated"), stamped([row], QUOTES, page(SOURCE, "")).drop("dated"))
    assert frame["dated"].to_list() == [dated]


def test_rows_are_stamped_with_their_capture_and_null_where_nothing_is_stated(page):
    capture = page(SOURCE, "")
    frame = stamped([{"ticker": "ATW", "session": DAY, "close": 670.0}], QUOTES, capture)
    (row,) = frame.rows(named=True)
    assert {name: value for name, value in row.items() if value is not None} == {
        "ticker": "ATW",
        "session": DAY,
        "close": 670.0,
        "source": "medias24",
        "capture_id": "00000000",
        "known_at": capture.fetched_at,
    }
    assert_frame_equal(stamped([], QUOTES, capture), QUOTES.to_frame())
