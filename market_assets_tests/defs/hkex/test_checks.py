"""Each structural check holds on what was built, and stops the publication of a bad row."""

from datetime import date

import dagster as dg
import pytest

from market_assets.defs.graph import ONE_RUN
from market_assets.defs.hkex.checks import (
    PLAUSIBLE,
    STRUCTURAL,
    southbound_holdings_are_plausible,
    southbound_holdings_are_sound,
)
from market_assets.defs.hkex.holdings import HOLDINGS_KEY
from market_assets.defs.markets import HKEX
from market_assets.defs.platform import Platform
from market_assets.defs.publication import publication, published_key
from market_assets.defs.window import SessionWindow, Window, run_config, run_tags
from market_assets.settings import read_settings
from market_assets_tests.built import copied
from market_assets_tests.built_hkex import SESSIONS

CHANGES = {
    "not_a_session": "session = DATE '2026-10-19'",
    "malformed_code": "code = '1'",
    "negative_shares": "shares = -1, shanghai_shares = NULL",
    "percent_out_of_range": "percent = 110.5",
    "broken_sum": "shares = shares + 1",
    "confidence_out_of_range": "confidence = 1.5",
    "number_without_capture": "capture_id = NULL",
}
ROW = " WHERE code = '00001' AND session = DATE '2026-10-22'"
TABLE = "hkex.southbound_holdings"
BAD_ROWS = {
    "duplicate_row": f"INSERT INTO {TABLE} FROM {TABLE} {ROW}",
    "no_row_at_all": f"DELETE FROM {TABLE}",
    **{fault: f"UPDATE {TABLE} SET {to} {ROW}" for fault, to in CHANGES.items()},
}
OCTOBER = Window(sessions=tuple(day for day in SESSIONS if day >= date(2026, 10, 2)))


@pytest.fixture(scope="module")
def warehouse(hkex_built, tmp_path_factory):
    """A copy of the built warehouse that tests change and put back."""
    return copied(hkex_built, tmp_path_factory.mktemp("checks") / "data")


def counted(data, check: dg.AssetChecksDefinition) -> dict[str, tuple[bool, object, str]]:
    """What each check of the holdings says of October: passed, its count, its severity."""
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [holdings_as_they_are, check],
            instance=instance,
            resources={
                "platform": Platform(read_settings({"data_dir": data})),
                "window": SessionWindow(**run_config(OCTOBER)["resources"]["window"]["config"]),
            },
            tags=run_tags(OCTOBER),
            raise_on_error=False,
        )
    return {
        said.check_name: (said.passed, said.metadata["count"].value, said.severity.value)
        for said in result.get_asset_check_evaluations()
    }


@dg.asset(key=HOLDINGS_KEY, partitions_def=HKEX.months, backfill_policy=ONE_RUN)
def holdings_as_they_are() -> None:
    """Stands for the asset: leaves its table alone."""


def test_what_was_built_breaks_no_rule(warehouse):
    said = counted(warehouse, southbound_holdings_are_sound)
    assert said == dict.fromkeys(STRUCTURAL, (True, 0, "ERROR"))


@pytest.mark.parametrize("fault", BAD_ROWS)
def test_a_row_that_breaks_a_rule_fails_its_check(warehouse, changed, fault):
    changed(BAD_ROWS[fault])
    said = counted(warehouse, southbound_holdings_are_sound)
    passed, count, severity = said[fault]
    assert (passed, severity) == (False, "ERROR")
    assert count == (2 if fault == "duplicate_row" else 1)
    others = {name for name, (fine, *_) in said.items() if not fine} - {fault}
    assert others == set()


def test_every_structural_check_has_its_bad_row():
    assert set(BAD_ROWS) == set(STRUCTURAL)


def published(data, days: Window) -> tuple[set[dg.AssetKey], list[str]]:
    """What was materialised of a run about ``days`` that publishes, and what failed."""
    publishing = publication(
        HKEX, [HOLDINGS_KEY], main=HOLDINGS_KEY, day="session", settling=lambda *_: None
    )
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(
            [holdings_as_they_are, southbound_holdings_are_sound, publishing],
            instance=instance,
            resources={
                "platform": Platform(read_settings({"data_dir": data})),
                "window": SessionWindow(**run_config(days)["resources"]["window"]["config"]),
            },
            tags=run_tags(days),
            raise_on_error=False,
        )
    failed = result.filter_events(lambda event: event.is_step_failure)
    said = [event.step_failure_data.user_failure_data for event in failed]
    made = {event.asset_key for event in result.get_asset_materialization_events()}
    return made, [failure.description for failure in said if failure]


def test_days_that_break_a_rule_are_not_published_until_they_are_mended(warehouse, changed):
    eve = Window(sessions=tuple(day for day in SESSIONS if day < date(2026, 10, 2)))
    folder = Platform(read_settings({"data_dir": warehouse})).published
    before = sorted(folder.iterdir())
    changed(BAD_ROWS["broken_sum"])
    made, _ = published(warehouse, OCTOBER)
    assert made == {HOLDINGS_KEY}
    made, failures = published(warehouse, eve)
    assert made == {HOLDINGS_KEY}
    assert failures == [
        (
            f"rows of {TABLE} between {OCTOBER.first} and {OCTOBER.last} broke a rule in an "
            "earlier run: build these days again first; the version before stays published"
        )
    ]
    assert sorted(folder.iterdir()) == before
    changed(f"UPDATE {TABLE} SET shares = shares - 1 {ROW}")
    assert published(warehouse, OCTOBER)[0] == {HOLDINGS_KEY, published_key(HKEX)}
    assert sorted(folder.iterdir()) != before


def test_what_a_person_should_look_at_is_counted_and_warns(warehouse):
    said = counted(warehouse, southbound_holdings_are_plausible)
    assert set(said) == set(PLAUSIBLE)
    assert {severity for _, _, severity in said.values()} == {"WARN"}
    found = {name: count for name, (_, count, _) in said.items() if count}
    assert found.pop("uncorroborated") > 4 * 590  # the mainland rests on four of the sessions
    assert found == {
        "missing_percent": 3 * len(OCTOBER.sessions),
        "split_suspect": 1,
        "code_change_suspect": 2,
        "recycled_code_suspect": 1,
    }
    assert [said[name][0] for name in found] == [
        True,
        False,
        False,
        False,
    ]  # three of 600 are usual
