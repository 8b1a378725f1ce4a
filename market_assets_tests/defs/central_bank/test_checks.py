"""Each check holds on what was built, and counts the bad row that is put into its table."""

from collections.abc import Iterable
from datetime import date

import dagster as dg
import pytest

from market_assets.defs.central_bank import agreement, checks, indicators
from market_assets.defs.central_bank.quality import DATA_QUALITY_KEY
from market_assets.defs.graph import ONE_RUN
from market_assets.defs.location import session_tables
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.platform import Platform
from market_assets.defs.tables import FIRST_WRITTEN, LAST_WRITTEN, table_name
from market_assets.defs.window import SessionWindow, Window, run_config, run_tags
from market_assets.settings import read_settings
from market_assets_tests.built import copied, published
from market_assets_tests.built_central_bank import SESSIONS

WINDOW = Window(sessions=SESSIONS[-5:])
FIRST_DAY = date(2026, 9, 1)
"""Before the newest month of the monetary series."""
ABOUT = "reference_date = DATE '2026-11-11'"
RATES, CURVE = "central_bank.exchange_rates", "central_bank.treasury_curve"
LONG, STATUS = "central_bank.indicators", "central_bank.indicator_status"
CREDIT, QUALITY = "central_bank.banking_metrics", "central_bank.data_quality"
EURO = f"currency = 'EUR' AND kind = 'reference' AND {ABOUT}"
NOTE = f"currency = 'EUR' AND kind = 'banknote' AND {ABOUT}"
POINT = f"{ABOUT} AND maturity_date < DATE '2026-12-31'"
MONIA = f"indicator_id = 'monia.rate' AND {ABOUT}"
NOW = "indicator_id = 'monia.rate' AND session = DATE '2026-11-12'"
NEWEST = f"reference_date = (SELECT max(reference_date) FROM {CREDIT})"
LOAN = f"indicator_id = 'credit.object.cash' AND {NEWEST}"
WIDE = {
    "policy_rate": "reserve_remuneration = -1",
    "interbank_rate": "rate = 225",
    "monia": "rate = -2.25",
    "lending_rates": "property = 101",
    "monetary_aggregates": "m1 = m3 + 1",
}
"""What may not stand in a table of one subject; no page of interventions and reserves is known."""
NEWEST_ROW = (
    "reference_date = (SELECT max(reference_date) FROM {table} "
    f"WHERE reference_date <= DATE '{WINDOW.last}')"
)
SCORE = "source = 'bkam_api' AND session = DATE '2026-11-11'"

DISSENT = (
    "INSERT INTO quality.exchange_rates_disagreements BY NAME SELECT currency, kind, "
    f"reference_date, 'mid' AS field, 'bkam' AS source FROM {RATES}"
)

ROWS = {
    RATES: EURO,
    CURVE: POINT,
    LONG: MONIA,
    STATUS: NOW,
    CREDIT: LOAN,
    QUALITY: SCORE,
    **{f"central_bank.{name}": NEWEST_ROW.format(table=f"central_bank.{name}") for name in WIDE},
}
"""The row of each table that is tampered with."""
CHANGES = {
    (RATES, "nothing_stated"): ("mid = NULL", EURO),
    (RATES, "not_positive"): ("mid = 0", EURO),
    (RATES, "bid_above_ask"): ("bid = ask + 1", NOTE),
    (CURVE, "matured"): ("maturity_date = reference_date", POINT),
    (CURVE, "negative_volume"): ("volume = -1", POINT),
    (LONG, "no_value"): ("value = NULL", MONIA),
    (LONG, "published_before_its_date"): ("publication_date = DATE '2026-11-01'", MONIA),
    (LONG, "known_before_its_date"): ("known_at = TIMESTAMPTZ '2026-11-01 00:00:00+00'", MONIA),
    (LONG, "confidence_out_of_range"): ("confidence = 1.5", MONIA),
    (STATUS, "unknown_status"): ("status = 'new', value = NULL", NOW),
    (STATUS, "old_value_shown"): ("status = 'frozen'", NOW),
    (CREDIT, "negative_amount"): ("value = -1", LOAN),
    (CREDIT, "share_out_of_range"): ("share = 1.5", LOAN),
    **{
        (
            table := f"central_bank.{name}",
            "more_than_its_whole" if name == "monetary_aggregates" else "rate_out_of_range",
        ): (change, ROWS[table])
        for name, change in WIDE.items()
    },
    **{
        (f"central_bank.{name}", "confidence_out_of_range"): (
            "confidence = 1.5",
            ROWS[f"central_bank.{name}"],
        )
        for name in WIDE
    },
    (QUALITY, "score_out_of_range"): ("score = 1.5", SCORE),
    (QUALITY, "score_without_rows"): ("stated = 0", SCORE),
}
BAD_ROWS = {
    **{(table, "duplicate_row"): f"INSERT INTO {table} FROM {table} WHERE {row}"
       for table, row in ROWS.items()},
    **{(table, fault): f"UPDATE {table} SET {to} WHERE {where}"
       for (table, fault), (to, where) in CHANGES.items()},
}  # fmt: skip
KEYS = [
    *map(agreement.agreed_key, ("exchange_rates", "treasury_curve")),
    agreement.disagreements_key("exchange_rates"),
    *(indicators.INDICATORS, indicators.STATUS, *map(indicators.table_key, indicators.TABLES)),
    DATA_QUALITY_KEY,
]


