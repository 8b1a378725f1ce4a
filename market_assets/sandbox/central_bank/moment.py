"""What the invented bank has published by an instant; local times are those of Casablanca."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from market_assets.calendars.casablanca_time import casablanca_zone
from market_assets.sandbox.central_bank.figures import DAY, Figures

NOTES_OUT, API_OUT, REFERENCE_OUT = time(8, 30), time(12, 30), time(16, 15)
MORNING, MONIA_OUT = time(9), time(9, 30)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """An instant and the figures; each property is the newest day that is out."""

    now: datetime
    figures: Figures

    @property
    def today(self) -> date:
        """The day in Casablanca."""
        return self._local.date()

    @property
    def notes(self) -> date:
        """Of banknotes: from the morning of the day itself."""
        return self.figures.business_day(self._day(NOTES_OUT))

    @property
    def reference(self) -> date:
        """Of the page of reference rates: from the afternoon."""
        return self.figures.business_day(self._day(REFERENCE_OUT))

    @property
    def api_reference(self) -> date:
        """Of the API's reference rates: from their stamp on."""
        return self.figures.business_day(self._day(API_OUT))

    @property
    def interbank(self) -> date:
        """Of the interbank market, any day: from the next morning."""
        return self._day(MORNING) - DAY

    @property
    def curve(self) -> date:
        """Of the curve: from the next morning."""
        return self.figures.business_day(self.interbank)

    @property
    def monia(self) -> date:
        """Of MONIA: from the morning of the next business day."""
        return self.figures.business_day(self.figures.business_day(self._day(MONIA_OUT)) - DAY)

    @property
    def _local(self) -> datetime:
        return self.now.astimezone(UTC).astimezone(casablanca_zone())

    def _day(self, out: time) -> date:
        """Today once it is ``out``, before that yesterday."""
        return self.today if self._local.time() >= out else self.today - DAY
