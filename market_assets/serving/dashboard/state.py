"""The controls of the sidebar, kept in the address: a link shows what its sender saw.

What stands at its default is left out of the address; what an address says that is no option is
taken for the default.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

T = TypeVar("T")


def choice(
    label: str, options: Sequence[T], *, name: str, default: T, told: Callable[[T], str]
) -> T:
    """One of many options, found by typing; in the address as its plain text."""
    _follow_address(name, {str(option): option for option in options}, default)
    chosen = st.sidebar.selectbox(label, options, key=name, format_func=told)
    return _kept(name, chosen, default)


def switch(
    label: str, options: Sequence[T], *, name: str, default: T, told: Callable[[T], str]
) -> T:
    """One of a few options, all in sight."""
    _follow_address(name, {str(option): option for option in options}, default)
    chosen = st.sidebar.segmented_control(
        label, options, key=name, format_func=told, required=True, width="stretch"
    )
    return _kept(name, default if chosen is None else chosen, default)


def text(label: str, *, name: str, placeholder: str) -> str:
    """Words to look for, as they are typed."""
    _follow_address(name, None, "")
    typed = st.sidebar.text_input(label, key=name, placeholder=placeholder, live=True)
    return _kept(name, (typed or "").strip(), "")


def _follow_address(name: str, known: dict[str, T] | None, default: T | str) -> None:
    """Give the control what the address says, where somebody changed that or it is new.

    ``known``: the options by their text, None where any text will do.
    """
    asked = st.query_params.get(name)
    written = f"{name} in the address"
    if name not in st.session_state or asked != st.session_state.get(written):
        value = default if asked is None else asked if known is None else known.get(asked, default)
        st.session_state[name] = value
    elif known is not None and st.session_state[name] not in known.values():
        st.session_state[name] = default


def _kept(name: str, value: T, default: T) -> T:
    wanted = None if value == default else str(value)
    if st.query_params.get(name) != wanted:
        if wanted is None:
            del st.query_params[name]
        else:
            st.query_params[name] = wanted
    st.session_state[f"{name} in the address"] = wanted
    return value
