"""Stock Connect's publishers on one loopback port, in the sandbox's formats, over real HTTP."""

import re
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from market_assets.sandbox.hkex.market import Market
from market_assets.sandbox.hkex.world import FORMATS
from market_assets.sandbox.messages import Answer, Question

PATHS = {
    "/sdw/search/mutualmarket.aspx": "hkex_southbound",
    "/sseQuery/commonSoaQuery.do": "sse_southbound",
    "/commonQuery.do": "sse_southbound",
    "/api/report/ShowReport": "szse_southbound",
    "/api/report/ShowReport/data": "szse_southbound",
}
MARKET = Market(seed=7)
"""Another invented market than the sandbox's: its figures can only come over the socket."""

Fault = Callable[[str, Question, int], Question | Answer | None]
"""What a publisher does with its ``n``-th question, from 0: answers, mishears, or (None) resets
the connection."""


def truthful(_source: str, question: Question, _turn: int) -> Question:
    """No fault."""
    return question


@dataclass
class Publishers:
    """What was asked of each source, in order."""

    server: HTTPServer
    fault: Fault = truthful
    asked: dict[str, list[Question]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile(".*")).respond_with_handler(self._respond)

    def settings(self, *sources: str) -> dict[str, str]:
        """Live mode that asks these sources here, and nobody else."""
        chosen = {"WEB": "live", "CONTACT": "desk@example.org"}
        for name in FORMATS:
            prefix = f"SOURCES__{name.upper()}__"
            chosen[f"{prefix}ENABLED"] = str(name in sources).lower()
            chosen[f"{prefix}BASE_URL"] = self.server.url_for("").rstrip("/")
            chosen[f"{prefix}MIN_INTERVAL"] = "0"
        return chosen

    def posts(self, source: str) -> list[str]:
        """The days that were posted to the form of ``source``."""
        forms = (q.form for q in self.asked.get(source, []) if q.method == "POST")
        return [form["txtShareholdingDate"] for form in forms]

    def _respond(self, request: Request) -> Response:
        if request.path == "/robots.txt":
            return Response("User-agent: *\nAllow: /\n", mimetype="text/plain")
        source = PATHS[request.path]
        question = Question(
            method=request.method,
            path=request.path,
            query=request.args.to_dict(),
            headers={name.lower(): value for name, value in request.headers},
            form=request.form.to_dict(),
        )
        seen = self.asked.setdefault(source, [])
        seen.append(question)
        heard = self.fault(source, question, len(seen) - 1)
        if heard is None:
            return _reset(request)
        if isinstance(heard, Question):
            heard = FORMATS[source](heard, MARKET, datetime.now(UTC))
        return Response(
            heard.body, heard.status, headers=dict(heard.headers), content_type=heard.media_type
        )


def _reset(request: Request) -> Response:
    """Break the connection off with a TCP reset."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    return Response()
