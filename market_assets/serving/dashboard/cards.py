"""The numbers at the head of a page, each with its unit; one that can be explained leads there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import urlencode

import streamlit as st


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The row a number was read from, as ``explain`` names it."""

    table: str
    line: str
    session: date

    def address(self) -> str:
        """Of the page that explains it."""
        asked = {"table": self.table, "line": self.line, "session": self.session.isoformat()}
        return f"provenance?{urlencode(asked)}"


@dataclass(frozen=True, kw_only=True)
class Card:
    """``note`` says what it is compared with, or of when it is."""

    label: str
    value: str
    unit: str
    note: str
    origin: Origin | None = None


def cards(shown: Sequence[Card]) -> None:
    """``shown`` beside each other, as many as fit."""
    st.html(f'<div class="cards">{"".join(map(_card, shown))}</div>')


def _card(card: Card) -> str:
    value = escape(card.value)
    if card.origin:
        value = (
            f'<a href="{escape(card.origin.address())}" target="_self" '
            f'title="Where this number comes from">{value}</a>'
        )
    return (
        f'<div class="card"><b>{escape(card.label)}</b><strong>{value}</strong> '
        f"<i>{escape(card.unit)}</i><small>{escape(card.note)}</small></div>"
    )
