"""Southbound and Northbound asked over real sockets: form state, fall-backs, refusals, resets."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request as Received
from werkzeug import Response

from market_assets.sources.hkex import hkex_northbound, hkex_southbound
from market_assets.sources.hkex.mutualmarket import parse
from market_assets.web.archive import Archive
from market_assets.web.collect import Collected
from market_assets.web.failures import (
    LayoutChanged,
    NotThisPage,
    OutOfRange,
    SourceFailure,
    Unavailable,
)
from market_assets.web.limits import Limits
from market_assets_tests import conversations
from market_assets_tests.sources.hkex.pages import form, many, table

NOON = datetime(2026, 10, 13, 4, tzinfo=UTC)
LATEST = date(2026, 10, 12)
HOLIDAYS = {date(2026, 10, 1)}
FRIDAY, SATURDAY, SUNDAY = date(2026, 10, 9), date(2026, 10, 10), date(2026, 10, 11)
HIDDEN = {
    "__EVENTTARGET",
    "__EVENTARGUMENT",
    "__VIEWSTATE",
    "today",
    "sortBy",
    "sortDirection",
    "originalShareholdingDate",
    "alertMsg",
    "txtShareholdingDate",
}


def shown(day: date) -> date:
    """The day served for ``day``: Saturdays are, Sundays and holidays are not."""
    while day.isoweekday() == 7 or day in HOLIDAYS:
        day -= timedelta(days=1)
    return day


@dataclass
class HKEXnews:
    """A server that gives each answer a form state of its own and takes only the newest."""

    state: int = 0
    posted: list[dict[str, str]] = field(default_factory=list)
    gets: int = 0
    rows: list[str] = field(default_factory=many)
    refuse: Callable[[int], Response | None] = lambda _: None

    def page(self, day: date, *, alert: str = "") -> str:
        self.state += 1
        text = f"{day:%Y/%m/%d}"
        return table(*self.rows, day=text, start=form(f"s{self.state}", day=text, alert=alert))

    def answer(self, request: Received) -> Response:
        if request.method == "GET":
            self.gets += 1
            return Response(self.page(LATEST), mimetype="text/html")
        sent = request.form.to_dict()
        self.posted.append(sent)
        refusal = self.refuse(len(self.posted))
        if refusal is not None:
            return refusal
        if sent.keys() != HIDDEN or sent["__EVENTTARGET"] != "btnSearch":
            return Response(f"not this form: {sent}", status=400)
        if sent["__VIEWSTATE"] != f"s{self.state}":
            return Response("<html>Validation of viewstate MAC failed</html>", status=200)
        asked = datetime.strptime(sent["txtShareholdingDate"], "%Y/%m/%d").date()  # noqa: DTZ007
        if not LATEST - timedelta(days=365) < asked <= LATEST:
            body = self.page(LATEST, alert="Your input date is invalid. Please re-enter.")
        else:
            body = self.page(shown(asked))
        return Response(body, mimetype="text/html")


@pytest.fixture
def hkexnews(httpserver: HTTPServer) -> HKEXnews:
    publisher = HKEXnews()
    httpserver.expect_request("/robots.txt").respond_with_data("none", status=404)
    pages = httpserver.expect_request("/sdw/search/mutualmarket.aspx", query_string={"t": "hk"})
    pages.respond_with_handler(publisher.answer)
    return publisher


@pytest.fixture
def talk(httpserver: HTTPServer, tmp_path):
    """Asks for sessions as a run does, on a clock that does not wait."""

    def held(*sessions: date, module=hkex_southbound) -> Collected:
        with closing(Archive(tmp_path / "captures")) as archive:
            return conversations.held(
                archive,
                module.SOURCE,
                module.history,
                sessions,
                now=NOON,
                limits=Limits(),
                at=httpserver.url_for("").rstrip("/"),
            )

    return held


def days(collected: Collected) -> list[tuple[str, date]]:
    """The key of each usable answer, and the day that it states."""
    said = []
    for capture in collected.captures:
        try:
            said.append((capture.key, parse(capture).tables["holdings"]["session"][0]))
        except SourceFailure:
            continue
    return said


def test_the_latest_page_answers_its_own_session_and_a_post_each_of_the_others(hkexnews, talk):
    collected = talk(date(2026, 10, 8), FRIDAY, LATEST)
    assert collected.failure is None
    assert days(collected) == [
        ("latest", LATEST),
        ("southbound/2026-10-08", date(2026, 10, 8)),
        ("southbound/2026-10-09", FRIDAY),
    ]
    assert [sent["__VIEWSTATE"] for sent in hkexnews.posted] == ["s1", "s2"]
    assert [sent["originalShareholdingDate"] for sent in hkexnews.posted] == [
        "2026/10/12",
        "2026/10/08",
    ]
    assert hkexnews.posted[0] == {
        "__EVENTTARGET": "btnSearch",
        "__EVENTARGUMENT": "",
        "__VIEWSTATE": "s1",
        "today": "20261009",
        "sortBy": "stockcode",
        "sortDirection": "asc",
        "originalShareholdingDate": "2026/10/12",
        "alertMsg": "",
        "txtShareholdingDate": "2026/10/08",
    }


@pytest.mark.usefixtures("hkexnews")
def test_sundays_and_holidays_fall_back_and_saturdays_are_their_own(talk):
    collected = talk(date(2026, 10, 1), SATURDAY, SUNDAY)
    assert days(collected)[1:] == [
        ("southbound/2026-10-01", date(2026, 9, 30)),
        ("southbound/2026-10-10", SATURDAY),
        ("southbound/2026-10-11", SATURDAY),
    ]


def test_a_day_out_of_range_is_told_and_the_next_one_still_asked(hkexnews, talk):
    collected = talk(date(2025, 9, 1), FRIDAY)
    _, early, friday = collected.captures
    with pytest.raises(OutOfRange, match="Your input date is invalid"):
        parse(early)
    assert parse(friday).tables["holdings"]["session"][0] == FRIDAY
    assert (collected.failure, hkexnews.gets) == (None, 1)


@pytest.mark.parametrize(
    "refusal",
    [
        Response("<html>Validation of viewstate MAC failed</html>", mimetype="text/html"),
        Response("Validation of viewstate MAC failed", status=400),
        Response(b"", mimetype="text/html"),
    ],
)
def test_a_refused_form_is_got_anew_once_and_the_talk_goes_on(hkexnews, talk, refusal):
    hkexnews.refuse = lambda turn: refusal if turn == 1 else None
    collected = talk(date(2026, 10, 8), FRIDAY)
    assert (collected.failure, hkexnews.gets) == (None, 2)
    assert days(collected) == [
        ("latest", LATEST),
        ("latest/southbound/2026-10-08", LATEST),
        ("southbound/2026-10-08/again", date(2026, 10, 8)),
        ("southbound/2026-10-09", FRIDAY),
    ]


def test_a_form_refused_with_errors_only_is_got_anew_as_well(hkexnews, talk):
    tries = 1 + Limits().retries
    hkexnews.refuse = lambda turn: Response("Oops", status=500) if turn <= tries else None
    collected = talk(date(2026, 10, 8))
    assert [type(failure) for failure in collected.handled] == [Unavailable]
    assert days(collected)[-1] == ("southbound/2026-10-08/again", date(2026, 10, 8))


def test_a_form_that_is_refused_always_is_told_for_each_day(hkexnews, talk):
    hkexnews.refuse = lambda _: Response("<html>error</html>", mimetype="text/html")
    collected = talk(date(2026, 10, 8), FRIDAY)
    assert isinstance(collected.failure, NotThisPage)
    told = "southbound/2026-10-08, southbound/2026-10-09: HKEXnews refuses the form"
    assert str(collected.failure).startswith(told)
    assert (len(hkexnews.posted), hkexnews.gets) == (3, 3)


def test_after_three_days_in_a_row_without_an_answer_nothing_more_is_asked(hkexnews, talk):
    hkexnews.refuse = lambda _: Response("<html>error</html>", mimetype="text/html")
    collected = talk(*(date(2026, 9, day) for day in (21, 22, 23, 24, 25)))
    assert "southbound/2026-09-23:" in str(collected.failure)
    assert "2026-09-24" not in str(collected.failure)
    assert (len(hkexnews.posted), hkexnews.gets) == (4, 4)


def test_a_server_that_asks_for_patience_is_not_asked_for_another_form(hkexnews, talk):
    hkexnews.refuse = lambda _: Response("slow", status=429, headers={"Retry-After": "100000"})
    collected = talk(date(2026, 10, 8))
    assert (type(collected.failure).__name__, hkexnews.gets) == ("RateLimited", 1)


def test_maintenance_costs_a_form_and_no_day(hkexnews, talk):
    page = Response("<html>System is under maintenance</html>", mimetype="text/html")
    hkexnews.refuse = lambda turn: page if turn == 2 else None
    collected = talk(date(2026, 10, 8), FRIDAY)
    assert collected.failure is None
    assert [capture.key for capture in collected.captures] == [
        "latest",
        "southbound/2026-10-08",
        f"southbound/{FRIDAY}",
        f"latest/southbound/{FRIDAY}",
        f"southbound/{FRIDAY}/again",
    ]


def test_a_page_without_a_form_ends_the_talk(httpserver, talk):
    httpserver.expect_request("/robots.txt").respond_with_data("none", status=404)
    page = "<html><body>welcome</body></html>"
    httpserver.expect_request("/sdw/search/mutualmarket.aspx").respond_with_data(
        page, content_type="text/html"
    )
    failure = talk(FRIDAY).failure
    assert isinstance(failure, LayoutChanged)
    assert "no form with a shareholding date" in str(failure)


def test_a_latest_page_that_cannot_be_used_answers_no_session(hkexnews, talk):
    hkexnews.rows = many(499)
    talk(LATEST)
    assert [sent["txtShareholdingDate"] for sent in hkexnews.posted] == ["2026/10/12"]


def test_the_older_form_has_a_button_of_its_own(httpserver, talk, samples):
    page = (samples / "hkex/html/mutualmarket_c_t-hk_2019-01-25.html").read_bytes()
    posted = []

    def answer(request: Received) -> Response:
        if request.method == "POST":
            posted.append(request.form.to_dict())
        return Response(page, mimetype="text/html")

    httpserver.expect_request("/robots.txt").respond_with_data("none", status=404)
    httpserver.expect_request("/sdw/search/mutualmarket.aspx").respond_with_handler(answer)
    talk(date(2019, 1, 24), date(2019, 1, 25))
    ((sent),) = posted
    assert "__EVENTTARGET" not in sent
    assert (sent["btnSearch"], sent["txtShareholdingDate"]) == ("搜尋", "2019/01/24")
    assert sent["__VIEWSTATE"] == "/wEPDwUJNjIxMTYzMDAwZGQ79IjpLOM+JXdffc28A8BMMA9+yg=="
    assert sent["__EVENTVALIDATION"].startswith("/wEdAAdt")
    assert (sent["today"], sent["alertMsg"]) == ("20190127", "")


def test_northbound_asks_for_the_latest_page_of_each_exchange(httpserver, talk):
    httpserver.expect_request("/robots.txt").respond_with_data("none", status=404)
    for market in ("sh", "sz"):
        body = table(*many(3, first=90_000 if market == "sh" else 70_000), market=market)
        pages = httpserver.expect_request(
            "/sdw/search/mutualmarket.aspx", query_string={"t": market}
        )
        pages.respond_with_data(body, content_type="text/html")
    collected = talk(FRIDAY, module=hkex_northbound)
    tables = [parse(capture).tables["northbound_holdings"] for capture in collected.captures]
    assert [capture.key for capture in collected.captures] == ["sh/latest", "sz/latest"]
    assert [set(rows["exchange"]) for rows in tables] == [{"shanghai"}, {"shenzhen"}]
