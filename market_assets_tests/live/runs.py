"""The command line in a process of its own, with an environment that asks only loopback."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from market_assets.settings import PREFIX
from market_assets.sources.registry import SOURCES
from market_assets_tests.live.rules import CONTACT

COMMAND = str(Path(sys.executable).with_name("market-assets"))
PROXIES = re.compile("(https?|all)_proxy|requests_ca_bundle|curl_ca_bundle", re.IGNORECASE)


def live(addresses: Mapping[str, str], **settings: object) -> dict[str, str]:
    """An environment of live mode that asks each source of ``addresses`` there, and no other."""
    chosen: dict[str, object] = {"WEB": "live", "CONTACT": CONTACT} | settings
    for source in SOURCES:
        prefix = f"SOURCES__{source.name.upper()}__"
        chosen[f"{prefix}ENABLED"] = str(source.name in addresses).lower()
        if source.name in addresses:
            chosen[f"{prefix}BASE_URL"] = addresses[source.name]
            chosen.setdefault(f"{prefix}MIN_INTERVAL", 0)
    return {PREFIX + name: str(value) for name, value in chosen.items()}


def market_assets(
    *arguments: object, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """What ``market-assets ARGUMENTS`` did; nothing of this process's own settings reaches it."""
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(PREFIX) and not PROXIES.fullmatch(name)
    }
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        env=own | {"COLUMNS": "200"} | dict(environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
