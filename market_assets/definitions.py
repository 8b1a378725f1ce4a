"""The code location: what Dagster loads."""

import dagster as dg

from market_assets.defs.location import code_location
from market_assets.settings import read_settings


@dg.definitions
def definitions() -> dg.Definitions:
    """Everything, with the settings of the environment."""
    return code_location(read_settings({}), loggers=None)
