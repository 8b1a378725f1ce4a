"""Each check passes on the tables of a good session and fails on what was made wrong in them."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from market_assets.calendars.sessions import newest_closed_session
from market_assets.defs.captures import ANSWERED
from market_assets.defs.casablanca.checks import DUE_HOURS, SERVICE, _sessions_since, worst_of_each
from market_assets.defs.layouts import DRIFT
from market_assets.defs.location import code_location
from market_assets.defs.markets import CASABLANCA
from market_assets.defs.plausibility import stated_alone
from market_assets.defs.run import RunOutcome, _checks
from market_assets.defs.window import Window, run_config, run_tags
from market_assets.settings import read_settings
from market_assets_tests.built import Built, copied, tampered

WINDOW = Window(sessions=(date(2026, 10, 16), date(2026, 10, 19)))
"""Two sessions in whose pages nothing planted shows, a weekend between them."""
NOWHERE = {
    f"casablanca/daily_quotes: {name}" for name in ("no_row_at_all", "missing_session", "stale")
}
"""What can only be wrong where the rows are gone."""

NEWEST = newest_closed_session("XCAS", datetime.now(UTC))
ONE = "WHERE session = '2026-10-19' AND ticker = '{}'"
DAILY = "casablanca.daily_quotes"
ANALYSIS = "casablanca.volume_analysis"
QUALITY = "casablanca.volume_data_quality"
TRENDS = "casablanca.volume_trends"
SECTORS = "casablanca.sector_volume_analysis"
SUMMARY = "casablanca.market_volume_summary"


def changed(table: str, change: str, where: str) -> str:
    return f"UPDATE {table} SET {change} {where}"


def doubled(table: str, where: str) -> str:
    return f"INSERT INTO {table} SELECT * FROM {table} {where} LIMIT 1"


def line(table: str, ticker: str, change: str) -> str:
    return changed(table, change, ONE.format(ticker))


def week(ticker: str, change: str) -> str:
    return changed(TRENDS, change, f"WHERE period_start = '2026-10-19' AND ticker = '{ticker}'")


def sector(number: int, change: str) -> str:
    named = f"SELECT DISTINCT sector FROM {DAILY} ORDER BY 1 LIMIT 1 OFFSET {number}"
    return changed(SECTORS, change, f"WHERE session = '2026-10-19' AND sector = ({named})")


def source(name: str, change: str) -> str:
    return changed(QUALITY, change, f"WHERE session = '2026-10-19' AND source = '{name}'")


def put_aside(kind: str, who: str = "investing") -> str:
    return (
        f"INSERT INTO quality.quarantine BY NAME SELECT '{who}' AS source, "
        f"DATE '2026-10-19' AS session, '{kind}' AS kind, 'in any words' AS reason"
    )


def disagreement(values: str) -> str:
    return (
        "INSERT INTO quality.disagreements BY NAME SELECT DATE '2026-10-19' AS session, "
        f"'ATW' AS ticker, 'volume' AS field, 'investing' AS source, {values} AS value, 7 AS chosen"
    )


def alert(values: str) -> str:
    return f"INSERT INTO casablanca.volume_alerts BY POSITION VALUES ({values})"


WRONGS = (
    doubled(DAILY, ONE.format("ATW")),
    line(DAILY, "IAM", "session = '2026-10-17'"),
    line(DAILY, "MNG", "ticker = 'ZZZ'"),
    line(DAILY, "BCP", "volume = -1"),
    line(DAILY, "AKT", "turnover = turnover * 100"),
    line(DAILY, "TGC", "confidence = 1.5"),
    line(DAILY, "CMG", "capture_id = NULL"),
    line(DAILY, "MSA", "close = close * 2"),
    changed(DAILY, "volume = NULL", "WHERE session = '2026-10-16' AND status != 'S'"),
    changed(DAILY, "confidence = 0.1", "WHERE session = '2026-10-16'"),
    changed(DAILY, "sources = 'cdg_capital'", "WHERE session = '2026-10-16'"),
    doubled(ANALYSIS, ONE.format("ATW")),
    line(ANALYSIS, "IAM", "ticker = NULL"),
    line(ANALYSIS, "MNG", "volume = -1"),
    line(ANALYSIS, "BCP", "average_volume = -1"),
    line(ANALYSIS, "AKT", "volume_ratio = 1, average_volume = NULL"),
    line(ANALYSIS, "TGC", "high_volume = true, volume_ratio = NULL"),
    line(ANALYSIS, "CMG", "volume_volatility_20 = -1"),
    line(ANALYSIS, "MSA", "volume_return_correlation_60 = 1.1"),
    alert("'ATW', 'volume_spike', '2026-10-19', 9, 9, 3, 'twice', false"),
    alert("'ATW', 'volume_spike', '2026-10-19', 9, 9, 3, 'twice', false"),
    alert("NULL, 'volume_spike', '2026-10-19', 9, 9, 3, 'of nobody', false"),
    alert("'IAM', 'odd', '2026-10-19', 9, 9, 3, 'of no kind', false"),
    alert("'MNG', 'volume_spike', '2026-10-19', 9, 2, 3, 'no spike', false"),
    alert("'BCP', 'volume_spike', '2026-10-16', 9, 9, 3, 'past', true"),
    doubled(TRENDS, "WHERE period_start = '2026-10-19' AND ticker = 'ATW'"),
    week("IAM", "ticker = NULL"),
    week("MNG", "min_volume = -1"),
    week("BCP", "mean_volume = 1e12"),
    week("AKT", "sessions = 0"),
    week("TGC", "strength = 1.5, direction = 'rising'"),
    week("CMG", "strength = -0.5, direction = 'rising'"),
    doubled(SECTORS, "WHERE session = '2026-10-19'"),
    sector(0, "total_volume = -1"),
    sector(1, "total_turnover = -1"),
    sector(2, "high_volume_lines = lines + 1"),
    sector(3, "volume_ratio = 1, average_volume = NULL"),
    sector(4, "sector = NULL"),
    changed(
        SUMMARY,
        "total_volume = -1, traded = traded + 1, rising = 999, volume_p10 = 1e12, "
        "most_active_turnover = 1e15",
        "WHERE session = '2026-10-19'",
    ),
    doubled(SUMMARY, "WHERE session = '2026-10-16'"),
    doubled(QUALITY, "WHERE session = '2026-10-19' AND source = 'investing'"),
    source("bmce_capital", "completeness = 1.5"),
    source("casablanca_bourse", "freshness_hours = -1"),
    source("cdg_capital", "score = 1, issues = '1 x duplicate row'"),
    source("wafabourse", "score = 0.1, validity = NULL"),
    *(put_aside(kind) for kind, _ in SERVICE.values()),
    disagreement("7"),
    disagreement("8"),
)


def outcomes(data: Path, window: Window) -> dict[str, tuple[bool, bool]]:
    """Of each check of the tables whether it passed and whether its failing is an error."""
    definitions = code_location(read_settings({"data_dir": data}), loggers=None)
    job = definitions.resolve_job_def("casablanca_from_captures")
    every = job.asset_layer.asset_graph.asset_check_keys
    keys = {key for key in every if key.name not in {ANSWERED, DRIFT}}
    result = job.get_subset(asset_selection=set(), asset_check_selection=keys).execute_in_process(
        tags=run_tags(window), run_config=run_config(window), raise_on_error=False
    )
    checks = RunOutcome(
        checks=tuple(_checks(result.get_asset_check_evaluations(), dict.fromkeys(keys, ""))),
        failures=(),
    ).checks
    assert len(checks) == len(keys)
    return {f"{check.asset}: {check.name}": (check.passed, check.error) for check in checks}


@pytest.fixture(scope="module")
def good(built: Built, tmp_path_factory) -> dict[str, tuple[bool, bool]]:
    """Of a table that is not old either: the newest session there is has a row.

    What is no fault, said elsewhere or another market's is put aside as well.
    """
    data = copied(built.first, tmp_path_factory.mktemp("good") / "data")
    row = ONE.format("ATW")
    tampered(
        data,
        *map(put_aside, ("stale", "row", "page")),
        *(put_aside(kind, "hkex_southbound") for kind, _ in SERVICE.values()),
        f"INSERT INTO {DAILY} SELECT * REPLACE (DATE '{NEWEST}' AS session) FROM {DAILY} {row}",
    )
    return outcomes(data, WINDOW)


@pytest.fixture(scope="module")
def wrong(built: Built, tmp_path_factory) -> dict[str, tuple[bool, bool]]:
    data = copied(built.first, tmp_path_factory.mktemp("wrong") / "data")
    tampered(data, *WRONGS)
    return outcomes(data, WINDOW)


@pytest.fixture(scope="module")
def nothing(built: Built, tmp_path_factory) -> dict[str, tuple[bool, bool]]:
    """Of the newest session there is, which these directories do not have."""
    data = copied(built.first, tmp_path_factory.mktemp("nothing") / "data")
    return outcomes(data, Window(sessions=(NEWEST,)))


def failed(outcome: dict[str, tuple[bool, bool]]) -> set[str]:
    return {name for name, (passed, _) in outcome.items() if not passed}


def test_good_tables_pass_every_check(good):
    assert failed(good) == set()
    assert len(good) > 50


def test_every_check_fails_on_tables_that_have_its_fault(good, wrong):
    assert set(good) - failed(wrong) == NOWHERE


def test_a_session_without_a_row_fails(nothing):
    assert failed(nothing) == NOWHERE | {"casablanca/daily_quotes: missing_volume"}


def test_structural_faults_are_errors_and_implausible_values_warn(good):
    warnings = {name for name, (_, error) in good.items() if not error}
    assert {name.split(": ")[0] for name in warnings} == {
        "casablanca/daily_quotes",
        "casablanca/volume_data_quality",
    }
    assert {name.split(": ")[1] for name in warnings} == {
        "missing_session",
        "missing_volume",
        "low_confidence",
        "price_limit_broken",
        "stale",
        "uncorroborated",
        "silent_source",
        "ghost_session",
        "lagging_source",
        "unit_rule",
        "doubled_rows",
        "contradicting_rows",
        "provisional_rows",
        "impossible_prices",
        "days_without_session",
        "copied_pages",
        "unlisted_lines",
        "low_score",
    }


def test_every_error_blocks_what_comes_after(good, built: Built):
    definitions = code_location(read_settings({"data_dir": built.first}), loggers=None)
    graph = definitions.resolve_asset_graph()
    blocking = {
        f"{key.asset_key.to_user_string()}: {key.name}"
        for key in graph.asset_check_keys
        if graph.get_check_spec(key).blocking
        and (graph.get(key.asset_key).group_name or "").startswith(CASABLANCA.name)
    }
    assert blocking == {name for name, (_, error) in good.items() if error}


def test_a_low_score_is_told_once_for_each_source_by_its_worst_session():
    low = pl.DataFrame(
        {
            "source": ["bourse", "bourse", "yahoo"],
            "session": [date(2026, 10, 7), date(2026, 10, 8), date(2026, 10, 8)],
            "score": [0.4, 0.01234, 0.0],
            "issues": ["", "80 of 81 lines missing", None],
        }
    )
    assert worst_of_each(low) == [
        "yahoo in 1 sessions, down to 0.0 on 2026-10-08",
        "bourse in 2 sessions, down to 0.01 on 2026-10-08 (80 of 81 lines missing)",
    ]
    assert worst_of_each(low.clear()) == []


def test_that_one_source_is_alone_is_said_once_and_only_where_it_is():
    assert stated_alone(pl.DataFrame({"sources": ["a", "a"]})) == ["a states all there is"]
    for sources in (["a", "b"], ["a", "a+b"], ["a+b"]):
        assert stated_alone(pl.DataFrame({"sources": sources})) == []


def test_sessions_are_stale_once_their_figures_are_due():
    today = datetime.now(UTC).date()
    assert _sessions_since(today, until=today) == 0
    assert _sessions_since(date(2026, 10, 19), until=today) >= 20
    assert _sessions_since(date(2019, 1, 25), until=date(2026, 10, 19)) == 0  # about old days
    assert DUE_HOURS == 4
