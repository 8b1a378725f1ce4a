"""The code location assembled from its parts; nothing is implemented here."""

from collections.abc import Mapping
from datetime import timedelta

import dagster as dg

from market_assets.defs import captures
from market_assets.defs.casablanca import (
    analytics,
    automation,
    checks,
    quotes,
    reconciliation,
    report,
)
from market_assets.defs.platform import Platform
from market_assets.defs.publication import publication
from market_assets.defs.tables import SessionTables
from market_assets.defs.window import SessionWindow
from market_assets.settings import Settings
from market_assets.sources.registry import SOURCES

FRESH = dg.FreshnessPolicy.time_window(warn_window=timedelta(days=5), fail_window=timedelta(days=7))
"""Feasts and a weekend close the exchange for up to five days; the check ``stale`` knows which."""


def code_location(
    settings: Settings, *, loggers: Mapping[str, dg.LoggerDefinition] | None
) -> dg.Definitions:
    """Everything there is, for these settings; ``loggers`` replace Dagster's console."""
    marts = [reconciliation.reconciliation, *analytics.ASSETS]
    definitions = dg.Definitions(
        assets=[
            *(captures.capture_asset(source) for source in SOURCES),
            *(quotes.quotes_asset(source) for source in SOURCES),
            *marts,
            publication([key for mart in marts for key in mart.keys]),
            report.volume_report,
        ],
        asset_checks=checks.CHECKS,
        jobs=[automation.CASABLANCA, automation.FROM_CAPTURES],
        schedules=[automation.evening, automation.morning, automation.weekly_trends],
        sensors=[automation.report_failed_checks, automation.report_failed_runs],
        resources={
            "platform": Platform(settings),
            "window": SessionWindow.configure_at_launch(),
            "io_manager": session_tables,
            "reports": report.ReportFiles(settings.mode_dir / "reports"),
        },
        executor=dg.in_process_executor,
        loggers=loggers,
    )
    return definitions.map_resolved_asset_specs(
        func=lambda spec: dg.apply_freshness_policy(spec, FRESH),
        selection=dg.AssetSelection.groups("casablanca", "quality", "published"),
    )


@dg.io_manager(required_resource_keys={"platform", "window"})
def session_tables(context: dg.InitResourceContext) -> SessionTables:
    """The I/O manager on the platform's warehouse."""
    return SessionTables(context.resources.platform, context.resources.window)
