"""Telling people: by a sensor each minute, or by a command where no daemon runs. Never in a run."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import dagster as dg
import polars as pl

from market_assets.defs.platform import Platform
from market_assets.defs.sightings import lateness, seen_runs
from market_assets.serving.delivery.delivering import Delivered, deliver
from market_assets.serving.delivery.state import State
from market_assets.serving.delivery.telling import (
    tell_digests,
    tell_incidents,
    tell_volume_alerts,
    tells_incidents,
    tells_volume_alerts,
)
from market_assets.serving.digests.files import FOLDER
from market_assets.serving.volume_alerts import newest_session, notices_of
from market_assets.settings import Settings
from market_assets.warehouse.failures import NothingPublished, QueryRefused
from market_assets.warehouse.reader import Published

NOBODY = "nobody is to be told: MARKET_ASSETS_DELIVERY__DIGESTS and __ALERTS name no target"


@dataclass(frozen=True, kw_only=True)
class Told:
    """How many messages were put in, and what became of those that were due."""

    new: int
    delivered: Delivered


def told(settings: Settings, instance: dg.DagsterInstance, now: datetime) -> Told | None:
    """Put in what there is to tell and send what is due; None where nobody is to be told."""
    delivery = settings.delivery
    if not any((*delivery.digests.values(), *delivery.alerts.values())):
        return None
    state, published = State(settings.mode_dir), Published(settings.mode_dir / "published")
    with state.writing() as connection:
        new = tell_digests(settings, connection, settings.mode_dir / FOLDER, now)
        if tells_incidents(delivery):
            grace = timedelta(hours=delivery.late_hours)
            sightings = [
                *seen_runs(instance, connection, now, warnings=delivery.warnings),
                *lateness(published, now, grace=grace),
            ]
            new += tell_incidents(settings, connection, sightings, now)
        if tells_volume_alerts(delivery):
            notices = _newest_notices(published)
            if notices is not None:
                new += tell_volume_alerts(settings, connection, notices, now)
    return Told(new=new, delivered=deliver(settings, state, now))


def _newest_notices(published: Published) -> pl.DataFrame | None:
    try:
        session = newest_session(published)
    except (NothingPublished, QueryRefused):
        return None
    return None if session is None else notices_of(published, session)


@dg.sensor(
    name="delivery",
    minimum_interval_seconds=60,
    description="Tells people what the settings name them for: new digests, volume alerts, and "
    "what begins or ends to ail. What could not be sent is tried again.",
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def delivery(
    context: dg.SensorEvaluationContext, platform: dg.ResourceParam[Platform]
) -> dg.SkipReason:
    """Say in the tick how many messages went and which did not."""
    outcome = told(platform.settings, context.instance, datetime.now(UTC))
    if outcome is None:
        return dg.SkipReason(NOBODY)
    for failure in outcome.delivered.failures:
        context.log.warning(failure)
    return dg.SkipReason("; ".join([f"{outcome.delivered.sent} sent", *outcome.delivered.failures]))
