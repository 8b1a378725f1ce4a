"""Each check of the neighbours passes on what was built and fails on what was made wrong in it."""

from datetime import date

import pytest

from market_assets.defs.captures import ANSWERED
from market_assets.defs.layouts import DRIFT
from market_assets.defs.location import code_location
from market_assets.defs.markets import AFRICA, COMPANIES, Market
from market_assets.defs.run import _checks
from market_assets.defs.window import Window, run_config, run_tags
from market_assets.settings import read_settings
from market_assets_tests.built import copied, tampered

DAYS = (date(2026, 11, 10), date(2026, 11, 11))
"""On which every exchange trades and nobody is at fault."""
A, C = "africa", "companies"


def row(table: str, change: str, place: int, day: str = "session") -> str:
    """One row of the second day changed, each by its place."""
    chosen = f"SELECT rowid FROM {table} WHERE {day} = '2026-11-11' ORDER BY rowid"
    return f"UPDATE {table} SET {change} WHERE rowid = ({chosen} LIMIT 1 OFFSET {place})"


def doubled(table: str, day: str = "session") -> str:
    chosen = f"SELECT * FROM {table} WHERE {day} = '2026-11-11' LIMIT 1"
    return f"INSERT INTO {table} {chosen}"


def rows(table: str, *changes: str, day: str = "session") -> tuple[str, ...]:
    return (
        *(row(f"{table}", change, place, day) for place, change in enumerate(changes, start=1)),
        doubled(table, day),
    )


WRONG_AFRICA = (
    *rows(f"{A}.daily_quotes", "volume = -1", "close = 0", "confidence = 2", "capture_id = NULL"),
    f"UPDATE {A}.daily_quotes SET confidence = 0.1 WHERE confidence <= 1",
    f"DELETE FROM {A}.daily_quotes WHERE mic = 'XNSA'",
    *rows(f"{A}.listings"),
    *rows(f"{A}.data_quality", "score = 2", "stated = 0, score = 1"),
    *rows(f"{A}.quoted_rates", "rate = -1", "quote = base", day="reference_date"),
    f"UPDATE {A}.quoted_rates SET rate = rate * 2 WHERE source = 'ecb' AND quote = 'USD'",
    (
        f"DELETE FROM {A}.quoted_rates WHERE reference_date = '2026-11-10' "
        "AND source NOT IN ('ecb', 'sarb')"
    ),
    *rows(f"{A}.fx_rates", "rate = -1", "age_days = -1", "rate = 7", day="as_of"),
    *rows(f"{A}.market_returns", "return_equal = -1", "rising = rising + 1"),
    *rows(
        f"{A}.cross_market",
        "age_days = -1",
        "measure = 'turnover', local_value = -1, mic = 'XBRV'",
        "value = 1, local_value = NULL",
        "value = NULL, local_value = 1, base_session = NULL, currency = 'USD', "
        "local_currency = 'MAD'",
        day="as_of",
    ),
    *rows(f"{A}.sector_weights", "weight = -1", day="as_of"),
    *rows(f"{A}.market_correlations", "correlation = 2", day="as_of"),
)
DISSENT = (
    "INSERT INTO quality.market_cap_disagreements BY NAME SELECT ticker, session, 'market_cap' "
    "AS field, 'medias24' AS source, 7 AS value, 7 AS chosen FROM companies.fundamentals "
    "WHERE session = '2026-11-11'"
)
WRONG_COMPANIES = (
    *rows(
        f"{C}.listings",
        "isin = 'MA0000012445', ticker = 'TWO'",
        "isin = 'no isin'",
        "shares = 0",
        "status = 'odd'",
        "isin = NULL",
        "shares = NULL",
    ),
    *rows(
        f"{C}.fundamentals",
        "market_cap = 0",
        "market_cap_source = NULL",
        "low_52w = close + 1, high_52w = close + 2",
        "turnover_velocity_20 = -1",
    ),
    DISSENT,
    DISSENT,
    *rows(f"{C}.sector_summary", "lines = 0", "market_cap_share = 2"),
    *rows(f"{C}.market_cap_distribution", "market_cap = -1", "market_cap_share = 2"),
    *rows(f"{C}.market_cap_concentration"),
    f"UPDATE {C}.market_cap_concentration SET largest_share = 2 WHERE session = '2026-11-10'",
)
WRONGS = {AFRICA: WRONG_AFRICA, COMPANIES: WRONG_COMPANIES}
ELSEWHERE = {
    AFRICA: {"no_quote_at_all"},
    COMPANIES: {"without_market_cap", "market_cap_disagreement"},
}
"""What is wrong only where the rows are gone, or looked at only where nothing blocks."""


