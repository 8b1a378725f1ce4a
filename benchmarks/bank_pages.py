"""Bank Al-Maghrib's pages as large as the site's: the captured ones of 2026, or the sandbox's."""

from datetime import UTC, datetime
from pathlib import Path

from market_assets.sandbox.central_bank import bkam
from market_assets.sandbox.central_bank.figures import Figures
from market_assets.sandbox.central_bank.moment import Moment
from market_assets.sandbox.messages import Question
from market_assets.sources.central_bank.bkam_requests import DAILY, SELDOM

CAPTURED = Path(__file__).parents[2] / "shared/samples/bam_africa/bkam_html"
PAGES = {
    "reference rates": ("cours_reference_*", DAILY["reference_rates"]),
    "interbank": ("marche_interbancaire_*", DAILY["interbank"]),
    "MONIA": ("monia_*", DAILY["monia"]),
    "Treasury curve": ("bt_taux_reference_*", DAILY["curve"]),
    "decisions": ("taux_directeur_*", SELDOM["policy_rate"]),
    "lending rates": ("taux_debiteurs_*", SELDOM["lending_rates"]),
}
MENU = 350_000
"""Bytes of menu on a captured page, of which the sandbox's has few."""


def bank_pages() -> dict[str, bytes]:
    """The body of each page."""
    moment = Moment(now=datetime(2026, 10, 8, 20, tzinfo=UTC), figures=Figures(seed=2026))
    pages: dict[str, bytes] = {}
    for name, (file, path) in PAGES.items():
        saved = next(CAPTURED.glob(file), None)
        question = Question(method="GET", path=path, headers={"user-agent": "benchmark"})
        pages[name] = saved.read_bytes() if saved else _whole(bkam.answer(question, moment).body)
    return pages


def _whole(body: bytes) -> bytes:
    """``body`` with its menu repeated to the size of the site's."""
    before, mark, after = body.partition(b"<ul>")
    menu, end, rest = after.partition(b"</ul>")
    return before + mark + menu * (MENU // len(menu)) + end + rest
