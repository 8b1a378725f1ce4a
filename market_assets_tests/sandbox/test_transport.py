"""The sandbox's wire, asked through a real requests session."""

import json
import socket
from datetime import UTC, date, datetime

import pytest
import requests

from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.mischief import faults_on
from market_assets.sandbox.casablanca.world import CasablancaWorld
from market_assets.sandbox.transport import SandboxAdapter
from market_assets.sources.registry import CASABLANCA, HKEX, source
from market_assets.sources.source import Ask
from market_assets.web.clock import SetClock
from market_assets.web.failures import LayoutChanged
from market_assets.web.messages import Capture

MARKET = Market(seed=2026)
SCAN = "https://scanner.tradingview.com/morocco/scan"
COLUMNS = {"columns": ["name", "close", "volume"], "range": [0, 500], "markets": ["morocco"]}


def evening_with(name):
    session = next(
        session
        for session in MARKET.sessions
        if session.year == 2026 and name in {fault.name for fault in faults_on(session)}
    )
    return datetime(session.year, session.month, session.day, 20, tzinfo=UTC), session


def answered(session, name, headers):
    """The answer to the first question of a source's snapshot of the newest session."""
    asked = source(name)
    request = next(asked.snapshot(Ask(sessions=(date(2026, 1, 1),), lines=MARKET.lines)))
    return session.request(
        request.method,
        asked.base_url + request.path,
        json=request.json,
        headers=dict(request.headers) | headers,
    )


def parsed(session, name, day):
    """What the source's own parser makes of that answer."""
    answer = answered(session, name, {})
    return source(name).parse(
        Capture(
            capture_id="1",
            source=name,
            key="companies" if name == "african_markets" else "snapshot",
            first_session=day,
            last_session=day,
            method="GET",
            url=answer.url,
            status=answer.status_code,
            media_type=answer.headers["Content-Type"],
            headers={},
            fetched_at=datetime(day.year, day.month, day.day, 20, tzinfo=UTC),
            sha256="",
            body=answer.content,
            file="",
            offset=0,
            length=0,
        )
    )


def calm_evening():
    session = next(s for s in MARKET.sessions if s.year == 2026 and not faults_on(s))
    return datetime(session.year, session.month, session.day, 20, tzinfo=UTC), session


@pytest.fixture
def clock():
    return SetClock(calm_evening()[0])


@pytest.fixture
def session(clock, monkeypatch):
    def no_socket(*_args, **_kwargs):
        raise AssertionError("the sandbox opened a socket")

    monkeypatch.setattr(socket, "socket", no_socket)
    with requests.Session() as session:
        world = CasablancaWorld(market=MARKET)
        for publisher in (*CASABLANCA, *HKEX):
            session.mount(publisher.base_url, SandboxAdapter(publisher, world=world, clock=clock))
        stray = SandboxAdapter(source("tradingview"), world=world, clock=clock)
        session.mount("https://www.example.com", stray)
        yield session


@pytest.mark.parametrize("publisher", [*CASABLANCA, *HKEX], ids=lambda publisher: publisher.name)
def test_every_host_allows_robots_everything(session, publisher):
    answer = session.get(f"{publisher.base_url}/robots.txt")
    assert (answer.status_code, answer.text) == (200, "User-agent: *\nAllow: /\n")
    assert answer.headers["Content-Type"] == "text/plain"


def test_a_host_that_is_no_source_cannot_be_reached(session):
    with pytest.raises(requests.ConnectionError, match=r"no tradingview at 'www.example.com'"):
        session.get("https://www.example.com/")


def test_the_clock_decides_what_has_happened(session, clock):
    evening, day = calm_evening()
    after = {row["d"][0]: row["d"][1:] for row in session.post(SCAN, json=COLUMNS).json()["data"]}
    told = {truth.line.ticker: truth for truth in MARKET.truths(day)}
    assert after["ATW"] == [told["ATW"].close, told["ATW"].volume]
    clock.set(evening.replace(hour=9))
    before = {row["d"][0]: row["d"][1] for row in session.post(SCAN, json=COLUMNS).json()["data"]}
    assert before["ATW"] == told["ATW"].previous_close


