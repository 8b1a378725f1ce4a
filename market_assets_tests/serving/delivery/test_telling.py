"""Who is told of which alert: not twice, not in quiet hours, not of what is doubtful or seen to."""

from datetime import UTC, date, datetime, time, timedelta

import polars as pl
import pytest

from market_assets.domain.incidents import Sighting
from market_assets.domain.volume.notices import NOTICES
from market_assets.serving.delivery import outbox
from market_assets.serving.delivery.state import State
from market_assets.serving.delivery.telling import forget, tell_incidents, tell_volume_alerts
from market_assets.settings import Settings, read_settings

FRIDAY = date(2026, 11, 20)
EVENING = datetime(2026, 11, 20, 20, tzinfo=UTC)
NIGHT = datetime(2026, 11, 20, 23, tzinfo=UTC)
MORNING = datetime(2026, 11, 21, 7, tzinfo=UTC)


@pytest.fixture
def state(tmp_path) -> State:
    return State(tmp_path)


def told_of(**given: object) -> Settings:
    targets = {"targets": {"ops": "json://127.0.0.1", "desk": "json://127.0.0.1/desk"}}
    return read_settings({"delivery": targets | given})


def notices(*rows: tuple[str, str, float | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (ticker, kind, FRIDAY, 1000, 4.5, 3.0, f"{ticker} {kind}", True, confidence)
            for ticker, kind, confidence in rows
        ],
        schema=NOTICES,
        orient="row",
    )


def tell(settings: Settings, state: State, rows: pl.DataFrame, at: datetime) -> int:
    with state.writing() as connection:
        return tell_volume_alerts(settings, connection, rows, at)


def bodies(state: State, recipient: str) -> list[str]:
    with state.reading() as connection:
        query = "SELECT body FROM outbox WHERE recipient = ? ORDER BY created_at, key"
        return [row["body"] for row in connection.execute(query, [recipient])]


QUIET = {"start": time(22), "end": time(7), "zone": "Africa/Casablanca"}
SPIKES = told_of(alerts={"volume_spike": ["ops"]}, confidence=0.8)


def test_each_alert_is_told_once_and_a_new_one_alone(state):
    assert tell(SPIKES, state, notices(("ATW", "volume_spike", 0.9)), EVENING) == 1
    both = notices(("ATW", "volume_spike", 0.9), ("IAM", "volume_spike", 0.9))
    assert tell(SPIKES, state, both, MORNING) == 1
    assert tell(SPIKES, state, both, MORNING) == 0
    first, second = bodies(state, "ops")
    assert "ATW volume_spike (confidence 0.90)" in first
    assert "IAM volume_spike" in second
    assert "ATW" not in second


def test_what_is_forgotten_is_not_told_again(state):
    rows = notices(("ATW", "volume_spike", 0.9))
    assert tell(SPIKES, state, rows, EVENING) == 1
    for day in range(1, 30):
        now = EVENING + timedelta(days=day)
        with state.writing() as connection:
            assert forget(connection, now, kept=timedelta(days=14)) == 0  # it waits
        assert tell(SPIKES, state, rows, now) == 0
    with state.reading() as connection:
        assert connection.execute("SELECT count(*) FROM told_alerts").fetchone()[0] == 0


def test_a_doubtful_alert_is_told_when_it_is_sure(state):
    for doubtful in (0.79, None):
        assert tell(SPIKES, state, notices(("ATW", "volume_spike", doubtful)), EVENING) == 0
    assert tell(SPIKES, state, notices(("ATW", "volume_spike", 0.8)), MORNING) == 1


def test_in_quiet_hours_nobody_is_told_and_after_them_everybody(state):
    settings = told_of(alerts={"volume_spike": ["ops"]}, quiet=QUIET)
    rows = notices(("ATW", "volume_spike", 0.9))
    assert tell(settings, state, rows, NIGHT) == 0
    assert tell(settings, state, rows, MORNING) == 1


def test_what_is_seen_to_is_not_told(state):
    with state.writing() as connection:
        row = (str(FRIDAY), "ATW", "volume_spike", EVENING.isoformat(), "known")
        connection.execute("INSERT INTO acknowledged VALUES (?, ?, ?, ?, ?)", row)
    rows = notices(("ATW", "volume_spike", 0.9), ("IAM", "volume_spike", 0.9))
    assert tell(SPIKES, state, rows, EVENING) == 1
    [body] = bodies(state, "ops")
    assert "ATW" not in body


def test_each_recipient_is_told_of_its_own_kinds(state):
    settings = told_of(alerts={"volume_spike": ["ops"], "low_volume": ["desk", "ops"]})
    rows = notices(("ATW", "volume_spike", 0.9), ("IAM", "low_volume", 0.9))
    assert tell(settings, state, rows, EVENING) == 2
    assert "ATW" not in bodies(state, "desk")[0]
    assert {"ATW", "IAM"} <= set(bodies(state, "ops")[0].split())


def test_an_incident_has_one_message_when_it_begins_and_one_when_it_ends(state):
    settings = told_of(alerts={"source": ["ops"]})
    for at, ailing in ((EVENING, True), (NIGHT, True), (MORNING, False), (MORNING, False)):
        for kind in ("source", "late"):
            sighting = Sighting(kind=kind, subject="bkam", ailing=ailing, said="it blocks us")
            with state.writing() as connection:
                tell_incidents(settings, connection, [sighting], at)
    with state.reading() as connection:
        rows = outbox.listed(connection)
        assert connection.execute("SELECT count(*) FROM incidents").fetchone()[0] == 0
    assert sorted(row["title"] for row in rows) == [
        "[SANDBOX, invented figures] over: source bkam fails",
        "[SANDBOX, invented figures] source bkam fails",
    ]
    assert "it blocks us" in bodies(state, "ops")[0]


def test_what_ails_is_told_in_quiet_hours_too(state):
    settings = told_of(alerts={"source": ["ops"]}, quiet=QUIET)
    sighting = Sighting(kind="source", subject="bkam", ailing=True, said="it blocks us")
    with state.writing() as connection:
        assert tell_incidents(settings, connection, [sighting], NIGHT) == 1


def test_what_fails_again_before_anybody_looked_is_told_to_the_end(state):
    settings = told_of(alerts={"failed_run": ["ops"]})
    looks = [
        Sighting(kind="failed_run", subject="hkex", ailing=ailing, said=f"run {number}")
        for number, ailing in enumerate((True, False, True))
    ]
    with state.writing() as connection:
        assert tell_incidents(settings, connection, looks, EVENING) == 3
        assert tell_incidents(settings, connection, looks[:1], MORNING) == 0
    assert sorted(body.splitlines()[-1] for body in bodies(state, "ops")) == [
        "It was: run 0",
        "run 0",
        "run 2",
    ]


def test_the_same_trouble_on_another_day_is_another_incident(state):
    settings = told_of(alerts={"late": ["ops"]})
    for day in (20, 21):
        for ailing in (True, False):
            sighting = Sighting(kind="late", subject="hkex", ailing=ailing, said="")
            with state.writing() as connection:
                at = datetime(2026, 11, day, 12, tzinfo=UTC)
                assert tell_incidents(settings, connection, [sighting], at) == 1


def test_alerts_of_long_ago_are_no_news(state):
    rows = notices(("ATW", "volume_spike", 0.9))
    assert tell(SPIKES, state, rows, datetime(2026, 12, 1, 12, tzinfo=UTC)) == 0
    assert tell(SPIKES, state, rows, datetime(2026, 11, 30, 12, tzinfo=UTC)) == 1
