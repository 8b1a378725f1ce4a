"""Dagster's processes, each of which this process becomes: all at once, or one of them."""

import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

from market_assets.defs.instance import instance_home, open_instance
from market_assets.defs.platform import Platform
from market_assets.modes import keep_to_seed
from market_assets.settings import SettingRefused, Settings

ACCEPTED = (
    "Function `dev_command` is superseded",
    "Parameter `backfill_policy` of function `asset` is currently in beta",
    "Class `PandasColumn` is currently in beta",
    "Function `create_dagster_pandas_dataframe_type` is currently in beta",
    "Function `Definitions.map_resolved_asset_specs` is currently in preview",
)
"""How the warnings of Dagster begin about what we chose to use; pyproject.toml pins the version."""
MODULE = "market_assets.definitions"
WORKSPACE = """\
load_from:
  - grpc_server: {{host: "{host}", port: {port}, location_name: {name}}}
"""
"""The location has the same name wherever it runs: what is switched on stays so."""
PATIENCE = 120
"""Seconds that the code location may take to answer."""


def everything(settings: Settings, *, host: str, port: int) -> NoReturn:
    """Become the UI, with the daemon and the code location as its children."""
    _prepare(settings)
    _become(settings, "market_assets.commands.dev", ["dev", "-m", MODULE, *_at(host, port)])


def code(settings: Settings, *, host: str, port: int) -> NoReturn:
    """Become the code location, which also works on the runs."""
    _prepare(settings)
    _become(settings, "dagster", ["api", "grpc", "-m", MODULE, *_at(host, port)])


def webserver(settings: Settings, *, host: str, port: int, code_at: tuple[str, int]) -> NoReturn:
    """Become the UI of the code location at ``code_at`` (host, port), once that answers."""
    workspace = _workspace(settings, code_at)
    _become(settings, "dagster_webserver", [*_at(host, port), "-w", workspace])


def daemon(settings: Settings, *, code_at: tuple[str, int]) -> NoReturn:
    """Become the daemon, which starts runs when they are due, once ``code_at`` answers."""
    _become(settings, "dagster._daemon", ["run", "-w", _workspace(settings, code_at)])


def _at(host: str, port: int) -> list[str]:
    return ["-h", host, "-p", str(port)]


def _prepare(settings: Settings) -> None:
    """Refuse what cannot be used, rather than have Dagster say it in the UI; bury killed runs."""
    Platform(settings)
    keep_to_seed(settings)
    with open_instance(settings):
        pass


def _workspace(settings: Settings, code_at: tuple[str, int]) -> str:
    """The file that leads to the code location, which answers and has made Dagster's tables."""
    host, port = code_at
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(code_at, timeout=5).close()
            break
        except OSError as error:
            if time.monotonic() > until:
                raise SettingRefused(f"no code location at {host}:{port}: {error}") from error
            time.sleep(0.5)
    file = instance_home(settings) / f"code-{host}-{port}.yaml"
    file.write_text(WORKSPACE.format(host=host, port=port, name=MODULE), "utf-8")
    return str(file)


def _become(settings: Settings, module: str, arguments: Sequence[str]) -> NoReturn:
    """Go on as the Python ``module`` with ``arguments``, on this data directory."""
    environment = os.environ | {
        "DAGSTER_HOME": str(instance_home(settings)),
        "MARKET_ASSETS_DATA_DIR": str(settings.data_dir.absolute()),
        "MARKET_ASSETS_WEB": settings.web,
        "PYTHONWARNINGS": ",".join(f"ignore:{beginning}" for beginning in ACCEPTED),
        "PYTHONTZPATH": "",  # the package tzdata, not the system's: Morocco is at UTC+0
    }
    # A shell starts what it puts in the background without SIGINT, and Dagster's processes then
    # take no SIGTERM either.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execve(sys.executable, [sys.executable, "-m", module, *arguments], environment)  # noqa: S606 - our own interpreter, our own arguments
