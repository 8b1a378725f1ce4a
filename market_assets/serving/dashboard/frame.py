"""What all pages have: the mark of the sandbox, the watch for new versions, the ways it can fail.

A page is a function of the data; ``shown`` gives it one version and says what to do where there is
none.
"""

import re
from collections.abc import Callable
from datetime import date
from html import escape

import streamlit as st

from market_assets.serving.dashboard.reading import Data, Reader, Unpublished
from market_assets.serving.dashboard.theme import STYLE
from market_assets.settings import read_settings
from market_assets.warehouse.failures import NothingPublished, QueryTooLong, WarehouseError

WATCH = 2.0
"""Seconds between two looks at what is published."""
MARKS = {
    "sandbox": "<b>SANDBOX</b> Invented figures, never real: for trying the platform only.",
    "live": "",
}


@st.cache_resource(show_spinner=False)
def reader() -> Reader:
    """The reader that all pages share."""
    return Reader(read_settings({}))


def shown(page: Callable[[Data], None]) -> None:
    """``page`` over the newest version, or what to do where it cannot be shown."""
    st.html(STYLE)
    source = reader()
    _watch(source.name())
    try:
        with source.reading() as data:
            if mark := MARKS[data.facts.mode]:
                st.html(f'<div class="mark" role="note">{mark}</div>')
            page(data)
            _foot(data)
    except NothingPublished:
        _state("Nothing is published yet", "Fill it, and this page shows it by itself:", run(""))
    except Unpublished as error:
        _state(f"{error}", "Its market has not run yet. Run it:", run(error.market))
    except QueryTooLong as error:
        _state(
            "This took too long",
            f"{error}. Choose a shorter period, or allow it more time:",
            "export MARKET_ASSETS_API__QUERY_SECONDS=30",
        )
    except WarehouseError as error:
        _state(
            "The published file cannot be shown",
            f"{error}. Build it anew from what was captured:",
            run("", "--from-captures"),
        )


def run(market: str, *options: str) -> str:
    """The command that fills what is missing."""
    chosen = ["--market", market] if market else []
    mode = "MARKET_ASSETS_WEB=live " if reader().settings.web == "live" else ""
    words = ["uv run market-assets run", *chosen, *options, "--data-dir", str(reader().folder)]
    return mode + " ".join(words)


def headed(title: str, lead: str) -> None:
    """The title of a page and a sentence on what it is of."""
    st.title(title, anchor=False)
    st.html(f'<p class="lead">{escape(lead)}</p>')


def nothing(what: str, why: str) -> None:
    """An empty place, and the reason for it; a `command` in backticks."""
    told = re.sub("`([^`]+)`", r"<code>\1</code>", escape(why))
    st.html(f'<div class="note" role="note"><b>{escape(what)}</b>{told}</div>')


def day(value: date) -> str:
    """A day for people: Fri 20 Nov 2026."""
    return f"{value:%a %d %b %Y}"


def _state(title: str, what: str, command: str) -> None:
    st.title(title, anchor=False)
    st.write(what)
    st.code(command, language="sh")


def _foot(data: Data) -> None:
    name = data.facts.name.removeprefix("market-")
    st.sidebar.html(
        f'<p class="foot">{data.facts.mode.upper()} · version {name}<br>'
        f"published {data.facts.published_at:%Y-%m-%d %H:%M} UTC</p>"
    )


@st.fragment(run_every=WATCH)
def _watch(shown_version: str) -> None:
    """Show the page anew as soon as another version is published."""
    if reader().name() != shown_version:
        st.rerun(scope="app")
