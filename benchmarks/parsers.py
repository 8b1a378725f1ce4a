"""The page parsers against pandas.read_html on the same bytes, in interleaved rounds.

``python benchmarks/parsers.py``: exits non-zero where a parser is less than twice as fast, or that
of Stock Connect, whose page is much the largest, less than three times as fast or more than twice
as slow as lxml is in building a bare tree, or where that of a page of Bank Al-Maghrib is more than
1.5 times as slow as such a tree. The pages are the sandbox's, those of Stock Connect and of the
bank the captured ones if they are at hand. The first call of a process is shown apart (cold);
ratios are of the fastest of the warm rounds, CPU time. Both must find the same figures.
"""

import io
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

import lxml.html
import pandas as pd
from bank_pages import bank_pages
from stock_connect_page import stock_connect_page

from market_assets.calendars.sessions import session_before
from market_assets.sandbox.casablanca import african_markets as african_pages
from market_assets.sandbox.casablanca import bmce_capital as bmce_pages
from market_assets.sandbox.casablanca.market import MIC, Market
from market_assets.sandbox.casablanca.moment import Moment
from market_assets.sandbox.messages import Question
from market_assets.sources.casablanca import african_markets, bmce_capital
from market_assets.sources.central_bank import bkam
from market_assets.sources.hkex import hkex_southbound
from market_assets.sources.source import Parsed, Source
from market_assets.web.messages import Capture

ROUNDS = 15
LEAST = 2.0
LEAST_CONNECT = 3.0
MOST_BARE = 2.0
MOST_BARE_BANK = 1.5
GLUED = r"([0-9,]+)$"
"""What read_html makes of a cell ends in what the cell says, after the heading it hides."""


def capture(source: Source, key: str, body: bytes, moment: Moment) -> Capture:
    """``body`` as it would come from the archive."""
    return Capture(
        capture_id="benchmark",
        source=source.name,
        key=key,
        first_session=moment.session,
        last_session=moment.session,
        method="GET",
        url=source.base_url,
        status=200,
        media_type="text/html",
        headers={},
        fetched_at=moment.now,
        sha256=sha256(body).hexdigest(),
        body=body,
        file="",
        offset=0,
        length=0,
    )


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> int:
    """Print the table; 1 where a ratio is missed."""
    session = session_before(MIC, datetime(2026, 10, 9, tzinfo=UTC).date())
    moment = Moment(now=datetime(2026, 10, 8, 20, tzinfo=UTC), session=session)
    market = Market(seed=2026)
    pages = [
        (
            "African Markets list",
            african_markets.SOURCE,
            "companies",
            african_pages.answer(
                Question(method="GET", path="/en/stock-markets/bvc/listed-companies"),
                market,
                moment,
            ).body,
            "Price",
        ),
        (
            "BMCE history",
            bmce_capital.SOURCE,
            "history/ATW",
            bmce_pages.answer(
                Question(method="GET", path="/bkbbourse/details/hiku/56107421,102,608"),
                market,
                moment,
            ).body,
            None,
        ),
    ]
    missed = False
    print(f"{'page':<22}{'bytes':>9}{'cold ms':>10}{'warm ms':>10}{'read_html ms':>14}{'ratio':>8}")
    for name, source, key, body, column in pages:
        page = capture(source, key, body, moment)
        ours, theirs = (
            lambda page=page, source=source: source.parse(page),
            lambda body=body: pd.read_html(io.BytesIO(body), encoding="utf-8"),
        )
        cold = cpu(ours)
        cpu(theirs)
        rounds = [(cpu(ours), cpu(theirs)) for _ in range(ROUNDS)]
        fast, slow = min(r[0] for r in rounds), min(r[1] for r in rounds)
        rows = source.parse(page).quotes.height
        tables = theirs()
        found = max(len(table) for table in tables)
        assert rows, name
        assert rows <= found, (name, rows, found)
        if column:
            prices = pd.to_numeric(tables[0][column], errors="coerce").dropna().round(2)
            assert set(source.parse(page).quotes["close"].to_list()) <= set(prices), name
        missed |= slow / fast < LEAST
        print(
            f"{name:<22}{len(body):>9,}{cold * 1e3:>10.1f}{fast * 1e3:>10.1f}"
            f"{slow * 1e3:>14.1f}{slow / fast:>7.1f}x"
        )
    missed |= stock_connect(moment)
    return int(central_bank(moment) or missed)


def stock_connect(moment: Moment) -> bool:
    """Print the line of the Southbound page and its ratio to a bare tree; whether one is missed."""
    body = stock_connect_page()
    page = capture(hkex_southbound.SOURCE, "saved.html", body, moment)

    def ours() -> Parsed:
        return hkex_southbound.SOURCE.parse(page)

    def theirs() -> list[pd.DataFrame]:
        return pd.read_html(io.BytesIO(body), encoding="utf-8")

    def bare() -> object:
        return lxml.html.document_fromstring(body, parser=lxml.html.HTMLParser(encoding="utf-8"))

    cold = cpu(ours)
    cpu(theirs)
    rounds = [(cpu(ours), cpu(theirs), cpu(bare)) for _ in range(ROUNDS)]
    fast, slow, tree = (min(times) for times in zip(*rounds, strict=True))
    glued = max(theirs(), key=len).iloc[:, 2].str.extract(GLUED)[0]
    assert (
        glued.str.replace(",", "").astype("int64").tolist()
        == ours().tables["holdings"]["shares"].to_list()
    )
    print(
        f"{'Stock Connect table':<22}{len(body):>9,}{cold * 1e3:>10.1f}{fast * 1e3:>10.1f}"
        f"{slow * 1e3:>14.1f}{slow / fast:>7.1f}x   {fast / tree:.1f} x a bare lxml tree"
    )
    return slow / fast < LEAST_CONNECT or fast / tree > MOST_BARE


def central_bank(moment: Moment) -> bool:
    """Print each page of the bank and its ratio to a bare tree; whether one is missed."""
    ratios: list[float] = []
    for name, body in bank_pages().items():
        page = capture(bkam.SOURCE, name, body, moment)

        def ours(page: Capture = page) -> Parsed:
            return bkam.SOURCE.parse(page)

        def bare(body: bytes = body) -> object:
            return lxml.html.document_fromstring(
                body, parser=lxml.html.HTMLParser(encoding="utf-8")
            )

        cold = cpu(ours)
        cpu(bare)
        rounds = [(cpu(ours), cpu(bare)) for _ in range(ROUNDS)]
        fast, tree = (min(times) for times in zip(*rounds, strict=True))
        assert sum(table.height for table in ours().tables.values()), name
        ratios.append(fast / tree)
        print(
            f"{name:<22}{len(body):>9,}{cold * 1e3:>10.1f}{fast * 1e3:>10.1f}"
            f"{'':>22}   {fast / tree:.2f} x a bare lxml tree"
        )
    return max(ratios) > MOST_BARE_BANK


if __name__ == "__main__":
    sys.exit(main())
