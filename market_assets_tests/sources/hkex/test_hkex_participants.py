"""The CCASS search of one stock: the real page, its completeness and its traps."""

from datetime import date

import polars as pl
import pytest

from market_assets.domain.holdings.rows import PARTICIPANT_SUMMARY, PARTICIPANTS
from market_assets.sources.hkex.hkex_participants import SOURCE, history, parse
from market_assets.sources.source import Ask
from market_assets.web.failures import (
    EmptyPage,
    Incomplete,
    LayoutChanged,
    OutOfRange,
    Unavailable,
)
from market_assets_tests.sources.hkex.pages import SESSION, form, holder, search, total

ROWS = (
    holder("A00003", "CHINA SECURITIES DEPOSITORY AND CLEARING", "544,488,952", "5.95%"),
    holder("", "HONG KONG SECURITIES CLEARING CO. LTD.", "100", "0.00%"),
    holder("B01234", "BROKER &amp; SONS", "-1,000", "0.00%"),
    holder("", "KO TIN FOOK *", "44,000", "0.00%"),
)
TOTALS = (
    total("Market Intermediaries", "544,488,052", "3"),
    total("Consenting Investor Participants", "44,000", "1"),
    total("Non-consenting Investor Participants", "4,184,674", "344"),
    total("Total", "548,716,726", "348"),
)


def test_the_real_page_of_2025_is_complete(samples, saved):
    body = (samples / "hkex/html/searchsdw_00700_2025-11-08_dom.html").read_bytes()
    parsed = parse(saved(SOURCE, body))
    holders, summary = (
        parsed.tables["participant_holdings"],
        parsed.tables["participant_summaries"],
    )
    assert (holders.schema, summary.schema) == (PARTICIPANTS, PARTICIPANT_SUMMARY)
    assert holders.height == 408
    assert holders["consenting"].sum() == 6
    assert holders["participant_id"].null_count() == 6
    assert set(holders["session"]) == {date(2025, 11, 8)}
    china = holders.filter(pl.col("participant_id") == "A00003").row(0, named=True)
    assert (china["code"], china["shares"], china["percent"]) == ("00700", 544_488_952, 5.95)
    assert summary.drop("source", "capture_id", "known_at").row(0, named=True) == {
        "code": "00700",
        "session": date(2025, 11, 8),
        "intermediaries_shares": 7_065_594_743,
        "intermediaries": 402,
        "consenting_shares": 44_000,
        "consenting": 6,
        "non_consenting_shares": 4_184_674,
        "non_consenting": 344,
        "total_shares": 7_069_823_417,
        "issued_shares": 9_144_770_041,
    }


def test_holders_keep_their_kind(saved):
    parsed = parse(saved(SOURCE, search(*ROWS, totals=TOTALS)))
    columns = ("participant_id", "participant", "consenting", "shares", "percent")
    assert parsed.tables["participant_holdings"].select(columns).rows() == [
        ("A00003", "CHINA SECURITIES DEPOSITORY AND CLEARING", False, 544_488_952, 5.95),
        (None, "HONG KONG SECURITIES CLEARING CO. LTD.", False, 100, 0.0),
        ("B01234", "BROKER & SONS", False, -1000, 0.0),
        (None, "KO TIN FOOK", True, 44_000, 0.0),
    ]


def test_percentages_may_have_no_column_and_the_summary_may_lack_rows(saved):
    rows = (holder("A00003", "CHINA", "1,000"),)
    page = search(*rows, totals=(total("Market Intermediaries", "1,000", "1"),))
    parsed = parse(saved(SOURCE, page))
    assert parsed.tables["participant_holdings"]["percent"].to_list() == [None]
    summary = parsed.tables["participant_summaries"].row(0, named=True)
    assert (summary["intermediaries"], summary["consenting"]) == (1, None)
    assert (summary["consenting_shares"], summary["total_shares"]) == (None, None)


