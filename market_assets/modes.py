"""Sandbox or live: which of the two a reading command means when nothing is set.

``run`` without a setting is always the sandbox, and a page put in by hand is always real. What
reads follows what was written last, so ``inbox add``, ``run --from-captures`` and ``sql`` speak of
the same data without a setting; ``MARKET_ASSETS_WEB`` decides where it is set.
"""

import os
from pathlib import Path

from market_assets.settings import PREFIX, SettingRefused, Settings

LAST_MODE = "last_mode"
SEED = "seed"
"""Of the sandbox: the number from which its market is invented."""


def follow_mode(settings: Settings) -> Settings:
    """``settings`` in the mode that was written last, unless a mode is set."""
    memory = settings.data_dir / LAST_MODE
    if "web" in settings.model_fields_set or not memory.exists():
        return settings
    return live(settings) if memory.read_text("utf-8").strip() == "live" else settings


def live(settings: Settings) -> Settings:
    """``settings`` in live mode."""
    return settings.model_copy(update={"web": "live"})


def keep_to_seed(settings: Settings) -> None:
    """Refuse a sandbox that holds another invented market; raises ``SettingRefused``."""
    if settings.web == "sandbox":
        _remember_seed(settings)


def remember_mode(settings: Settings) -> None:
    """Note that this mode was written last; refuses a sandbox that holds another invented market.

    Raises ``SettingRefused``.
    """
    keep_to_seed(settings)
    written_directory(settings.data_dir)
    (settings.data_dir / LAST_MODE).write_text(f"{settings.web}\n", "utf-8")


def written_directory(directory: Path) -> None:
    """Make a folder of the data directory where it is missing.

    Raises ``SettingRefused`` where it cannot be made or written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingRefused(
            f"the data directory needs the folder {directory}, which cannot be made: "
            f"{error.strerror}; choose another --data-dir"
        ) from error
    if not os.access(directory, os.W_OK | os.X_OK):
        raise SettingRefused(
            f"the folder {directory} may not be written; choose another --data-dir"
        )


def _remember_seed(settings: Settings) -> None:
    memory, seed = settings.mode_dir / SEED, str(settings.sandbox_seed)
    known = memory.read_text("utf-8").strip() if memory.exists() else seed
    if known != seed:
        raise SettingRefused(
            f"{settings.mode_dir} holds the market of seed {known}, not of {seed}: set "
            f"{PREFIX}SANDBOX_SEED={known}, or another --data-dir"
        )
    written_directory(settings.mode_dir)
    memory.write_text(f"{seed}\n", "utf-8")