def outcomes(data, market: Market, days: tuple[date, ...]) -> dict[str, tuple[bool, bool]]:
    """Of each check of the market's tables whether it passed and whether failing is an error."""
    window = Window(sessions=days)
    definitions = code_location(read_settings({"data_dir": data}), loggers=None)
    job = definitions.resolve_job_def(market.job(from_captures=True))
    every = job.asset_layer.asset_graph.asset_check_keys
    keys = {key for key in every if key.name not in {ANSWERED, DRIFT}}
    result = job.get_subset(asset_selection=set(), asset_check_selection=keys).execute_in_process(
        tags=run_tags(window), run_config=run_config(window), raise_on_error=False
    )
    checks = list(_checks(result.get_asset_check_evaluations(), dict.fromkeys(keys, "")))
    return {f"{check.asset}: {check.name}": (check.passed, check.error) for check in checks}


def failed(outcome: dict[str, tuple[bool, bool]]) -> set[str]:
    return {name for name, (passed, _) in outcome.items() if not passed}


@pytest.mark.parametrize("market", [AFRICA, COMPANIES], ids=lambda market: market.name)
def test_good_tables_pass_every_check_and_wrong_ones_fail_each(
    market, africa_built, tmp_path_factory
):
    data = copied(africa_built, tmp_path_factory.mktemp("checks") / "data")
    good = outcomes(data, market, DAYS)
    assert failed(good) == set()
    assert len(good) >= 25
    tampered(data, *WRONGS[market])
    kept = {name.split(": ")[1] for name in set(good) - failed(outcomes(data, market, DAYS))}
    assert kept == ELSEWHERE[market]


def test_structural_faults_are_errors_and_what_a_person_looks_at_warns(africa_built):
    told = outcomes(africa_built, AFRICA, DAYS) | outcomes(africa_built, COMPANIES, DAYS)
    assert {name.split(": ")[1] for name, (_, error) in told.items() if not error} == {
        "no_quote_at_all",
        "low_confidence",
        "silent_exchange",
        "strayed_table",
        "parted_tables",
        "no_rate",
        "without_isin",
        "without_shares",
        "without_market_cap",
        "market_cap_disagreement",
    }


def test_market_caps_that_are_unknown_or_disputed_warn(africa_built, tmp_path_factory):
    data = copied(africa_built, tmp_path_factory.mktemp("worth") / "data")
    unknown = "SET market_cap = NULL, market_cap_source = NULL WHERE session = '2026-11-10'"
    tampered(
        data, DISSENT.replace("7 AS chosen", "8 AS chosen"), f"UPDATE {C}.fundamentals {unknown}"
    )
    said = {name.split(": ")[1] for name in failed(outcomes(data, COMPANIES, DAYS))}
    assert said == ELSEWHERE[COMPANIES]


def test_days_without_a_quote_fail(africa_built, tmp_path_factory):
    data = copied(africa_built, tmp_path_factory.mktemp("nothing") / "data")
    tampered(data, "DELETE FROM africa.daily_quotes")
    said = {name.split(": ")[1] for name in failed(outcomes(data, AFRICA, DAYS))}
    assert said == {"no_quote_at_all", "silent_exchange"}
