"""What the companies are worth in a session never depends on which sessions were run with it."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.defs.companies.fundamentals import STATING, company_figures
from market_assets.defs.markets import COMPANIES
from market_assets.domain.companies.listings import LISTINGS
from market_assets.domain.quotes.reconcile import DAILY_QUOTES
from market_assets.domain.quotes.rows import QUOTES
from market_assets_tests.defs.materialized import materialize, platform_of, stated

DAYS = COMPANIES.sessions(date(2026, 10, 15), date(2026, 11, 20))
GAP = DAYS[3]
MADE = ("fundamentals", "sector_summary", "market_cap_distribution", "market_cap_concentration")


def quote(day: date) -> dict:
    figures = {"close": 700.0 + day.day, "turnover": 1e6, "volume": 1400, "currency": "MAD"}
    return {"mic": "XCAS", "ticker": "ATW", "session": day, **figures}


def listing(day: date) -> dict:
    sector = "Banques" if day < DAYS[10] else "Holdings"
    return {"mic": "XCAS", "ticker": "ATW", "session": day, "sector": sector}


def made(data, *runs: tuple[date, ...]) -> dict[str, pl.DataFrame]:
    """The tables after ``runs``; of a session quotes and listing are there from its own run on."""
    platform, known = platform_of(data), set()
    for source in STATING:
        said = pl.DataFrame(schema={**QUOTES, "replaced_at": pl.Datetime("us", "UTC")})
        stated(platform, f"casablanca.{source}_quotes", said)
    for run in runs:
        days = sorted(known := known | set(run))
        quotes = pl.DataFrame([quote(day) for day in days], schema=DAILY_QUOTES)
        schema = {**LISTINGS, "session": pl.Date}
        stated(platform, "casablanca.daily_quotes", quotes)
        lines = pl.DataFrame([listing(day) for day in days], schema=schema)
        stated(platform, "companies.listings", lines)
        materialize(platform, [company_figures], run)
    return {name: platform.warehouse.read(f"companies.{name}") for name in MADE}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return made(tmp_path_factory.mktemp("whole"), DAYS)


def test_each_session_has_the_sectors_of_its_day(whole):
    sectors = whole["sector_summary"].filter(taxonomy="exchange").select("session", "sector")
    assert sectors.rows() == [(day, listing(day)["sector"]) for day in DAYS]


def test_a_gap_that_is_filled_later_leaves_what_one_run_makes(whole, tmp_path):
    earlier, later = DAYS[:3], DAYS[4:]
    grown = made(tmp_path, earlier, later, (GAP,))
    velocity = whole["fundamentals"].filter(session=DAYS[19])["turnover_velocity_20"]
    assert velocity.null_count() == 0
    for name in MADE:
        assert_frame_equal(grown[name], whole[name])


def test_sessions_that_were_never_built_stay_so(tmp_path):
    platform_days = (DAYS[5],), (DAYS[0],)
    rows = made(tmp_path, *platform_days)["fundamentals"]
    assert rows["session"].to_list() == [DAYS[0], DAYS[5]]
