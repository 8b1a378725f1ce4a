"""The code location assembled from its markets; nothing is implemented here."""

from collections.abc import Mapping
from datetime import timedelta

import dagster as dg

from market_assets.defs import delivery, digests, reporting, retention
from market_assets.defs.africa import location as africa
from market_assets.defs.casablanca import location as casablanca
from market_assets.defs.casablanca import report
from market_assets.defs.central_bank import location as central_bank
from market_assets.defs.companies import location as companies
from market_assets.defs.hkex import location as hkex
from market_assets.defs.markets import MARKETS
from market_assets.defs.platform import Platform
from market_assets.defs.tables import SessionTables
from market_assets.defs.window import SessionWindow
from market_assets.settings import Settings

FRESH = dg.FreshnessPolicy.time_window(warn_window=timedelta(days=5), fail_window=timedelta(days=7))
"""Feasts and a weekend close the exchange for up to five days; the check ``stale`` knows which."""


def code_location(
    settings: Settings, *, loggers: Mapping[str, dg.LoggerDefinition] | None
) -> dg.Definitions:
    """Everything there is, for these settings; ``loggers`` replace Dagster's console."""
    shared = dg.Definitions(
        jobs=[retention.retention],
        schedules=[retention.daily],
        sensors=[
            reporting.report_failed_checks,
            reporting.report_failed_runs,
            delivery.delivery,
        ],
        resources={
            "platform": Platform(settings),
            "window": SessionWindow.configure_at_launch(),
            "io_manager": session_tables,
            "reports": report.ReportFiles(settings.mode_dir / "reports"),
        },
        executor=dg.in_process_executor,
        loggers=loggers,
    )
    definitions = dg.Definitions.merge(
        shared,
        casablanca.definitions(),
        hkex.definitions(settings),
        central_bank.definitions(),
        africa.definitions(),
        companies.definitions(),
        digests.definitions(),
    )
    return definitions.map_resolved_asset_specs(
        func=lambda spec: dg.apply_freshness_policy(spec, FRESH),
        selection=dg.AssetSelection.groups(
            *(f"{market.name}{part}" for market in MARKETS for part in ("", "_quality")),
            "published",
        ),
    )


@dg.io_manager(required_resource_keys={"platform", "window"})
def session_tables(context: dg.InitResourceContext) -> SessionTables:
    """The I/O manager on the platform's warehouse."""
    return SessionTables(context.resources.platform, context.resources.window)