@pytest.mark.parametrize(
    ("rows", "counted"),
    [
        (ROWS[:-1], "3 rows with 544,488,052 shares"),
        ((*ROWS[1:], ROWS[1]), "4 rows with 43,200 shares"),
        ((*ROWS, ROWS[-1]), "5 rows with 544,576,052 shares"),
    ],
)
def test_a_page_that_breaks_its_own_totals_is_not_used(saved, rows, counted):
    with pytest.raises(Incomplete, match=f"{counted}, .* states 4 with 544,532,052"):
        parse(saved(SOURCE, search(*rows, totals=TOTALS)))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (holder("B01234", "BROKER", "1000"), "'1000' is not a count of shares"),
        ("<tr><td class='col-participant-id'></td></tr>", "no cell says anything of"),
    ],
)
def test_a_holder_that_cannot_be_read_spoils_the_page(saved, bad, reason):
    with pytest.raises(Incomplete, match=reason):
        parse(saved(SOURCE, search(*ROWS, bad, totals=TOTALS)))


def test_the_day_was_written_day_first_in_2019(saved):
    for text in ("30/10/2019", "2019/10/30"):
        parsed = parse(saved(SOURCE, search(*ROWS, totals=TOTALS, day=text, stock="1")))
        row = parsed.tables["participant_summaries"].row(0, named=True)
        assert (row["session"], row["code"]) == (date(2019, 10, 30), "00001")


@pytest.mark.parametrize(
    ("change", "failure", "message"),
    [
        (("Market Intermediaries", "Brokers"), LayoutChanged, "unknown row: 'Brokers"),
        (("ccass-search-datarow", "other"), LayoutChanged, "no summary"),
        (("544,488,052", "544488052"), LayoutChanged, "'544488052' is not a count"),
        (("searchStock", "other"), LayoutChanged, "does not say its searchStock"),
        (("searchDate", "other"), LayoutChanged, "does not say its searchDate"),
        (("00700 ", "A00003 "), LayoutChanged, "not about one stock"),
        (("2026/10/08", "30/02/2026"), LayoutChanged, "the date of the page"),
        (("</html>", ""), Incomplete, "breaks off"),
        (("col-participant-id", "other"), LayoutChanged, "no table has a cell"),
    ],
)
def test_another_layout_is_a_failure(saved, change, failure, message):
    with pytest.raises(failure, match=message):
        parse(saved(SOURCE, search(*ROWS, totals=TOTALS).replace(*change)))


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        ("Stock code does not exist OR not available for enquiry", OutOfRange),
        ("No match record", EmptyPage),
        ("System is under maintenance", Unavailable),
    ],
)
def test_a_page_that_answers_with_a_sentence_is_a_failure_with_it(saved, said, failure):
    page = f"<html><body>{form(market=None)}</form><p>{said}</p></body></html>"
    with pytest.raises(failure, match=said.removeprefix("Stock code ")):
        parse(saved(SOURCE, page, key="participants/00700/2026-10-08"))


def test_the_bare_form_says_nothing(saved):
    page = f"<html><body>{form(market=None)}</form></body></html>"
    for key in ("form", "form/participants/00700/2026-10-08"):
        assert parse(saved(SOURCE, page, key=key)).tables == {}
    with pytest.raises(LayoutChanged):
        parse(saved(SOURCE, page))


def test_each_stock_and_day_is_asked_for_by_itself_and_nothing_without_a_stock(saved):
    ask = Ask(sessions=(SESSION, date(2026, 10, 9)), codes=("00700", "00001"))
    talk = history(ask)
    request, keys, forms = next(talk), [], []
    page = f"<html>{form(market=None)}</form><div class='mobile-list-body'></div></html>"
    while request is not None:
        keys.append(request.key)
        forms.append(request.form)
        try:
            request = talk.send(saved(SOURCE, page, key=request.key))
        except StopIteration:
            request = None
    asked = [f"participants/{code}/{day}" for day in ask.sessions for code in ask.codes]
    assert keys == ["form", *asked]
    assert forms[1] == {
        "__EVENTTARGET": "btnSearch",
        "__EVENTARGUMENT": "",
        "__VIEWSTATE": "state",
        "today": "20261009",
        "sortBy": "shareholding",
        "sortDirection": "desc",
        "originalShareholdingDate": "",
        "alertMsg": "",
        "txtShareholdingDate": "2026/10/08",
        "txtStockCode": "00700",
        "txtStockName": "",
        "txtParticipantID": "",
        "txtParticipantName": "",
        "txtSelPartID": "",
    }
    assert list(history(Ask(sessions=(SESSION,)))) == []
