"""When a publisher of the invented market is asked."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The instant in UTC and the newest session that has closed."""

    now: datetime
    session: date
