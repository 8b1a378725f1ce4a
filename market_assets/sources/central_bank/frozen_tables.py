"""Tables of Bank Al-Maghrib that nobody has touched for years: recognised, never observations.

Each is put aside in one line that says how old it is, so that a table that comes to life again is
seen. Some state a day only in the form above them (interbank bid and ask: 21/12/2021).
"""

import re
from datetime import date

from market_assets.sources.central_bank.bkam_tables import DAY, Page, Table, fold
from market_assets.sources.central_bank.rates_pages import MONTHS, month_end
from market_assets.sources.reading import stated_day
from market_assets.sources.source import Refused
from market_assets.web.messages import Capture

FROZEN = {
    "reference_rate_interbank_market": "interbank bid and ask",
    "results_auctions_currencies": "auctions of currencies",
    "maximum_rate_conventional_interest": "the maximum rate of conventional interest",
    "debtors_rate_variables-tmp": "the references of variable rates",
}
"""What a table is about, by one of its classes."""

FROZEN_AFTER = 400
"""Days without a newer date. The slowest of these tables had one row a year."""
STATED_DAY = re.compile("(?:0[1-9]|[12][0-9]|3[01])/(?:0[1-9]|1[0-2])/[12][0-9]{3}")
STATED_MONTH = re.compile(rf"({'|'.join(MONTHS)}) ?-? ?([12][0-9]{{3}})")
SHOWN = 200


def frozen_name(table: Table) -> str | None:
    """What a table that is known to be frozen is about; None for any other."""
    return next((FROZEN[name] for name in table.classes.split() if name in FROZEN), None)


def frozen_line(table: Table, page: Page, capture: Capture) -> Refused:
    """The one line about a table of ``FROZEN``."""
    newest, fetched = newest_day(table, page), capture.fetched_at.date()
    what = frozen_name(table)
    if newest is None:
        kind, reason = "stale", f"{what}: states no date"
    elif (age := (fetched - newest).days) > FROZEN_AFTER:
        kind, reason = "stale", f"{what}: frozen, nothing newer than {newest}, {age} days ago"
    else:
        kind, reason = "row", f"{what}: has a date of {newest} again, and nothing reads it"
    text = " / ".join(row.text for row in table.rows)[:SHOWN]
    return Refused(text=text, reason=reason, kind=kind, session=newest)


def newest_day(table: Table, page: Page) -> date | None:
    """The newest day or month's end in the rows, or else the day in the form.

    ValueError for a day that no month has.
    """
    text = fold(" / ".join(row.text for row in table.rows))
    days = [stated_day(found, DAY) for found in STATED_DAY.findall(text)]
    months = [(int(year), MONTHS.index(name) + 1) for name, year in STATED_MONTH.findall(text)]
    days += [month_end(year, month) for year, month in months]
    return max(days, default=page.shown_day)
