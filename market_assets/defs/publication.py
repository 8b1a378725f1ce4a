"""What readers get: a new immutable file of all tables, once the checks that block have passed."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import dagster as dg
import polars as pl

from market_assets.defs.graph import OWNERS, monthly
from market_assets.defs.markets import MARKETS, Market
from market_assets.defs.platform import Platform
from market_assets.defs.tables import table_name
from market_assets.defs.window import SessionWindow, Window
from market_assets.warehouse.company_views import adjusted_quotes_view
from market_assets.warehouse.publish import publish
from market_assets.warehouse.views import (
    comparison_views,
    holding_views,
    indicator_views,
    volume_views,
)

SHARED = "quality"
SETTLED = pl.Schema({"session": pl.Date, "due_again": pl.Datetime("us", "UTC")})

VIEWS = (
    *volume_views("casablanca"),
    *holding_views("hkex"),
    *indicator_views("central_bank"),
    *comparison_views("africa"),
    adjusted_quotes_view(
        schema="companies", quotes="casablanca.daily_quotes", changes="companies.identity_changes"
    ),
)
Settling = Callable[[Platform, date, datetime], datetime | None]
"""When a session has to be asked for again, known at an instant; None where it is final."""


def published_key(market: Market) -> dg.AssetKey:
    """The asset of what readers get of a market."""
    return dg.AssetKey(["published", market.name])


def complete_table(market: Market) -> str:
    """The sessions of runs that got as far as publishing, and when they are due again.

    What a killed run left half-way is not among them.
    """
    return f"runs.{market.name}_sessions"


def suspects_table(market: Market) -> str:
    """The days, by table, that broke a structural rule when they were last checked.

    While there are some, nothing of the market is published: a version takes in all that changed,
    also what another run left behind.
    """
    return f"runs.{market.name}_suspects"


def publication(
    market: Market,
    marts: list[dg.AssetKey],
    *,
    main: dg.AssetKey,
    day: str,
    settling: Settling,
) -> dg.AssetsDefinition:
    """The asset that publishes a market after its ``marts``.

    The other markets' tables stay as they were published. A session is complete where ``main``
    has rows of it in the column ``day``; ``settling`` says when it is due again nevertheless.
    """

    @dg.asset(
        key=published_key(market),
        deps=marts,
        group_name="published",
        kinds={"duckdb"},
        owners=OWNERS,
        description="The published file: immutable, read by SQL, REST and dashboard.",
        **monthly(market),
    )
    def published(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> dg.MaterializeResult:
        _refuse_suspects(platform)
        path = publish(
            platform.warehouse,
            platform.published,
            schemas=(market.name, SHARED),
            carried=[other.name for other in MARKETS if other is not market],
            views=VIEWS,
            kept_versions=platform.settings.retention.versions,
        )
        for days in (*window.built_before(market), window.of(market, context.partition_keys)):
            _note_complete(platform, days)
        return dg.MaterializeResult(
            metadata={
                "path": dg.MetadataValue.path(str(path)),
                "bytes": path.stat().st_size,
            }
        )

    def _refuse_suspects(platform: Platform) -> None:
        suspects = platform.warehouse.read(suspects_table(market))
        if suspects is None or suspects.is_empty():
            return
        tables = ", ".join(suspects["table"].unique().sort())
        first, last = suspects["session"].min(), suspects["session"].max()
        raise dg.Failure(
            f"rows of {tables} between {first} and {last} broke a rule in an earlier run: build "
            "these days again first; the version before stays published"
        )

    def _note_complete(platform: Platform, days: Window) -> None:
        rows = platform.warehouse.read(
            table_name(main), columns=[day], first=days.first, last=days.last, column=day
        )
        if rows is None:
            return
        now = datetime.now(UTC)
        noted = pl.DataFrame(
            [(session, settling(platform, session, now)) for session in rows[day].unique()],
            schema=SETTLED,
            orient="row",
        )
        platform.warehouse.replace_sessions(
            complete_table(market), noted, first=days.first, last=days.last
        )

    return published
