"""``market-assets ui``: the Dagster UI on this data directory."""

from market_assets.commands.children import free_port
from market_assets.commands.processes import everything
from market_assets.settings import Settings

LOOPBACK = "127.0.0.1"


def ui(settings: Settings, *, port: int) -> None:
    """Serve the UI on loopback until it is interrupted; this process becomes it."""
    everything(settings, host=LOOPBACK, port=free_port(LOOPBACK, port, option="--port"))
