"""HKEXnews on loopback, spoken anew from what is known of its protocol.

Of the sandbox only the markup of the pages is used: which day a page is about, what of the form
must come back, what is refused and every figure are decided here and in ``figures``. Not known, and
so chosen: that an invalid date shows the newest page below its alert.
"""

import itertools
import json
import os
import socket
import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from market_assets.sandbox.hkex import mutualmarket_page, searchsdw_page
from market_assets_tests.live.hkex.figures import (
    DAY,
    FIRST,
    LAST,
    LINES,
    QUARTER_END,
    TODAY,
    held,
    holders,
    shown,
)

INVALID = "Your input date is invalid. Please re-enter."
CORRUPTED = b"<html><body><h1>The state information is invalid for this page.</h1></body></html>"
MAINTENANCE = b"<html><body><p>System is under maintenance.</p></body></html>"
INSTEAD = {"refused": CORRUPTED, "maintenance": MAINTENANCE, "empty": b""}
"""Troubles with another body than a page of the day."""
SENT_ANEW = {"__EVENTTARGET", "__EVENTARGUMENT", "sortBy", "sortDirection", "alertMsg"}
"""Hidden fields that a browser's script fills in; the others come back as they were given."""


@dataclass
class Hkexnews:
    """The publisher, what it was asked, and the faults that the first question for a day meets.

    ``troubles``: day -> a name in ``INSTEAD``, "cut" or "other_day". Every ``reset_every``-th
    request is answered by a reset of the connection.
    """

    server: HTTPServer
    troubles: Mapping[date, str] = field(default_factory=dict[date, str])
    reset_every: int = 30
    posted: dict[str, list[date]] = field(default_factory=lambda: defaultdict(list))
    got: list[str] = field(default_factory=list)
    resets: int = 0
    misspoken: list[str] = field(default_factory=list)
    """What a browser would not have sent."""

    def __post_init__(self) -> None:
        self._turns = itertools.count(1)
        self._states: dict[str, dict[str, str]] = {}
        self._met: set[date] = set()
        self.server.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
        for path, answer in (
            ("mutualmarket", self._mutualmarket),
            ("searchsdw", self._searchsdw),
            ("stocklist", self._stocklist),
        ):
            self.server.expect_request(f"/sdw/search/{path}.aspx").respond_with_handler(
                lambda request, answer=answer: self._turn(request) or answer(request)
            )

    def _turn(self, request: Request) -> Response | None:
        if next(self._turns) % self.reset_every == 0:
            self.resets += 1
            return _reset(request)
        if request.method == "GET":
            self.got.append(request.full_path)
        return None

    def _mutualmarket(self, request: Request) -> Response:
        kind = request.args["t"]
        if kind != "hk":
            code, a_code = LINES[kind]
            rows = [(code, f"LINE (A #{a_code})", 58_733_069, 4.69)]
            return self._table(kind, QUARTER_END, rows, alert="")
        if request.method == "GET":
            return self._table(kind, LAST, held(LAST), alert="")
        wanted = self._wanted(request)
        if wanted is None:
            return _html(CORRUPTED)
        trouble = "" if wanted in self._met else self.troubles.get(wanted, "")
        self._met.add(wanted)
        if trouble in INSTEAD:
            return _html(INSTEAD[trouble])
        if not FIRST <= wanted <= LAST:
            return self._table(kind, LAST, held(LAST), alert=INVALID)
        day = shown(wanted - DAY if trouble == "other_day" else wanted)
        answer = self._table(kind, day, held(day), alert="")
        if trouble == "cut":
            body = answer.get_data()
            answer.set_data(body[: body.index(b'<td class="col-shareholding">', len(body) // 2)])
        return answer

    def _searchsdw(self, request: Request) -> Response:
        page = request.path.rpartition("/")[2]
        if request.method == "GET":
            hidden = self._form(page, LAST, alert="")
            return _html(
                searchsdw_page.page(hidden, action=page, shown=LAST, code="", name="", result=None)
            )
        wanted = self._wanted(request)
        if wanted is None:
            return _html(CORRUPTED)
        served = FIRST <= wanted <= LAST
        code, day = request.form["txtStockCode"], shown(min(wanted, LAST))
        return _html(
            searchsdw_page.page(
                self._form(page, day, alert="" if served else INVALID),
                action=page,
                shown=day,
                code=code,
                name="TENCENT",
                result=holders(day, code) if served else None,
            )
        )

    def _stocklist(self, request: Request) -> Response:
        if request.headers.get("X-Requested-With") != "XMLHttpRequest":
            return _html(b"<html><head><title>List of Stocks</title></head><body></body></html>")
        listed = [{"c": row.code, "n": row.name} for row in held(LAST)]
        return Response(json.dumps(listed), mimetype="application/json")

    def _table(
        self,
        kind: str,
        day: date,
        rows: Iterable[tuple[str, str, int, float | None]],
        *,
        alert: str,
    ) -> Response:
        action = f"mutualmarket.aspx?t={kind}"
        return _html(
            mutualmarket_page.page(
                mutualmarket_page.words(kind, chinese=False),
                rows,
                action=action,
                hidden=self._form(action, day, alert=alert),
                shown=day,
                limits=(FIRST, LAST),
            )
        )

    def _form(self, page: str, day: date, *, alert: str) -> dict[str, str]:
        """The hidden fields of an answer, with a state that nobody was given before."""
        given = {
            "__VIEWSTATE": f"/wEPDwUJ{len(self._states):06d}{page}+==",
            "__VIEWSTATEGENERATOR": "EC4ACD6F",
            "today": f"{TODAY:%Y%m%d}",
            "originalShareholdingDate": f"{day:%Y/%m/%d}",
        }
        self._states[given["__VIEWSTATE"]] = given | {"page": page}
        anew = dict.fromkeys(sorted(SENT_ANEW), "")
        return {**anew, **given, "sortBy": "stockname", "sortDirection": "desc", "alertMsg": alert}

    def _wanted(self, request: Request) -> date | None:
        """The day that is asked for, None where the form is not one that was given."""
        sent = request.form.to_dict()
        page = request.full_path.rpartition("/")[2].rstrip("?")
        given = self._states.get(sent.get("__VIEWSTATE", ""), {})
        expected = {name: value for name, value in given.items() if name != "page"}
        wrong = {name for name, value in expected.items() if sent.get(name) != value}
        wrong |= SENT_ANEW - set(sent)
        if not given or given["page"] != page or wrong or sent["__EVENTTARGET"] != "btnSearch":
            self.misspoken.append(f"{page}: {sorted(wrong)} {sorted(sent)}")
            return None
        wanted = datetime.strptime(sent["txtShareholdingDate"], "%Y/%m/%d").date()  # noqa: DTZ007
        self.posted[page].append(wanted)
        return wanted


def _html(body: bytes) -> Response:
    return Response(body, content_type="text/html; charset=utf-8")


def _reset(request: Request) -> Response:
    """Break the connection off with a TCP reset, before a byte of an answer.

    The server still writes its answer: to a pipe that nobody reads, put in the connection's place.
    Closing the socket object alone would send that answer first.
    """
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    broken, peer = socket.socketpair()
    peer.close()
    os.dup2(broken.fileno(), connection.fileno())
    broken.close()
    return Response()
