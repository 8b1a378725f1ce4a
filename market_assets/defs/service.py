"""What is on record of how sources served sessions, before they are judged anew."""

from collections.abc import Iterable
from datetime import date

import dagster as dg
import polars as pl

from market_assets.defs.platform import Platform
from market_assets.defs.tables import table_name
from market_assets.defs.testimony import QUARANTINE
from market_assets.defs.window import Window
from market_assets.domain.refusals import REFUSED


def put_aside_by(platform: Platform, assets: Iterable[dg.AssetKey], days: Window) -> pl.DataFrame:
    """What ``assets`` put aside of ``days``. Schema REFUSED.

    The quarantine holds that of every market. No rule says that a row of it is unique: what a page
    says twice is refused twice.
    """
    rows = platform.warehouse.read(QUARANTINE, first=days.first, last=days.last)
    if rows is None:
        return pl.DataFrame(schema=REFUSED)
    names = [key.to_user_string() for key in assets]
    return rows.filter(pl.col("asset").is_in(names)).select(REFUSED.names())


def owed_before(platform: Platform, quality: dg.AssetKey, days: Window) -> set[tuple[str, date]]:
    """Whom earlier runs held to which session, by their judgement: the silent stay on record."""
    judged = platform.warehouse.read(table_name(quality), first=days.first, last=days.last)
    return set() if judged is None else of_whom(judged)


def of_whom(rows: pl.DataFrame) -> set[tuple[str, date]]:
    """The sources and sessions that ``rows`` are of."""
    return set(rows.select("source", "session").unique().rows())
