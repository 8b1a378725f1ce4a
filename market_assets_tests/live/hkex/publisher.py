"""Shanghai's and Shenzhen's exchange, and HKEXnews, in the sandbox's formats over real HTTP."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from market_assets.sandbox.hkex.market import Market
from market_assets.sandbox.hkex.world import FORMATS
from market_assets.sandbox.messages import Question

PATHS = {
    "/sdw/search/mutualmarket.aspx": "hkex_southbound",
    "/sdw/search/searchsdw.aspx": "hkex_participants",
    "/sdw/search/stocklist.aspx": "hkex_securities",
    "/sseQuery/commonSoaQuery.do": "sse_southbound",
    "/commonQuery.do": "sse_southbound",
    "/api/report/ShowReport": "szse_southbound",
    "/api/report/ShowReport/data": "szse_southbound",
}
MARKET = Market(seed=7)
"""Another invented market than the sandbox's: its figures can only come over the socket."""
NOT_FOUND = Response(b"Not Found", 404, mimetype="text/plain")


@dataclass
class Publishers:
    """All of them on one port, how often each was asked, and who of them has no page."""

    server: HTTPServer
    down: frozenset[str] = frozenset()
    asked: Counter[str] = field(default_factory=Counter[str])

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile(".*")).respond_with_handler(self._respond)

    def _respond(self, request: Request) -> Response:
        if request.path == "/robots.txt":
            return Response("User-agent: *\nAllow: /\n", mimetype="text/plain")
        source = PATHS[request.path]
        self.asked[source] += 1
        if source in self.down:
            return NOT_FOUND
        question = Question(
            method=request.method,
            path=request.path,
            query=request.args.to_dict(),
            headers={name.lower(): value for name, value in request.headers},
            form=request.form.to_dict(),
        )
        said = FORMATS[source](question, MARKET, datetime.now(UTC))
        return Response(
            said.body, said.status, headers=dict(said.headers), content_type=said.media_type
        )
