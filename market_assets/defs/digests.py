"""The digests as assets: made after each publication, and on Mondays; who gets them is not here."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import dagster as dg

from market_assets.defs.graph import OWNERS
from market_assets.defs.markets import CASABLANCA, HKEX, Market
from market_assets.defs.platform import Platform
from market_assets.defs.publication import published_key
from market_assets.serving.digests.files import FOLDER, kept
from market_assets.serving.digests.reading import NothingToTell
from market_assets.settings import DigestName

MARKETS: Mapping[DigestName, tuple[Market, ...]] = {
    "hkex": (HKEX,),
    "casablanca": (CASABLANCA,),
    "weekly": (CASABLANCA, HKEX),
}
ABOUT: Mapping[DigestName, str] = {
    "hkex": "Hong Kong's Southbound holdings of a session: movers, newly held, eligibility.",
    "casablanca": "A session of Casablanca: market, alerts, most active, sectors, rates.",
    "weekly": "The week that ended: Casablanca, Southbound holdings, rates.",
}


class DigestDay(dg.Config):
    """Of which day: the newest session on or before ``until``, or the week before its own.

    Unset: today in Casablanca.
    """

    until: str | None = None


def digest_key(name: DigestName) -> dg.AssetKey:
    """The asset of a digest."""
    return dg.AssetKey(["digest", name])


def digest_job(name: DigestName) -> str:
    """The name of the job that makes it."""
    return f"{name}_digest"


def digest_asset(name: DigestName) -> dg.AssetsDefinition:
    """The asset of the files of a digest; it reads what is published, as any reader does."""

    @dg.asset(
        key=digest_key(name),
        deps=[published_key(market) for market in MARKETS[name]],
        group_name="digests",
        kinds={"html", "excel"},
        owners=OWNERS,
        description=ABOUT[name],
    )
    def digest(platform: dg.ResourceParam[Platform], config: DigestDay) -> dg.MaterializeResult:
        # Slow to import, for its charts: only who makes a digest waits for it.
        from market_assets.serving.digests.making import made  # noqa: PLC0415

        until = date.fromisoformat(config.until) if config.until else _today()
        try:
            rendered = made(platform.settings, name, until=until)
        except NothingToTell as error:
            raise dg.Failure(str(error)) from error
        paths = kept(platform.settings.mode_dir / FOLDER, rendered.digest.stem, rendered.forms)
        return dg.MaterializeResult(
            metadata={
                "digest": dg.MetadataValue.md(rendered.markdown),
                "chart": dg.MetadataValue.md(rendered.chart),
                "day": rendered.digest.day.isoformat(),
                "subject": rendered.digest.subject,
                **{
                    ending: dg.MetadataValue.path(str(path.absolute()))
                    for ending, path in paths.items()
                },
            }
        )

    return digest


def _today() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(CASABLANCA.zone)).date()


def after_publication(name: DigestName) -> dg.SensorDefinition:
    """The sensor that has a digest made whenever its market is published."""
    (market,) = MARKETS[name]

    @dg.asset_sensor(
        asset_key=published_key(market),
        name=f"{name}_published",
        job_name=digest_job(name),
        description=f"Has the digest made after each publication of {market.name}.",
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def published(_: dg.SensorEvaluationContext, event: dg.EventLogEntry) -> dg.RunRequest:
        return dg.RunRequest(run_key=f"{event.run_id}")

    return published


@dg.schedule(
    name="weekly_digest",
    job_name=digest_job("weekly"),
    cron_schedule="0 9 * * 1",
    execution_timezone=CASABLANCA.zone,
    description="Mondays at 09:00: the digest of the week that has ended.",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def weekly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """The digest of the week before the tick's, where there ever was something to tell."""
    if context.instance.get_latest_materialization_event(published_key(CASABLANCA)) is None:
        return dg.SkipReason(f"{CASABLANCA.name} was never published")
    day = context.scheduled_execution_time.date()
    return dg.RunRequest(run_key=day.isoformat(), run_config=run_config("weekly", day))


def run_config(name: DigestName, until: date | None) -> dict[str, object]:
    """The configuration by which a digest knows its day."""
    config = {"until": until.isoformat() if until else None}
    return {"ops": {digest_key(name).to_python_identifier(): {"config": config}}}


def definitions() -> dg.Definitions:
    """The assets, their jobs, and what starts these."""
    names: tuple[DigestName, ...] = tuple(MARKETS)
    jobs = [
        dg.define_asset_job(
            digest_job(name),
            selection=dg.AssetSelection.assets(digest_key(name)),
            description=ABOUT[name],
        )
        for name in names
    ]
    return dg.Definitions(
        assets=[digest_asset(name) for name in names],
        jobs=jobs,
        schedules=[weekly],
        sensors=[after_publication("hkex"), after_publication("casablanca")],
    )
