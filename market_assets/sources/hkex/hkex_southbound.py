"""HKEXnews' Southbound table: what mainland investors hold of each Hong Kong stock, day by day.

``/sdw/search/mutualmarket.aspx?t=hk``: a GET shows the latest day and the form, a POST of the form
with ``txtShareholdingDate`` another of the last twelve months. What it shows is the holding of the
CCASS participants A00003 and A00004 together, as settled: it trails the trades by two settlement
days. Published on the morning after. The rows are read by ``mutualmarket``; the form's state, which
every answer renews, is kept by ``forms``.

The newer page's button posts back (``__EVENTTARGET``), the older one's is an input.
"""

from datetime import date

from market_assets.sources.hkex.forms import Question, answers
from market_assets.sources.hkex.mutualmarket import southbound
from market_assets.sources.source import Ask, Source
from market_assets.web.failures import SourceFailure
from market_assets.web.messages import Capture, Conversation, Request


def history(ask: Ask) -> Conversation:
    """The latest page, then a question for each session that it does not answer."""
    form = Request(key="latest", path="/sdw/search/mutualmarket.aspx", params={"t": "hk"})
    latest = yield form
    shown = _usable_day(latest)
    questions = [_question(session) for session in ask.sessions if session != shown]
    yield from answers(latest, questions, form=form)


def _usable_day(latest: Capture) -> date | None:
    """The day of the latest page; None where it cannot be used, which its reader will say."""
    try:
        return southbound(latest).tables["holdings"]["session"][0]
    except SourceFailure:
        return None


def _question(session: date) -> Question:
    fields = {
        "txtShareholdingDate": f"{session:%Y/%m/%d}",
        "sortBy": "stockcode",
        "sortDirection": "asc",
    }
    return Question(key=f"southbound/{session}", fields=fields)


SOURCE = Source(
    name="hkex_southbound",
    market="hkex",
    publisher="HKEXnews",
    base_url="https://www3.hkexnews.hk",
    group="hkex",
    gives=frozenset({"holdings"}),
    terms=(
        "The terms of use on HKEXnews' participant page (November 2025) allow personal and"
        " non-commercial use only and, without written permission, neither to “create or compile"
        " derivative works (including ... systematic retrieval to create collections,"
        " compilations, databases or directories)” nor to “use any programmatic, scripted or other"
        " mechanical means to access this CCASS shareholding search facility or the Information”."
    ),
    caution=(
        "Not asked unless you switch it on, because its terms forbid “any programmatic, scripted"
        " or other mechanical means” of access: have HKEX's written permission, or put saved pages"
        " into the inbox. The exchanges of Shanghai and Shenzhen publish the same totals. Only"
        " twelve months are served. A holding is as settled, two settlement days after the trade."
    ),
    verified=(
        "Not tried live. Seen: a raw page in Chinese of January 2019 (564 rows). From clients of"
        " 2026: the form's fields, the English labels, that the classes are the same. Not seen: a"
        " page of this year, whether its terms are those of the participant page, what it answers"
        " on a Saturday since 2024 or to a date out of range, how many requests it bears."
    ),
    parse=southbound,
    history=history,
    official=True,
    live=False,
)
