"""What each publisher demands of a request: every page, parameter and header that is documented.

Stricter than the publishers are: a page or parameter that is not named here is refused. Not the
formats of the answers, which are the sandbox's.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from market_assets.sandbox.casablanca import wafabourse
from market_assets.sandbox.messages import Answer
from market_assets.sources.casablanca.lines import casablanca_lines
from market_assets_tests.live.rules import Protocol, Rule, action, body, demand, query

WIDEST_WINDOW = timedelta(days=360)
TOKEN_SECONDS = 60
TICKERS = frozenset(line.ticker for line in casablanca_lines())
ISINS = frozenset(line.isin for line in casablanca_lines())


def a_day(text: str) -> bool:
    return date.fromisoformat(text).isoformat() == text


class CasablancaBourse(Protocol):
    """Accept-Language and Referer are enough; wide windows are answered empty, so none is asked."""

    def pages(self) -> Mapping[str, Rule]:
        return {
            "GET /live-market/actions": self.list,
            "GET /marches-produits/actions": self.list,
            "GET /api/boursenova/stock-historical": self.history,
        }

    def list(self, question):
        self.french(question)
        query(question, {})

    def history(self, question):
        self.french(question)
        rules = {
            "instrument": TICKERS.__contains__,
            "market": "comptant",
            "type": "actions",
            "startDate": a_day,
            "endDate": a_day,
            "pageNumber": str.isdecimal,
            "pageSize": "1000",
            "isCoursAjuste": "false",
        }
        query(question, rules)
        first, last = (date.fromisoformat(question.query[n]) for n in ("startDate", "endDate"))
        demand(timedelta() <= last - first < WIDEST_WINDOW, "a window of at most 360 days")

    def french(self, question):
        demand(question.headers.get("accept-language") == "fr-FR", "Accept-Language: fr-FR")
        self.comes_from(question, "/market-data/cours")


class CdgCapital(Protocol):
    """One POST of JSON, from its market page."""

    def pages(self) -> Mapping[str, Rule]:
        return {"POST /api/": self.resume}

    def resume(self, question):
        self.comes_from(question, "/Bourse/market")
        self.origin(question, "https://www.cdgcapitalbourse.ma")
        params = (
            ("Lang_", "S", "fr"),
            ("Espace_", "I", "1"),
            ("IdPartener_", "I", "1"),
            ("TypeStocks_", "S", "1"),
            ("TypeCotation_", "S", "0"),
        )
        body(question, action("MARKET-RESUME", *params))


class Wafabourse(Protocol):
    """The cookies and the CSRF token of one home page, and a token of the last minute."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.guards: dict[str, str] = {}
        self.tokens: dict[str, float] = {}

    def pages(self) -> Mapping[str, Rule]:
        return {
            "GET /": self.home,
            "GET /api/proxy/token": self.token,
            "POST /api/proxy/data/JNNJ": self.data,
        }

    def home(self, question):
        query(question, {})
        cookie, guard = secrets.token_hex(8), secrets.token_urlsafe(12)
        self.guards[cookie] = guard
        headers = {"x-csrf-token": guard, "Set-Cookie": f"wb_session={cookie}; Path=/; HttpOnly"}
        return Answer(body=wafabourse.SHELL.encode(), headers=headers)

    def token(self, question):
        self.guarded(question)
        token = secrets.token_urlsafe(16)
        self.tokens[token] = time.monotonic()
        return Answer(body=f'{{"token":"{token}"}}'.encode(), media_type="application/json")

    def data(self, question):
        self.guarded(question)
        issued = self.tokens.get(question.headers.get("x-proxy-token", ""), float("-inf"))
        demand(time.monotonic() - issued <= TOKEN_SECONDS, "a token of 60 s", status=403)
        every = action("TICKER", ("NumseqMin_", "I", "0"), ("NumseqMax_", "I", "0"))
        one = [action("VALEUR-GRAPH", ("Symbol_", "S", ticker)) for ticker in TICKERS]
        body(question, every, *one)
        admitted = {
            "x-csrf-token": wafabourse.CSRF,
            "x-proxy-token": f"sandbox-{int(time.time())}",
        }
        return replace(question, headers=admitted)

    def guarded(self, question):
        _, _, cookie = question.headers.get("cookie", "").partition("wb_session=")
        guard = self.guards.get(cookie)
        demand(guard, "the cookie of the home page", status=403)
        demand(question.headers.get("x-csrf-token") == guard, "its x-csrf-token", status=403)
        self.comes_from(question, "/fr/market-tracking")
        self.origin(question, "https://www.wafabourse.com")


