"""``market-assets ui``: the Dagster UI on this data directory."""

import os
import signal
import socket
import sys

from market_assets.defs.instance import instance_home, open_instance
from market_assets.defs.platform import Platform
from market_assets.modes import keep_to_seed
from market_assets.settings import SettingRefused, Settings

LOOPBACK = "127.0.0.1"
ACCEPTED = (
    "Function `dev_command` is superseded",
    "Parameter `backfill_policy` of function `asset` is currently in beta",
    "Class `PandasColumn` is currently in beta",
    "Function `create_dagster_pandas_dataframe_type` is currently in beta",
    "Function `Definitions.map_resolved_asset_specs` is currently in preview",
)
"""How the warnings of Dagster begin about what we chose to use; pyproject.toml pins the version."""


def ui(settings: Settings, *, port: int) -> None:
    """Serve the UI on loopback until it is interrupted; this process becomes it.

    What runs that were killed left behind is cleaned up first, as every run does.
    """
    _refuse_taken(port)
    Platform(settings)  # its refusals, said here rather than by Dagster in the UI
    keep_to_seed(settings)
    with open_instance(settings.data_dir):
        pass
    environment = os.environ | {
        "DAGSTER_HOME": str(instance_home(settings.data_dir)),
        "MARKET_ASSETS_DATA_DIR": str(settings.data_dir.absolute()),
        "MARKET_ASSETS_WEB": settings.web,
        "PYTHONWARNINGS": ",".join(f"ignore:{beginning}" for beginning in ACCEPTED),
        "PYTHONTZPATH": "",  # the package tzdata, not the system's: Morocco is at UTC+0
    }
    arguments = ["dev", "-m", "market_assets.definitions", "-h", LOOPBACK, "-p", str(port)]
    # A shell starts what it puts in the background without SIGINT, and Dagster's processes then
    # take no SIGTERM either.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execve(  # noqa: S606 - our own interpreter, our own arguments
        sys.executable,
        [sys.executable, "-m", "market_assets.commands.dev", *arguments],
        environment,
    )


def _refuse_taken(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Dagster's own server does
        try:
            trial.bind((LOOPBACK, port))
        except OSError as error:
            raise SettingRefused(
                f"port {port} cannot be used: {error.strerror}; choose another --port"
            ) from error
