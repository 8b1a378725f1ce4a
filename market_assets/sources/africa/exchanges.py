"""The neighbouring exchanges: their MIC, their money, and what two publishers call them."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """An exchange. ``list_slug`` is African Markets', ``afx_slug`` AFX's; None: it has no page.

    ``currency`` (ISO 4217) is that of turnover and market caps, and of all prices but Egypt's
    lines in dollars. ``calendar``: whether its sessions are known here.
    """

    mic: str
    currency: str
    list_slug: str
    afx_slug: str | None
    calendar: bool = False


EXCHANGES = (
    Exchange(mic="XNSA", currency="NGN", list_slug="ngse", afx_slug="ngx", calendar=True),
    Exchange(mic="XCAI", currency="EGP", list_slug="egx", afx_slug=None, calendar=True),
    Exchange(mic="XJSE", currency="ZAR", list_slug="jse", afx_slug="jse", calendar=True),
    Exchange(mic="XBRV", currency="XOF", list_slug="brvm", afx_slug="brvm", calendar=True),
    Exchange(mic="XGHA", currency="GHS", list_slug="gse", afx_slug="gse"),
    Exchange(mic="XNAI", currency="KES", list_slug="nse", afx_slug="nse"),
)
"""Pages of the last two are read, but nobody asks for them: their sessions are not known."""

DOLLAR_LINES = frozenset({"VLMR", "NAHO", "MOIL", "EGBE", "CFGH", "GTEX", "TRTO", "FAITA", "EGSA"})
"""The lines that Cairo quotes in US dollars (its market watch of 2026-08-13)."""
