"""The neighbours' publishers on sockets of their own: asked by their rules, believed, or walled."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import polars as pl
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from market_assets.defs.markets import AFRICA
from market_assets.sandbox.africa.market import Market
from market_assets.sandbox.africa.world import FORMATS as EXCHANGES
from market_assets.sandbox.currencies.figures import Figures
from market_assets.sandbox.currencies.world import FORMATS as BANKS
from market_assets.sandbox.messages import Answer, Question
from market_assets.web.failures import Blocked
from market_assets_tests.built import Ran, published
from market_assets_tests.built_africa import run

MARKET, FIGURES = Market(seed=7), Figures(seed=7)
"""Others than the sandbox's: their figures can only come over the sockets."""
ANY = re.compile(".*")
WALL = Answer(
    body=b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>", status=403
)


@dataclass
class Publisher:
    """One source's server; ``asked`` are the paths that it was asked for, in order."""

    name: str
    server: HTTPServer
    walled: bool
    asked: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.server.expect_request(ANY).respond_with_handler(self._respond)

    def _respond(self, request: Request) -> Response:
        self.asked.append(request.path)
        if request.path == "/robots.txt":
            return Response("User-agent: *\nAllow: /\n", mimetype="text/plain")
        question = Question(
            method=request.method,
            path=request.path,
            query=request.args.to_dict(),
            headers={name.lower(): value for name, value in request.headers},
            form=request.form.to_dict(),
        )
        said = WALL if self.walled else self._said(question)
        return Response(said.body, said.status, content_type=said.media_type)

    def _said(self, question: Question) -> Answer:
        now = datetime.now(UTC)
        if self.name in BANKS:
            return BANKS[self.name](question, FIGURES, now)
        return EXCHANGES[self.name](question, MARKET, now)


@contextmanager
def publishing(*, walled: bool) -> Iterator[Mapping[str, Publisher]]:
    """A server for each source of the neighbours."""
    with ExitStack() as stack:
        yield {
            source.name: Publisher(
                source.name, stack.enter_context(HTTPServer(host="127.0.0.1")), walled
            )
            for source in AFRICA.sources
        }


def asking(publishers: Mapping[str, Publisher]) -> dict[str, str]:
    """Live mode that asks them there, and nobody else."""
    chosen = {"WEB": "live", "CONTACT": "desk@example.org"}
    for name, publisher in publishers.items():
        prefix = f"SOURCES__{name.upper()}__"
        chosen[f"{prefix}ENABLED"] = "true"
        chosen[f"{prefix}BASE_URL"] = publisher.server.url_for("").rstrip("/")
        chosen[f"{prefix}MIN_INTERVAL"] = "0"
    return chosen


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The data, what the run said and who was asked for what, where all answer truly."""
    data = tmp_path_factory.mktemp("neighbours") / "data"
    with publishing(walled=False) as publishers:
        done = run("africa", "--days", 3, data=data, **asking(publishers))
        return data, done, {name: each.asked for name, each in publishers.items()}


def test_everybody_is_asked_for_their_rules_first_and_answers(told):
    _, done, asked = told
    assert done.status == 0, done.out + done.err
    for name, paths in asked.items():
        assert paths[0] == "/robots.txt", name
        assert paths.count("/robots.txt") == 1, name


def test_every_quoted_rate_came_over_the_sockets(told):
    rows = published(told[0], "FROM africa.quoted_rates", mode="live")
    assert set(rows["source"]) == set(BANKS)
    for base, quote, day, rate in rows.select("base", "quote", "reference_date", "rate").rows():
        assert rate == pytest.approx(FIGURES.rate(base, quote, day), rel=1e-3, abs=6e-5)


def test_every_close_came_over_the_sockets(told):
    rows = published(told[0], "FROM africa.daily_quotes WHERE close IS NOT NULL", mode="live")
    assert "XNSA" in set(rows["mic"])
    for (mic, session), lines in rows.group_by("mic", "session"):
        true = {each.line.ticker: each.close for each in MARKET.truths(mic, session)}
        closes = dict(lines.select("ticker", "close").rows())
        assert closes == {ticker: true[ticker] for ticker in closes}, (mic, session)
    assert rows.filter(pl.col("capture_id").is_null()).is_empty()


def test_where_all_are_walled_the_run_fails_and_says_who_refused_and_how(tmp_path):
    with publishing(walled=True) as publishers:
        done: Ran = run("africa", "--days", 1, data=tmp_path, **asking(publishers))
    assert done.status == 1
    assert "failed: no source gave a page; what was known stands" in done.out
    lines = done.out.splitlines()
    refusing = {name for name, each in publishers.items() if len(each.asked) > 1}
    assert refusing >= set(BANKS)
    for name in refusing:
        (why,) = [line for line in lines if line.startswith(f"{name}: ")]
        assert Blocked.__name__ in why