def test_long_bodies_are_compressed_for_those_who_accept_it(session):
    packed = session.post(SCAN, json=COLUMNS)
    bare = session.post(SCAN, json=COLUMNS, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in bare.headers
    assert packed.content == bare.content
    assert int(packed.headers["Content-Length"]) < len(packed.content)
    assert int(bare.headers["Content-Length"]) == len(bare.content)


def test_a_body_can_be_streamed(session):
    with session.post(SCAN, json=COLUMNS, stream=True) as answer:
        pieces = list(answer.iter_content(512))
    assert len(pieces) > 1
    assert json.loads(b"".join(pieces))["data"]


def test_an_unknown_path_is_a_404_with_a_reason(session):
    answer = session.get("https://scanner.tradingview.com/nothing")
    assert (answer.status_code, answer.reason, answer.url) == (
        404,
        "Not Found",
        "https://scanner.tradingview.com/nothing",
    )


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_torn_body_breaks_off_as_on_the_wire_and_comes_whole_again(session, clock, encoding):
    clock.set(evening_with("torn")[0])
    headers = {"Accept-Encoding": encoding}
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        answered(session, "cdg_capital", headers)
    assert answered(session, "cdg_capital", headers).json()[0]["MARKET-RESUME"]["Valid"] is True


def test_a_rate_limit_says_when_to_come_back(session, clock):
    clock.set(evening_with("too_many")[0])
    url = "https://www.casablanca-bourse.com/live-market/actions"
    first, second = session.get(url), session.get(url)
    assert (first.status_code, first.headers["retry-after"]) == (429, "2")
    assert second.status_code == 200


def test_the_date_asked_about_is_the_newest_closed_session(session, clock):
    saturday = datetime(2026, 11, 21, 12, tzinfo=UTC)
    clock.set(saturday)
    friday = {truth.line.ticker: truth.close for truth in MARKET.truths(date(2026, 11, 20))}
    told = {row["d"][0]: row["d"][1] for row in session.post(SCAN, json=COLUMNS).json()["data"]}
    assert told["IAM"] == friday["IAM"]


def test_a_lagging_page_states_the_session_before(session, clock):
    evening, day = evening_with("lag")
    clock.set(evening)
    before = MARKET.sessions[MARKET.ordinal(day) - 1]
    told = parsed(session, "cdg_capital", day).quotes
    assert told["session"].unique().to_list() == [before]
    assert told.height > 50


def test_a_doubled_row_reaches_the_parser_twice(session, clock):
    evening, day = evening_with("duplicate")
    clock.set(evening)
    tickers = parsed(session, "cdg_capital", day).quotes["ticker"].to_list()
    assert {ticker for ticker in tickers if tickers.count(ticker) > 1} == {"ATW"}


def test_a_renamed_column_is_a_changed_layout(session, clock):
    evening, day = evening_with("layout")
    clock.set(evening)
    with pytest.raises(LayoutChanged, match="no column"):
        parsed(session, "african_markets", day)


def test_numbers_in_a_wrong_locale_are_refused_and_never_misread(session, clock):
    evening, day = evening_with("locale")
    clock.set(evening)
    told = parsed(session, "african_markets", day)
    assert told.quotes.height == 0
    assert len(told.refused) > 70


def test_an_unlisted_line_reaches_the_parser(session, clock):
    evening, day = evening_with("unknown")
    clock.set(evening)
    answer = answered(session, "tradingview", {}).json()
    assert "CSEMA:ZZZ" in {row["s"] for row in answer["data"]}
    told = parsed(session, "tradingview", day)
    assert told.quotes.height + len(told.refused) == answer["totalCount"] - 1


def test_money_reaches_the_parser_as_shares(session, clock):
    evening, day = evening_with("money")
    clock.set(evening)
    told = parsed(session, "tradingview", day).quotes
    volumes = dict(zip(told["ticker"], told["volume"], strict=True))
    (truth,) = MARKET.history("ATW", day, day)
    assert volumes["ATW"] == round(truth.turnover)
