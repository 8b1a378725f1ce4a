"""The dashboard as a process: how Streamlit is started on one address."""

import os
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path

from market_assets.serving.dashboard.theme import THEME
from market_assets.settings import PREFIX, Settings

SCRIPT = Path(__file__).with_name("main.py")
OPTIONS = {
    "server.headless": "true",
    "server.showEmailPrompt": "false",
    "server.fileWatcherType": "none",
    "logger.level": "warning",
    "runner.magicEnabled": "false",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.disableDataExport": "true",  # the files beside each table heed the sources' terms
}
HEALTH = "/_stcore/health"
"""Answers as soon as pages can be asked."""


def command(*, host: str, port: int) -> list[str]:
    """The module that serves and what it is given."""
    options = OPTIONS | THEME | {"server.address": host, "server.port": str(port)}
    flags = [f"--{name}={value}" for name, value in options.items()]
    if host == "localhost" or (_numeric(host) and ip_address(host).is_loopback):
        # A page elsewhere whose name is made to lead here gets no answer.
        flags += [f"--server.allowedHosts={name}" for name in ("localhost", host)]
    return ["streamlit", "run", str(SCRIPT), *flags]


def environment(settings: Settings) -> Mapping[str, str]:
    """What the server is told of the data; all other settings it reads itself."""
    return os.environ | {
        f"{PREFIX}DATA_DIR": str(settings.data_dir.absolute()),
        f"{PREFIX}WEB": settings.web,
    }


def _numeric(host: str) -> bool:
    return host.replace(".", "").isdigit() or ":" in host
