"""What a market is made of is run first, once, and says why."""

import pytest

from market_assets.defs.markets import CASABLANCA, COMPANIES, MARKETS
from market_assets_tests.built import LAST, invoked, published
from market_assets_tests.built_africa import run

DAYS = 2
WHY = "companies: made of what casablanca publishes, which is run first."


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The data directory and what the first run in it says."""
    data = tmp_path_factory.mktemp("alone") / "data"
    return data, run("companies", "--days", DAYS, "--until", LAST, data=data)


def test_what_a_market_needs_comes_before_it():
    assert COMPANIES.needs == (CASABLANCA,)
    for place, market in enumerate(MARKETS):
        assert set(market.needs) <= set(MARKETS[:place])


def test_companies_are_told_where_casablanca_was_never_run(alone):
    data, done = alone
    assert done.status == 0
    heads = [line for line in done.out.splitlines() if ", sandbox: " in line or line == WHY]
    days = "2 sessions, 2026-11-12 to 2026-11-13"
    assert heads == [WHY, f"casablanca, sandbox: {days}", f"companies, sandbox: {days}"]
    told = published(data, "SELECT count(DISTINCT ticker) AS lines FROM companies.fundamentals")
    assert told["lines"].item() == 81


def test_where_nothing_is_missing_of_it_it_is_not_run(alone):
    data, _ = alone
    again = run("companies", "--days", DAYS, "--until", LAST, data=data)
    assert again.status == 0
    assert "casablanca, sandbox" not in again.out
    assert "Nothing new" in again.out


def test_from_captures_they_are_built_of_what_the_others_captured(alone):
    data, _ = alone
    (data / "sandbox/warehouse.duckdb").unlink()
    done = invoked("run", "--from-captures", "--data-dir", data)
    assert done.status == 0
    markets = [line.partition(",")[0] for line in done.out.splitlines() if ", sandbox: " in line]
    assert markets == ["casablanca", "companies"]
