"""The rows that every page about Stock Connect holdings is brought to; what each column means."""

import polars as pl

STAMPS = {
    "source": pl.String,
    "capture_id": pl.String,
    "known_at": pl.Datetime("us", "UTC"),
}
"""The capture that a row came from."""

SOUTHBOUND, SHANGHAI, SHENZHEN = "southbound", "shanghai", "shenzhen"
"""The channels: what is held through both exchanges together, and through each."""

HOLDINGS = pl.Schema(
    {
        "code": pl.String,
        "session": pl.Date,
        "channel": pl.String,
        "name": pl.String,
        "shares": pl.Int64,
        "percent": pl.Float64,
        **STAMPS,
    }
)
"""One stock's holding on one day, as one page states it.

``code`` has five digits. ``session`` is the shareholding date that the page states. ``percent``
is in percent of the issued shares, as published (0.59 is 0.59 %), null where the page has none.
"""

NORTHBOUND = pl.Schema(
    {
        "code": pl.String,
        "session": pl.Date,
        "exchange": pl.String,
        "a_code": pl.String,
        "name": pl.String,
        "shares": pl.Int64,
        "percent": pl.Float64,
        **STAMPS,
    }
)
"""What Hong Kong holds of a mainland line: HKEX's ``code`` and the six digits it trades under.

Published for quarter ends since 2024-08-19; before, daily.
"""

ELIGIBLE = pl.Schema(
    {
        "code": pl.String,
        "session": pl.Date,
        "channel": pl.String,
        "name": pl.String,
        "name_en": pl.String,
        "kind": pl.String,
        **STAMPS,
    }
)
"""One line of a list of what may be bought through ``channel`` on ``session``.

``kind`` is the publisher's word for what it is, null where it says none.
"""

SECURITIES = pl.Schema(
    {
        "code": pl.String,
        "session": pl.Date,
        "name": pl.String,
        "category": pl.String,
        "temporary": pl.Boolean,
        **STAMPS,
    }
)
"""What is listed under a code on ``session``; a ``temporary`` counter stands in during a split."""

PARTICIPANTS = pl.Schema(
    {
        "code": pl.String,
        "session": pl.Date,
        "participant_id": pl.String,
        "participant": pl.String,
        "consenting": pl.Boolean,
        "shares": pl.Int64,
        "percent": pl.Float64,
        **STAMPS,
    }
)
"""What one participant of CCASS holds of one stock. ``participant_id`` is null for investors who
consented to be named (``consenting``) and for HKSCC itself."""

PARTICIPANT_SUMMARY = pl.Schema(
    {
        "code": pl.String,
        "session": pl.Date,
        "intermediaries_shares": pl.Int64,
        "intermediaries": pl.Int64,
        "consenting_shares": pl.Int64,
        "consenting": pl.Int64,
        "non_consenting_shares": pl.Int64,
        "non_consenting": pl.Int64,
        "total_shares": pl.Int64,
        "issued_shares": pl.Int64,
        **STAMPS,
    }
)
"""The page's own totals: shares and number of holders; null where the page has no such row."""
