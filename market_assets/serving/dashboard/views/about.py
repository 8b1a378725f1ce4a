"""About: what is shown, which version, and whose data they are."""

import polars as pl
import streamlit as st

from market_assets.serving.api.pages import DISCLAIMERS
from market_assets.serving.dashboard.cards import Card, cards
from market_assets.serving.dashboard.frame import headed, shown
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.tables import Column, table
from market_assets.sources.registry import SOURCES

UNITS = """
- **Volume** is shares, **turnover** is money; a fraction of 0.0123 is written 1.23%.
- **null** is what nobody states. It is never 0, and no line is drawn through it.
- **Confidence** runs from 0 to 1 and says how far the sources of a number agree.
- A **session** is a day of the exchange; the date is the one the page stated.
- Filled with ▲ is what rose, pale with ▼ what fell; colour says nothing that they do not.
"""


def about(data: Data) -> None:
    """The version, the terms, the sources and the tables."""
    mode = data.facts.mode
    headed(
        "About",
        "Market data agreed between their sources, each traceable to the bytes it came from.",
    )
    cards(
        [
            Card(
                label="Mode", value=mode, unit="", note="invented" if mode == "sandbox" else "real"
            ),
            Card(
                label="Published",
                value=f"{data.facts.published_at:%d %b %Y}",
                unit="",
                note=f"{data.facts.published_at:%H:%M:%S} UTC",
            ),
            Card(
                label="Tables",
                value=f"{len(data.facts.columns)}",
                unit="",
                note=data.version.path.name,
            ),
        ]
    )
    st.subheader("Terms", anchor=False)
    st.write(
        f"{DISCLAIMERS[mode]} Data belong to their publishers; there is no affiliation with any of "
        "them, and nothing here is investment advice. What a publisher's terms do not allow to be "
        "passed on does not leave as a file."
    )
    st.subheader("How to read it", anchor=False)
    st.markdown(UNITS)
    behind = {name for names in data.facts.sources.values() for name in names}
    sources = pl.DataFrame(
        [
            {
                "source": source.name,
                "publisher": source.publisher,
                "market": source.market,
                "published": source.name in behind,
                "files": data.settings.redistributes(source.name, as_file=True),
                "terms": source.terms,
                "caution": source.caution,
                "verified": source.verified,
            }
            for source in SOURCES
        ]
    )
    table(
        data,
        sources,
        title="Sources and their terms",
        name="sources",
        of="meta.publication",
        columns={
            "source": Column("Source"),
            "publisher": Column("Publisher"),
            "market": Column("Market"),
            "published": Column("In this version", "flag"),
            "files": Column("May leave as a file", "flag"),
            "terms": Column("Terms"),
            "caution": Column("Caution"),
            "verified": Column("What was seen of its format"),
        },
    )
    tables = pl.DataFrame(
        [{"table": name, "columns": len(known)} for name, known in data.facts.columns.items()]
    )
    table(
        data,
        tables,
        title="Published tables",
        name="tables",
        of="meta.publication",
        columns={"table": Column("Table"), "columns": Column("Columns", "whole")},
    )


if __name__ == "__main__":
    shown(about)
