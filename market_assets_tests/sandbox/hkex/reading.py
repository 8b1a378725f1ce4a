"""Asking the invented publishers and reading their answers, without this project's parsers."""

from datetime import UTC, datetime

from parsel import Selector

from market_assets.sandbox.hkex.market import Market
from market_assets.sandbox.hkex.world import HkexWorld
from market_assets.sandbox.messages import Question

MARKET = Market(seed=2026)
SATURDAY_MORNING = datetime(2026, 11, 21, 2, tzinfo=UTC)
HOLDINGS_PAGE = "/sdw/search/mutualmarket.aspx"
SEARCH_PAGE = "/sdw/search/searchsdw.aspx"


def new_world():
    return HkexWorld(market=MARKET)


def got(world, *, now=SATURDAY_MORNING, t="hk", path=HOLDINGS_PAGE):
    return world.answer("hkex_southbound", Question(method="GET", path=path, query={"t": t}), now)


def hidden(answer):
    fields = Selector(answer.body.decode()).css("form input[type=hidden]")
    return {field.attrib["name"]: field.attrib.get("value", "") for field in fields}


def posted(world, day, *, now=SATURDAY_MORNING, state=None, t="hk", path=HOLDINGS_PAGE):
    """The answer about ``day``, with the ``state`` of a new GET where none is given."""
    state = hidden(got(world, now=now, t=t, path=path)) if state is None else state
    form = {**state, "__EVENTTARGET": "btnSearch", "txtShareholdingDate": f"{day:%Y/%m/%d}"}
    question = Question(method="POST", path=path, query={"t": t}, form=form)
    return world.answer("hkex_southbound", question, now)


def stated_date(answer):
    heading = Selector(answer.body.decode()).css("h2.ccass-heading span::text").get("")
    return heading.rpartition(": ")[2]


def cells(answer, table):
    """The text of each cell of ``table``, by row; a cell without text is empty."""
    rows = Selector(answer.body.decode()).css(f"{table} tbody tr")
    return [
        [body.xpath("string()").get("") for body in row.css("div.mobile-list-body")] for row in rows
    ]


def shown_holdings(answer):
    """Code, name, shares and percent of each row of a page of holdings."""
    return [
        (
            code.strip().zfill(5),
            name,
            int(shares.replace(",", "")),
            float(percent.removesuffix("%")) if percent else None,
        )
        for code, name, shares, percent in cells(answer, "#mutualmarket-result")
    ]


def true_holdings(day):
    return MARKET.holdings(day).select("code", "name", "shares", "percent").rows()
