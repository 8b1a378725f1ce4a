"""A page that is not there, not whole or another's is told from one that is."""

import pytest

from market_assets.sources import reading
from market_assets.sources.casablanca import bmce_capital, investing, medias24, tradingview, yahoo
from market_assets.web.failures import (
    Blocked,
    EmptyPage,
    LayoutChanged,
    NotThisPage,
    RateLimited,
    Unavailable,
)

SOURCES = [module.SOURCE for module in (medias24, investing, yahoo, tradingview, bmce_capital)]
JSON = [source for source in SOURCES if source.name != "bmce_capital"]
CHALLENGE = "<!DOCTYPE html><html><title>Just a moment...</title></html>"
OTHER = "<!DOCTYPE html><html><title>Another publisher</title><table><tr><td>1</td></tr></table>"


def names(sources):
    return {"argvalues": sources, "ids": [source.name for source in sources]}


@pytest.mark.parametrize("source", **names(SOURCES))
@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (404, NotThisPage),
        (410, NotThisPage),
        (403, Blocked),
        (401, Blocked),
        (429, RateLimited),
        (503, Unavailable),
    ],
)
def test_a_status_other_than_200_is_no_page(source, status, failure, page):
    with pytest.raises(failure):
        source.parse(page(source, "{}", status=status))


@pytest.mark.parametrize("source", **names(SOURCES))
def test_a_body_without_bytes_is_an_empty_page(source, page):
    for body in (b"", b"  \n", b"\xef\xbb\xbf"):
        with pytest.raises(EmptyPage, match="without a body"):
            source.parse(page(source, body))


@pytest.mark.parametrize("source", **names(SOURCES))
def test_a_challenge_page_is_a_refusal_to_serve(source, page):
    for status in (200, 503):
        with pytest.raises(Blocked, match="challenge"):
            source.parse(page(source, CHALLENGE, status=status))


@pytest.mark.parametrize("source", **names(SOURCES))
def test_bytes_that_are_not_utf_8_are_a_changed_layout(source, page):
    for body in ('<html>"é"</html>', '{"é": 1}'):
        with pytest.raises(LayoutChanged, match="is not UTF-8"):
            source.parse(page(source, body.encode("latin-1")))


def test_a_byte_order_mark_is_no_part_of_the_text(page):
    for body in (b"\xef\xbb\xbf {}\n", b"{}"):
        assert reading.body_text(page(medias24.SOURCE, body)) == "{}"


@pytest.mark.parametrize("value", [None, 1, "text", [], {}, [1], [[]]])
def test_what_has_another_shape_than_expected_is_never_nothing(value):
    shapes = {reading.as_object: value == {}, reading.as_list: isinstance(value, list)}
    for shape, fits in (shapes | {reading.as_objects: value == []}).items():
        if fits:
            assert shape(value, "the answer") == value
        else:
            with pytest.raises(LayoutChanged, match=r"is no JSON (object|list) but"):
                shape(value, "the answer")


@pytest.mark.parametrize("source", **names(SOURCES))
def test_another_publishers_page_is_not_this_page(source, page):
    with pytest.raises(NotThisPage):
        source.parse(page(source, OTHER))


@pytest.mark.parametrize("source", **names(JSON))
@pytest.mark.parametrize("body", ['{"result": [{"date": "08/10', '{"data": [', "[]", "null"])
def test_json_that_is_cut_or_of_another_shape_is_a_changed_layout(source, body, page):
    with pytest.raises(LayoutChanged):
        source.parse(page(source, body))


def test_json_where_html_belongs_is_not_this_page(page):
    with pytest.raises(NotThisPage, match="no HTML"):
        bmce_capital.parse(page(bmce_capital.SOURCE, '{"data": []}'))


@pytest.mark.parametrize("text", ["8/10/2026", "2026-10-08", "08/10/26", " 08/10/2026", None, 3])
def test_a_day_of_another_form_is_refused_with_its_text(text):
    with pytest.raises(ValueError, match=str(text)):
        reading.stated_day(text, "%d/%m/%Y")


@pytest.mark.parametrize("source", **names(SOURCES))
def test_every_source_says_that_no_terms_were_read_and_nothing_was_tried_live(source):
    assert source.terms.startswith("Nobody has read")
    assert source.verified.startswith("Not tried live.")
    assert source.group == source.name


def test_the_sources_behind_a_wall_or_without_lines_are_off_by_default():
    assert {s.name for s in SOURCES if not s.live} == {"medias24", "investing", "yahoo"}
    assert {s.name for s in SOURCES if not s.states_date} == {"tradingview"}
