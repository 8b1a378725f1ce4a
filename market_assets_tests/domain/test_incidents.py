"""An incident is told when it begins and when it ends, however often one looks between."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from market_assets.domain.incidents import Sighting, after

START = datetime(2026, 11, 20, 18, tzinfo=UTC)
LOOKS = st.lists(
    st.lists(
        st.builds(
            Sighting,
            kind=st.sampled_from(["late", "source"]),
            subject=st.sampled_from(["hkex", "casablanca", "bkam"]),
            ailing=st.booleans(),
            said=st.text(max_size=5),
        ),
        max_size=4,
    ),
    max_size=12,
)


def seen(*, ailing: bool, said: str = "no page", subject: str = "bkam") -> Sighting:
    return Sighting(kind="source", subject=subject, ailing=ailing, said=said)


def test_it_is_told_once_when_it_begins_and_once_when_it_ends():
    told, known = [], {}
    for hour, ailing in enumerate((False, True, True, True, False, False, True)):
        known, changes = after(known, [seen(ailing=ailing)], at=START + timedelta(hours=hour))
        told += [(hour, change.began, change.incident.since.hour) for change in changes]
    assert told == [(1, True, 19), (4, False, 19), (6, True, 0)]


def test_what_was_not_looked_at_stays_as_it_was():
    known, _ = after({}, [seen(ailing=True)], at=START)
    later, changes = after(known, [seen(ailing=True, subject="ecb")], at=START)
    assert set(later) == {("source", "bkam"), ("source", "ecb")}
    assert [change.incident.subject for change in changes] == ["ecb"]


def test_something_else_that_ails_it_is_the_same_incident():
    known, _ = after({}, [seen(ailing=True, said="it is down")], at=START)
    later, changes = after(known, [seen(ailing=True, said="it blocks us")], at=START)
    assert (later, changes) == (known, [])


@given(LOOKS)
def test_beginnings_and_ends_take_turns(looks):
    known, told = {}, {}
    for number, sightings in enumerate(looks):
        known, changes = after(known, sightings, at=START + timedelta(minutes=number))
        for change in changes:
            key = change.incident.kind, change.incident.subject
            told.setdefault(key, []).append(change.began)
    for key, began in told.items():
        assert began == [place % 2 == 0 for place in range(len(began))]
        assert began[-1] == (key in known)
    assert set(known) <= set(told)


@given(LOOKS)
def test_open_is_what_ailed_at_its_last_sighting(looks):
    known, last = {}, {}
    for number, sightings in enumerate(looks):
        known, _ = after(known, sightings, at=START + timedelta(minutes=number))
        last |= {(each.kind, each.subject): each.ailing for each in sightings}
    assert set(known) == {key for key, ailing in last.items() if ailing}


@given(LOOKS)
def test_the_same_look_again_tells_nothing(looks):
    known = {}
    for sightings in looks:
        last = {(each.kind, each.subject): each for each in sightings}
        known, _ = after(known, last.values(), at=START)
        assert after(known, last.values(), at=START)[1] == []
