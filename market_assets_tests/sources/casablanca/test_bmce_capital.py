"""What BMCE Capital Bourse's pages say: cells by heading or class, lines by number or name."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.calendars.sessions import sessions_between
from market_assets.sandbox.casablanca import bmce_capital as sandbox
from market_assets.sandbox.casablanca.last_trade import last_trade
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.messages import Question
from market_assets.sources.casablanca.bmce_capital import SOURCE, history, parse, snapshot
from market_assets.sources.casablanca.bmce_lines import LIDS
from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets.sources.source import Ask
from market_assets.web.failures import EmptyPage, LayoutChanged, NotThisPage

FIRST, LAST = date(2026, 7, 15), date(2026, 10, 8)
VALUES = ("open", "high", "low", "close", "volume", "turnover")
HEADINGS = [
    "Valeur",
    "Date/Heure",
    "Ouverture",
    "Cours",
    "Variation %",
    "Quantité",
    "Volume",
    "+ Haut",
    "+ Bas",
]
ADDOHA = "Addoha|11.02.2022|11,97|11,79|-1,75%|623\xa0750|7\u202f399\u202f060,10|12,10|11,70"
CELLS = (
    ("datetime l", "08.10.2026"),
    ("open r", "680,00"),
    ("last r", "670,00"),
    ("high r", "1 680,50"),
    ("low r", "670,00"),
    ("volume r", "49\xa0319"),
    ("volume r", "33\u202f070\u202f916,70"),
    ("nc2_pr r", "-1,47%"),
)
READ = (date(2026, 10, 8), 680.0, 1680.5, 670.0, 670.0, 49319, 33070916.7)


def market_list(*rows, headings=HEADINGS, lid="2585582"):
    head = "".join(f"<th>{heading}</th>" for heading in headings)
    lines = ""
    for row in rows:
        name, *cells = row.split("|")
        link = f'<a href="/bkbbourse/details/{lid}%2C102%2C608">{name}</a>'
        lines += f"<tr><td> {link}\n</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    small = (
        "<table><tr><th>Valeur</th><th>Cours</th></tr><tr><td>Addoha</td><td>9</td></tr></table>"
    )
    return f"<html><body>{small}<table><tr>{head}</tr>{lines}</table></body></html>"


def hiku(*rows):
    lines = (
        f"<tr>{''.join(f'<td class={name!r}>{text}</td>' for name, text in cells)}</tr>"
        for cells in rows
    )
    head = "<tr><th>Date</th><th>Ouverture</th></tr>"
    return f"<html><div class='box hikuResult'><table>{head}{''.join(lines)}</table></div></html>"


def test_the_market_list_is_found_by_its_headings_and_read_by_them(page):
    quotes = parse(page(SOURCE, market_list(ADDOHA), key="list")).quotes
    assert quotes.select("ticker", "session", *VALUES).rows() == [
        ("ADH", date(2022, 2, 11), 11.97, 12.1, 11.7, 11.79, 623750, 7399060.1)
    ]


@pytest.mark.parametrize("order", [(0, 8, 7, 6, 5, 4, 3, 2, 1), (0, 3, 1, 2, 6, 5, 8, 7, 4)])
def test_the_order_of_the_headings_does_not_matter(order, page):
    texts = ADDOHA.split("|")
    body = market_list("|".join(texts[at] for at in order), headings=[HEADINGS[at] for at in order])
    assert_frame_equal(
        parse(page(SOURCE, body, key="list")).quotes.select(VALUES),
        parse(page(SOURCE, market_list(ADDOHA), key="list")).quotes.select(VALUES),
    )


def test_an_empty_cell_shifts_no_value(page):
    row = "Addoha|11.02.2022||11,79||||12,10|-"
    quotes = parse(page(SOURCE, market_list(row), key="list")).quotes
    assert quotes.select(VALUES).rows() == [(None, 12.1, None, 11.79, None, None)]


@pytest.mark.parametrize(
    ("row", "lid", "reason"),
    [
        (ADDOHA.replace("11.02.2022", "15:29:51"), "2585582", "15:29:51"),
        (ADDOHA.replace("623\xa0750", "1,282 M"), "2585582", "1,282 M"),
        (ADDOHA.replace("11,79", "-"), "2585582", "no close"),
        (ADDOHA, "5", "'Addoha' with the number 5 is no line that is known"),
        (ADDOHA.replace("Addoha", "RISMA"), "2585582", "is ADH and RIS"),
    ],
)
def test_a_row_that_cannot_be_read_is_put_aside_with_its_text(row, lid, reason, page):
    parsed = parse(page(SOURCE, market_list(row, lid=lid), key="list"))
    assert parsed.quotes.is_empty()
    assert reason in parsed.refused[0].reason
    assert parsed.refused[0].text == row.replace("|", " | ")


@pytest.mark.parametrize("name", ["RISMA", "Risma", "RIS"])
def test_a_line_is_known_by_its_name_or_ticker_whatever_its_number(name, page):
    body = market_list(ADDOHA.replace("Addoha", name), lid="77")
    assert parse(page(SOURCE, body, key="list")).quotes["ticker"].to_list() == ["RIS"]


def test_no_name_or_ticker_is_that_of_two_lines():
    names = [{line.name.casefold(), line.ticker.casefold()} for line in casablanca_lines()]
    assert sum(map(len, names)) == len(set.union(*names))
    assert set(LIDS) <= {line.ticker for line in casablanca_lines()}
    assert len(set(LIDS.values())) == len(LIDS)


def test_a_list_with_another_heading_is_a_changed_layout_that_names_it(page):
    headings = [heading.replace("Quantité", "Titres") for heading in HEADINGS]
    with pytest.raises(LayoutChanged, match="Quantité"):
        parse(page(SOURCE, market_list(ADDOHA, headings=headings), key="list"))


def test_a_list_row_with_a_cell_too_few_is_a_changed_layout(page):
    with pytest.raises(LayoutChanged, match="8 cells below 9 headings"):
        parse(page(SOURCE, market_list(ADDOHA.rpartition("|")[0]), key="list"))


def test_a_list_or_history_without_rows_is_an_empty_page(page):
    with pytest.raises(EmptyPage, match="no row"):
        parse(page(SOURCE, market_list(), key="list"))
    with pytest.raises(EmptyPage, match="no row"):
        parse(page(SOURCE, hiku()))


def test_a_page_of_the_publisher_that_is_neither_is_a_changed_layout(page):
    home = "<html><a href='/bkbbourse/statique/home'>Accueil</a><table></table></html>"
    with pytest.raises(LayoutChanged, match="neither"):
        parse(page(SOURCE, home))
    with pytest.raises(NotThisPage, match="neither"):
        parse(page(SOURCE, "<html><table><tr><td>1</td></tr></table></html>"))


@settings(max_examples=25, deadline=None)
@given(order=st.permutations([0, 1, 2, 3, 4, 7]), place=st.integers(0, 6))
def test_a_history_is_read_by_class_whatever_the_order_of_its_cells(order, place, page):
    cells = [CELLS[at] for at in order]
    cells[place:place] = CELLS[5:7]
    quotes = parse(page(SOURCE, hiku(cells))).quotes
    assert quotes.select("ticker", "session", *VALUES).rows() == [("ATW", *READ)]


@pytest.mark.parametrize("at", range(7))
def test_an_empty_cell_of_a_history_is_null_and_shifts_nothing(at, page):
    cells = [(name, "" if at == place else text) for place, (name, text) in enumerate(CELLS)]
    parsed = parse(page(SOURCE, hiku(cells)))
    if at in {0, 2}:
        assert parsed.quotes.is_empty()
        assert len(parsed.refused) == 1
    else:
        emptied = {1: 1, 3: 2, 4: 3, 5: 5, 6: 6}[at]
        expected = tuple(None if place == emptied else x for place, x in enumerate(READ))
        assert parsed.quotes.select("session", *VALUES).rows() == [expected]


@pytest.mark.parametrize("name", ["datetime", "open", "last", "high", "low", "volume"])
def test_a_missing_class_is_a_changed_layout_that_names_it(name, page):
    cells = [(kind.replace(name, "x"), text) for kind, text in CELLS]
    with pytest.raises(LayoutChanged, match=f"td.{name} comes 0 times"):
        parse(page(SOURCE, hiku(CELLS, cells)))


def test_one_volume_is_not_taken_for_either_unit(page):
    with pytest.raises(LayoutChanged, match=r"td\.volume comes 1 times, not 2"):
        parse(page(SOURCE, hiku(CELLS[:6])))


def test_rows_that_come_twice_are_both_kept_and_bad_ones_put_aside(page):
    bad = (("datetime l", "8 oct."), *CELLS[1:])
    parsed = parse(page(SOURCE, hiku(CELLS, CELLS, bad)))
    assert parsed.quotes.height == 2
    assert parsed.refused[0].text.startswith("8 oct. | 680,00 | 670,00")


def test_a_history_whose_key_names_no_line_is_refused(page):
    with pytest.raises(NotThisPage, match="names none"):
        parse(page(SOURCE, hiku(CELLS), key="saved.html"))


def test_a_snapshot_is_one_question(asked):
    requests, _ = asked(SOURCE, snapshot, sandbox.answer, [LAST])
    assert [(request.key, request.path) for request in requests] == [
        ("list", "/bkbbourse/lists/TK")
    ]
    assert requests[0].params["q"] == "AE31180F8E3BE20E762758E81EDC1204"


def test_histories_are_asked_by_the_numbers_known_and_learnt(asked):
    requests, captures = asked(SOURCE, history, sandbox.answer, [FIRST, LAST])
    assert requests[0].key == "links"
    assert parse(captures[0]).quotes.is_empty()
    assert {request.key for request in requests[1:]} == {
        f"history/{line.ticker}" for line in casablanca_lines()
    }
    paths = {request.key: request.path for request in requests}
    assert paths["history/SNA"] == "/bkbbourse/details/hiku/138953776,102,608"


@pytest.mark.parametrize("lid", ["4", None])
def test_a_learnt_number_replaces_the_known_one_and_a_strange_name_teaches_nothing(lid, page):
    rows = [ADDOHA.replace("Addoha", "RISMA"), ADDOHA.replace("Addoha", "Maroc Telecom")]
    body = market_list(*rows, lid=lid) if lid else market_list(*rows).replace("/details/", "/x/")
    talk = history(Ask(sessions=(LAST,), lines=casablanca_lines()))
    next(talk)
    paths = {}
    request = talk.send(page(SOURCE, body, key="links"))
    while request:
        paths[request.key] = request.path
        request = next(talk, None)
    assert set(paths) == {f"history/{ticker}" for ticker in LIDS}
    assert paths["history/RIS"] == f"/bkbbourse/details/hiku/{lid or LIDS['RIS']},102,608"


def test_the_sandbox_list_says_each_lines_last_trade(asked, told, stated, market):
    _, captures = asked(SOURCE, snapshot, sandbox.answer, [LAST])
    last = [last_trade(market, line.ticker, LAST) for line in market.lines]
    parsed = parse(captures[0])
    assert_frame_equal(stated([parsed], VALUES), told([t for t in last if t], VALUES))
    assert len(parsed.refused) == last.count(None)


def test_the_sandbox_histories_say_the_truth_of_every_session(asked, told, stated, market):
    sessions = sessions_between("XCAS", FIRST, LAST)
    _, captures = asked(SOURCE, history, sandbox.answer, sessions, tickers={"ATW", "REB", "SAM"})
    parsed = [parse(capture) for capture in captures]
    days = market.sessions[: market.ordinal(LAST) + 1][-sandbox.DEPTH :]
    truths = [t for name in ("ATW", "REB", "SAM") for t in market.history(name, days[0], LAST)]
    assert_frame_equal(stated(parsed, VALUES), told(truths, VALUES))
    assert not any(p.refused for p in parsed)


def test_the_sandbox_knows_no_other_number(market):
    question = Question(method="GET", path="/bkbbourse/details/hiku/1,102,608")
    assert sandbox.answer(question, market, Moment(now=None, session=LAST)).status == 404
