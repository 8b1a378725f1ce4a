"""``market-assets ui``: the Dagster UI on this data directory."""

import os
import signal
import sys

from market_assets.defs.instance import instance_home
from market_assets.modes import remember_mode
from market_assets.settings import Settings


def ui(settings: Settings, *, port: int) -> None:
    """Serve the UI on loopback until it is interrupted; this process becomes it."""
    environment = os.environ | {
        "DAGSTER_HOME": str(instance_home(settings.data_dir)),
        "MARKET_ASSETS_DATA_DIR": str(settings.data_dir.absolute()),
        "MARKET_ASSETS_WEB": settings.web,
        "PYTHONTZPATH": "",  # the package tzdata, not the system's: Morocco is at UTC+0
    }
    arguments = ["dev", "-m", "market_assets.definitions", "-h", "127.0.0.1", "-p", str(port)]
    remember_mode(settings)
    # A shell starts what it puts in the background without SIGINT, and Dagster's processes then
    # take no SIGTERM either.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execve(  # noqa: S606 - our own interpreter, our own arguments
        sys.executable, [sys.executable, "-m", "dagster", *arguments], environment
    )
