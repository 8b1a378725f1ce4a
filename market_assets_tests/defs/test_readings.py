"""Pages are read once, and who waits is told of each that is."""

import logging
from datetime import date

import pytest

from market_assets.commands import inbox
from market_assets.defs.platform import Platform
from market_assets.defs.readings import PROGRESS
from market_assets.defs.run import _Steps
from market_assets.modes import live
from market_assets.settings import read_settings
from market_assets.sources.casablanca.casablanca_bourse import SOURCE

EXPORT = (
    "Séance,Instrument,Ticker,Ouverture,Dernier Cours,+haut du jour,+bas du jour,"
    "Nombre de titres échangés,Volume des échanges,Nombre de transactions,Capitalisation\n"
    "{day},ATW,ATW,681.0,670.0,690.0,670.0,150.0,101250.0,3,144144362130.0\n"
)
DAYS = (date(2026, 5, 4), date(2026, 5, 5))


@pytest.fixture
def platform(tmp_path) -> Platform:
    """Two pages of two sessions are captured."""
    settings = live(read_settings({"data_dir": tmp_path / "data"}))
    for day in DAYS:
        page = tmp_path / f"Cours_{day}.csv"
        page.write_text(EXPORT.format(day=day), "utf-8")
        inbox.add(settings, SOURCE.name, day, [page])
    return Platform(settings)


def test_each_page_that_is_read_is_told_and_none_that_is_remembered(platform):
    told: list[tuple[str, int, int]] = []
    steps = _Steps(lambda *said: told.append(said))
    steps.total = 7
    with steps.heard():
        first = list(platform.readings.between(SOURCE, first=DAYS[0], last=DAYS[1]))
        assert told == [
            ("casablanca_bourse: page 1 of 2 is read", 0, 7),
            ("casablanca_bourse: page 2 of 2 is read", 0, 7),
        ]
        again = list(platform.readings.between(SOURCE, first=DAYS[0], last=DAYS[1]))
    assert len(told) == len(first) == len(again) == 2
    assert (PROGRESS.handlers, PROGRESS.level) == ([], logging.NOTSET)
    fresh = Platform(platform.settings)
    assert len(list(fresh.readings.between(SOURCE, first=DAYS[0], last=DAYS[1]))) == 2
    assert len(told) == 2  # nobody waits
