"""What the tests of sources share: pages written by hand, and sources asked in the sandbox."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from hashlib import sha256

import polars as pl
import pytest

from market_assets.domain.quotes.rows import QUOTES
from market_assets.sandbox.casablanca.market import Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.messages import Answer, Question
from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets.sources.source import Ask
from market_assets.web.messages import Capture, Request
from market_assets_tests.conversations import walked


@pytest.fixture(scope="session")
def market() -> Market:
    return Market(seed=2026)


@pytest.fixture(scope="session")
def page():
    """Builds the capture of a body, asked for one session."""
    return capture


@pytest.fixture(scope="session")
def asked(market):
    """Holds a conversation of a source with its sandbox: the requests and their captures."""

    def talk(source, conversation, answer, sessions, *, tickers=None):
        lines = [x for x in casablanca_lines() if tickers is None or x.ticker in tickers]
        ask = Ask(sessions=tuple(sessions), lines=tuple(lines))
        moment = Moment(now=datetime.combine(sessions[-1], time(20), UTC), session=sessions[-1])
        captures = []

        def reply(request):
            captures.append(
                answered(source, request, answer(question(request), market, moment), ask)
            )
            return captures[-1]

        requests = walked(conversation(ask), reply)
        return requests, captures

    return talk


@pytest.fixture(scope="session")
def told():
    """The frame of truths in the columns given, by line and session; nulls elsewhere."""

    def frame(truths, columns):
        rows = [
            {"ticker": x.line.ticker, **{c: getattr(x, c) for c in ("session", *columns)}}
            for x in truths
        ]
        schema = {c: QUOTES[c] for c in ("ticker", "session", *columns)}
        return pl.DataFrame(rows, schema=schema).sort("ticker", "session")

    return frame


@pytest.fixture(scope="session")
def stated():
    """What a source's parses say, in the columns given, by line and session."""

    def frame(parsed: Iterable, columns):
        quotes = pl.concat([p.quotes for p in parsed])
        return quotes.select("ticker", "session", *columns).sort("ticker", "session")

    return frame


def capture(
    source,
    body: bytes | str,
    *,
    key: str = "history/ATW",
    session: date = date(2026, 10, 8),
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Capture:
    content = body.encode() if isinstance(body, str) else body
    return Capture(
        capture_id="0" * 8,
        source=source.name,
        key=key,
        first_session=session,
        last_session=session,
        method="GET",
        url=f"{source.base_url}/page",
        status=status,
        media_type="text/html",
        headers={name.lower(): text for name, text in (headers or {}).items()},
        fetched_at=datetime(2026, 10, 8, 19, 30, tzinfo=UTC),
        sha256=sha256(content).hexdigest(),
        body=content,
        file="captures.warc.gz",
        offset=0,
        length=len(content),
    )


def answered(source, request: Request, answer: Answer, ask: Ask) -> Capture:
    return capture(
        source,
        answer.body,
        key=request.key,
        session=ask.sessions[-1],
        status=answer.status,
        headers=answer.headers,
    )


def question(request: Request) -> Question:
    return Question(
        method=request.method,
        path=request.path,
        query=request.params,
        headers={name.lower(): text for name, text in request.headers.items()},
        json=request.json,
    )
