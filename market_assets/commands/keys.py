"""``market-assets keys``: who may ask the REST API; a key is printed once, when it is made."""

import re
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table

from market_assets.serving.api.access.database import FOLDER
from market_assets.serving.api.access.keys import Keys, key_id
from market_assets.settings import RATE, SettingRefused, Settings


def create(
    settings: Settings, owner: str, *, scopes: Sequence[str], days: int, rate: str | None
) -> None:
    """Print a new key of ``owner``; raises ``SettingRefused`` for a ``rate`` that is none."""
    if rate is not None and not re.match(RATE, rate):
        raise SettingRefused(f'{rate!r} is no rate: such as "600/minute", or per second, hour, day')
    with closing(_keys(settings)) as keys:
        text = keys.create(owner, scopes=scopes, rate=rate, lifetime=timedelta(days=days))
    _print_once(text)


def listed(settings: Settings) -> None:
    """Print all keys, without what opens anything."""
    table = Table(
        *("key", "owner", "scopes", "rate", "made", "ends", "state"), box=None, pad_edge=False
    )
    now = datetime.now(UTC)
    with closing(_keys(settings)) as keys:
        for key in keys.listed():
            table.add_row(
                *(f"ma_{key.id}", key.owner, " ".join(sorted(key.scopes))),
                *(key.rate or settings.api.rate, f"{key.created_at:%Y-%m-%d}"),
                *(f"{key.expires_at:%Y-%m-%d %H:%M}", key.state(now)),
            )
    Console(width=200, soft_wrap=True).print(table)


def revoke(settings: Settings, key: str) -> None:
    """End a key at once."""
    with closing(_keys(settings)) as keys:
        keys.revoke(key_id(key))
    print(f"ma_{key_id(key)} is revoked, with the sessions that it opened")


def rotate(settings: Settings, key: str, *, grace_hours: float) -> None:
    """Print a new key in the place of one that ends after ``grace_hours``."""
    with closing(_keys(settings)) as keys:
        text = keys.rotate(key_id(key), grace=timedelta(hours=grace_hours))
    print(f"ma_{key_id(key)} ends in {grace_hours:g} hours")
    _print_once(text)


def _print_once(text: str) -> None:
    print(text)
    print("Keep it: it is shown this once, only its digest is stored.")


def _keys(settings: Settings) -> Keys:
    return Keys(settings.mode_dir / FOLDER)