def as_it_is(key: dg.AssetKey) -> dg.AssetsDefinition:
    """Stands for an asset: leaves its table alone."""

    @dg.asset(key=key, partitions_def=CENTRAL_BANK.months, backfill_policy=ONE_RUN)
    def stands() -> dg.MaterializeResult:
        """Nothing is written, but all from FIRST_DAY on is looked at."""
        return dg.MaterializeResult(
            metadata={FIRST_WRITTEN: f"{FIRST_DAY}", LAST_WRITTEN: f"{WINDOW.last}"}
        )

    return stands


def materialized(data, assets: Iterable[object]) -> dg.ExecuteInProcessResult:
    """What came of these assets and checks over WINDOW."""
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            [*assets],
            instance=instance,
            resources={
                "io_manager": session_tables,
                "platform": Platform(read_settings({"data_dir": data})),
                "window": SessionWindow(**run_config(WINDOW)["resources"]["window"]["config"]),
            },
            tags=run_tags(WINDOW),
            raise_on_error=False,
        )


def counted(data, *tables: str) -> dict[tuple[str, str], tuple[bool, object, str]]:
    """By table and check of ``tables``: passed, its count, its severity."""
    looking = [
        check
        for check in checks.CHECKS
        if {table_name(key.asset_key) for key in check.check_keys} & {*tables}
    ]
    result = materialized(data, [*map(as_it_is, KEYS), *looking])
    return {
        (".".join(said.asset_key.path), said.check_name): (
            said.passed,
            said.metadata["count"].value,
            said.severity.value,
        )
        for said in result.get_asset_check_evaluations()
    }


@pytest.fixture(scope="module")
def warehouse(bank_built, tmp_path_factory):
    """A copy of the built warehouse that tests change and put back."""
    return copied(bank_built, tmp_path_factory.mktemp("checks") / "data")


def test_what_was_built_breaks_no_rule(warehouse):
    said = counted(warehouse, *ROWS)
    assert {name for name, (passed, *_) in said.items() if not passed} == set()
    structural = {name for name, (*_, severity) in said.items() if severity == "ERROR"}
    assert structural == set(BAD_ROWS)
    assert {said[name][1] for name in structural} == {0}


@pytest.mark.parametrize(("table", "fault"), BAD_ROWS)
def test_a_row_that_breaks_a_rule_fails_its_check_and_no_other(warehouse, changed, table, fault):
    changed(BAD_ROWS[table, fault])
    said = counted(warehouse, table)
    passed, count, severity = said[table, fault]
    assert (passed, severity) == (False, "ERROR")
    assert count == (2 if fault == "duplicate_row" else 1)
    assert {name for name, (fine, *_) in said.items() if not fine} == {(table, fault)}


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("missing_day", f"DELETE FROM {RATES} WHERE kind = 'reference' AND {ABOUT}"),
        ("low_confidence", f"UPDATE {RATES} SET confidence = 0.4 WHERE {EURO}"),
        (
            "disagreement",
            f"{DISSENT} WHERE {ABOUT} AND mid IS NOT NULL",
        ),
    ],
)
def test_a_rate_that_a_person_should_look_at_warns(warehouse, changed, fault, change):
    changed(change)
    passed, count, severity = counted(warehouse, RATES)[RATES, fault]
    assert (passed, severity) == (False, "WARN")
    assert count == (30 if fault == "disagreement" else 1)


@pytest.mark.parametrize(("factor", "leaps"), [(1.05, 0), (100, 2), (0.5, 2)])
def test_a_rate_that_leaps_there_and_back_warns_twice(warehouse, changed, factor, leaps):
    changed(f"UPDATE {RATES} SET mid = mid * {factor} WHERE {EURO}")
    assert counted(warehouse, RATES)[RATES, "leap"] == (not leaps, leaps, "WARN")


def test_few_disagreements_are_usual(warehouse, changed):
    changed(f"{DISSENT} WHERE {EURO}")
    assert counted(warehouse, RATES)[RATES, "disagreement"] == (True, 1, "WARN")


@pytest.mark.parametrize(
    ("since", "status"), [(date(2026, 11, 1), "stale"), (date(2026, 9, 1), "frozen")]
)
def test_what_says_nothing_new_any_more_is_never_current(warehouse, changed, since, status):
    changed(f"DELETE FROM {LONG} WHERE indicator_id = 'monia.rate' AND reference_date >= '{since}'")
    upstream = [as_it_is(indicators.INDICATORS), indicators.indicator_status]
    result = materialized(warehouse, [*upstream, checks.indicators_are_current])
    assert result.success
    said = {
        each.check_name: (each.passed, each.metadata["count"].value)
        for each in result.get_asset_check_evaluations()
    }
    other = {"stale": "frozen", "frozen": "stale"}[status]
    assert said == {status: (False, 1), other: (True, 0)}
    platform = Platform(read_settings({"data_dir": warehouse}))
    rows = platform.warehouse.read(STATUS, first=WINDOW.last, last=WINDOW.last)
    (row,) = rows.filter(rows["indicator_id"] == "monia.rate").rows(named=True)
    assert (row["status"], row["value"]) == (status, None)
    assert row["reference_date"] < since
    assert row["last_value"] is not None
    assert set(rows.filter(rows["indicator_id"] != "monia.rate")["status"]) == {"current"}


def test_what_is_built_shows_no_value_that_is_not_current(bank_built):
    shown = published(bank_built, f"FROM {STATUS} WHERE status <> 'current' AND value IS NOT NULL")
    assert shown.height == 0
