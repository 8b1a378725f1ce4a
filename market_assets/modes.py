"""Sandbox or live: which of the two a reading command means when nothing is set.

``run`` without a setting is always the sandbox, and a page put in by hand is always real. What
reads follows what was written last, so ``inbox add``, ``run --from-captures`` and ``sql`` speak of
the same data without a setting; ``MARKET_ASSETS_WEB`` decides where it is set.
"""

from market_assets.settings import Settings

LAST_MODE = "last_mode"


def follow_mode(settings: Settings) -> Settings:
    """``settings`` in the mode that was written last, unless a mode is set."""
    memory = settings.data_dir / LAST_MODE
    if "web" in settings.model_fields_set or not memory.exists():
        return settings
    return live(settings) if memory.read_text("utf-8").strip() == "live" else settings


def live(settings: Settings) -> Settings:
    """``settings`` in live mode."""
    return settings.model_copy(update={"web": "live"})


def remember_mode(settings: Settings) -> None:
    """Note that this mode was written last."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / LAST_MODE).write_text(f"{settings.web}\n", "utf-8")
