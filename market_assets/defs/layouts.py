"""How the pages of a market are built, told before what they say is used."""

import re
from collections.abc import Iterator
from datetime import timedelta

import dagster as dg
import polars as pl

from market_assets.defs.captures import capture_key
from market_assets.defs.graph import table
from market_assets.defs.markets import Market
from market_assets.defs.platform import Platform
from market_assets.defs.table_checks import check_result
from market_assets.defs.tables import table_name
from market_assets.defs.testimony import asked_session
from market_assets.defs.window import SessionWindow, Window
from market_assets.domain.layouts import PAGE_LAYOUTS, drifts
from market_assets.sources.source import Parsed, Source
from market_assets.web.failures import LayoutChanged, SourceFailure
from market_assets.web.messages import Capture

NUMBERS = re.compile("[0-9]+")
DRIFT = "layout_drift"
BACK = timedelta(days=400)
"""How far back a page is compared: further than the seldomest comes."""


def layouts_key(market: Market) -> dg.AssetKey:
    """The asset of how the pages of ``market`` are built; what reads its pages comes after it."""
    return dg.AssetKey([market.name, "page_layouts"])


def layouts_asset(market: Market) -> dg.AssetsDefinition:
    """The asset that takes the fingerprints of the market's pages and tells of drift."""
    key = layouts_key(market)

    @dg.asset(
        key=key,
        deps=[capture_key(source) for source in market.sources],
        description="How each kind of page is built: the path to its tables, headings, fields.",
        check_specs=[
            dg.AssetCheckSpec(
                DRIFT, asset=key, description="Pages built as none of their kind was before."
            )
        ],
        **table(market, f"{market.name}_quality"),
    )
    def page_layouts(
        context: dg.AssetExecutionContext,
        platform: dg.ResourceParam[Platform],
        window: SessionWindow,
    ) -> Iterator[dg.Output[pl.DataFrame] | dg.AssetCheckResult]:
        days = window.of(market, context.partition_keys)
        rows = _layouts(platform, market, days)
        of_now = pl.col("session").is_between(days.first, days.last)
        before = platform.warehouse.read(table_name(key), first=days.first - BACK)
        known = [] if before is None else [before.filter(~of_now)]
        found = [
            str(drift)
            for drift in drifts(pl.concat([*known, rows]))
            if days.first <= drift.session <= days.last
        ]
        yield dg.Output(rows)
        yield check_result(key, DRIFT, len(found), passed=not found, error=False, where=found)

    return page_layouts


def _layouts(platform: Platform, market: Market, days: Window) -> pl.DataFrame:
    rows = [row for source in market.sources for row in _of_source(platform, source, days)]
    kind = ["session", "source", "page", "layout", "usable"]
    return (
        pl.DataFrame(rows, schema=PAGE_LAYOUTS)
        .filter(pl.col("session").is_between(days.first, days.last))
        .sort(*kind, "known_at", "capture_id")
        .group_by(kind, maintain_order=True)
        .agg(pl.col("pages").sum(), pl.col("capture_id", "known_at").first())
        .select(PAGE_LAYOUTS.names())
    )


def _of_source(platform: Platform, source: Source, days: Window) -> Iterator[dict[str, object]]:
    """A row for each page that has rows, or that the parser refuses for its layout."""
    readings = platform.readings
    for capture, said in readings.between(source, first=days.first, last=days.last):
        if isinstance(said, LayoutChanged) or _has_rows(said):
            yield {
                "session": asked_session(capture),
                "source": source.name,
                "page": _kind(capture),
                "layout": readings.layout(capture),
                "usable": not isinstance(said, LayoutChanged),
                "pages": 1,
                "capture_id": capture.capture_id,
                "known_at": capture.fetched_at,
            }


def _has_rows(said: Parsed | SourceFailure) -> bool:
    """Whether a page says something; an empty one does not show how it is built."""
    return isinstance(said, Parsed) and any(
        rows.height for rows in (said.quotes, *said.tables.values())
    )


def _kind(capture: Capture) -> str:
    """What kind of page it is: what was asked, without of which line or day; a file by its name."""
    if capture.url.startswith("inbox:"):
        return f"inbox {NUMBERS.sub('', capture.key)}"
    return capture.key.partition("/")[0]
