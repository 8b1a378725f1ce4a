"""Which volume alerts are worth waking somebody for; nobody is woken here."""

from datetime import time

import polars as pl

from market_assets.domain.volume.alerts import VOLUME_ALERTS

NOTICES = pl.Schema({**VOLUME_ALERTS, "confidence": pl.Float64})
TO_PREVIOUS = ("volume_spike", "volume_drop")
SUSPENDED = "S"


def with_confidence(alerts: pl.DataFrame, quotes: pl.DataFrame) -> pl.DataFrame:
    """``alerts`` (VOLUME_ALERTS) with the ``confidence`` of what they compare. Schema NOTICES.

    ``quotes`` has ticker, session, status and volume_confidence, from the sessions of the alerts
    back to those before them. A spike and a drop are as doubtful as the more doubtful of their two
    sessions; a session that a line spent suspended is none of its. An average of twenty sessions
    is taken as it is. Null where nobody stated the volume.
    """
    own = quotes.filter(pl.col("status") != SUSPENDED).sort("ticker", "session")
    known = own.select(
        "ticker",
        "session",
        own_confidence="volume_confidence",
        previous_confidence=pl.col("volume_confidence").shift(1).over("ticker"),
    )
    both = pl.min_horizontal("own_confidence", "previous_confidence")
    complete = pl.col("own_confidence").is_not_null() & pl.col("previous_confidence").is_not_null()
    confidence = (
        pl.when(pl.col("alert_type").is_in(TO_PREVIOUS))
        .then(pl.when(complete).then(both))
        .otherwise("own_confidence")
    )
    return (
        alerts.join(known, on=["ticker", "session"], how="left", maintain_order="left")
        .with_columns(confidence=confidence)
        .select(NOTICES.names())
    )


def trusted(notices: pl.DataFrame, *, least: float) -> pl.DataFrame:
    """Those of ``notices`` whose confidence is known and not below ``least``."""
    return notices.filter(pl.col("confidence") >= least)


def is_quiet(now: time, *, start: time, end: time) -> bool:
    """Whether ``now`` lies from ``start`` up to ``end``, which may be on the next day.

    Equal ends are no quiet hours.
    """
    if start <= end:
        return start <= now < end
    return now >= start or now < end