class BmceCapital(Protocol):
    """Two pages; the commas of a line's address may be written as they are."""

    def pages(self) -> Mapping[str, Rule]:
        return {
            "GET /bkbbourse/lists/TK": self.list,
            "GET /bkbbourse/details/hiku/[0-9]+,102,608": self.history,
        }

    def list(self, question):
        palmares = {"q": "AE31180F8E3BE20E762758E81EDC1204", "t": "list", "f": "1W_PERF_PR"}
        query(question, palmares | {"s": "true"})

    def history(self, question):
        query(question, {})


class Medias24(Protocol):
    """One method per line, from its market page."""

    def pages(self) -> Mapping[str, Rule]:
        return {"GET /content/api": self.history}

    def history(self, question):
        demand(question.headers.get("accept") == "application/json", "Accept: application/json")
        self.comes_from(question, "/leboursier/marches-boursier")
        rules = {"method": "getPriceHistory", "format": "json", "from": a_day, "to": a_day}
        query(question, rules | {"ISIN": ISINS.__contains__})


class TradingView(Protocol):
    """One scan of named columns."""

    def pages(self) -> Mapping[str, Rule]:
        return {"POST /morocco/scan": self.scan}

    def scan(self, question):
        averages = [f"average_volume_{days}d_calc" for days in (10, 30, 90)]
        prices = ["name", "close", "change", "change_abs", "volume", "open", "high", "low"]
        scan = {
            "columns": [*prices, "market_cap_basic", "sector", *averages],
            "range": [0, 500],
            "markets": ["morocco"],
            "sort": {"sortBy": "name", "sortOrder": "asc"},
        }
        body(question, scan)


class Investing(Protocol):
    """The header that names the edition, from the site that the pages are on."""

    def pages(self) -> Mapping[str, Rule]:
        return {"GET /api/financialdata/historical/[0-9]+": self.history}

    def history(self, question):
        demand(question.headers.get("domain-id") == "www", "Domain-Id: www", status=403)
        demand(question.headers.get("accept") == "application/json", "Accept: application/json")
        site = "https://www.investing.com"
        demand(question.headers.get("origin") == site, f"Origin: {site}")
        demand(question.headers.get("referer") == f"{site}/", f"Referer: {site}/")
        days = {"start-date": a_day, "end-date": a_day}
        query(question, days | {"time-frame": "Daily", "add-missing-rows": "false"})


class AfricanMarkets(Protocol):
    """Two open pages."""

    def pages(self) -> Mapping[str, Rule]:
        return dict.fromkeys(
            (f"GET /en/stock-markets/bvc{page}" for page in ("", "/listed-companies")), self.page
        )

    def page(self, question):
        query(question, {})


class Yahoo(Protocol):
    """The chart of a symbol."""

    def pages(self) -> Mapping[str, Rule]:
        return {r"GET /v8/finance/chart/[A-Z0-9]+\.CS": self.chart}

    def chart(self, question):
        query(question, {"range": "1y", "interval": "1d"})


PROTOCOLS: dict[str, type[Protocol]] = {
    "casablanca_bourse": CasablancaBourse,
    "cdg_capital": CdgCapital,
    "wafabourse": Wafabourse,
    "bmce_capital": BmceCapital,
    "medias24": Medias24,
    "tradingview": TradingView,
    "investing": Investing,
    "african_markets": AfricanMarkets,
    "yahoo": Yahoo,
}
