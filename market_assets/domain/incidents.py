"""When something begins to ail and when it is well again: told once each, not at every look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """What one look at a subject found; ``said`` tells what ails it."""

    kind: str
    subject: str
    ailing: bool
    said: str


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Something that ails since an instant, as was said when it began."""

    kind: str
    subject: str
    since: datetime
    said: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """An incident that began, or that ended."""

    incident: Incident
    began: bool


Open = Mapping[tuple[str, str], Incident]


def after(known: Open, sightings: Iterable[Sighting], *, at: datetime) -> tuple[Open, list[Change]]:
    """The incidents that are open after ``sightings`` in their order, and what changed.

    A subject that was not looked at stays as it was. Something else that ails an ailing subject is
    the same incident.
    """
    still = dict(known)
    changes: list[Change] = []
    for sighting in sightings:
        key = sighting.kind, sighting.subject
        incident = still.get(key)
        if sighting.ailing and incident is None:
            still[key] = Incident(
                kind=sighting.kind, subject=sighting.subject, since=at, said=sighting.said
            )
            changes.append(Change(incident=still[key], began=True))
        elif not sighting.ailing and incident is not None:
            del still[key]
            changes.append(Change(incident=incident, began=False))
    return still, changes
