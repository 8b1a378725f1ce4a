"""What Streamlit runs: the pages and their order."""

from pathlib import Path

import streamlit as st

ICON = Path(__file__).with_name("mark.svg")
PAGES = {
    "Casablanca": [
        ("overview", "Market overview"),
        ("companies", "Companies"),
        ("company", "Company"),
    ],
    "Hong Kong": [("holdings", "Hong Kong holdings")],
    "Money and neighbours": [("central_bank", "Central bank"), ("cross_market", "Cross-market")],
    "The data": [
        ("quality", "Data quality"),
        ("provenance", "Provenance"),
        ("about", "About"),
    ],
}
"""File, which is the address too, and title, by heading.

The folder is not called "pages": Streamlit would show what it finds there by itself, unframed.
"""


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(page_title="Market assets", page_icon=str(ICON), layout="wide")
    pages = {
        heading: [
            st.Page(
                f"views/{file}.py",
                title=title,
                url_path=file.replace("_", "-"),
                default=file == "overview",
            )
            for file, title in listed
        ]
        for heading, listed in PAGES.items()
    }
    st.navigation(pages, expanded=True).run()


if __name__ == "__main__":
    main()
