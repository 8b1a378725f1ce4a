"""The code location: what Dagster loads."""

import zoneinfo

import dagster as dg

from market_assets.defs.location import code_location
from market_assets.settings import read_settings


@dg.definitions
def definitions() -> dg.Definitions:
    """Everything, with the settings of the environment.

    Systems still carry zone data in which Morocco is at UTC+1; the package tzdata knows better.
    """
    zoneinfo.reset_tzpath([])
    return code_location(read_settings({}), loggers=None)
