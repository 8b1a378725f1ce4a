"""``market-assets ui``: the Dagster UI on this data directory."""

import socket

from market_assets.commands.processes import everything
from market_assets.settings import SettingRefused, Settings

LOOPBACK = "127.0.0.1"


def ui(settings: Settings, *, port: int) -> None:
    """Serve the UI on loopback until it is interrupted; this process becomes it."""
    _refuse_taken(port)
    everything(settings, host=LOOPBACK, port=port)


def _refuse_taken(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Dagster's own server does
        try:
            trial.bind((LOOPBACK, port))
        except OSError as error:
            raise SettingRefused(
                f"port {port} cannot be used: {error.strerror}; choose another --port"
            ) from error
