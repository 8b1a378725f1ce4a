"""The plain objects that the assets work with, made from the settings; no Dagster here."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from market_assets.defs.readings import Readings
from market_assets.settings import PREFIX, SettingRefused, Settings
from market_assets.sources.registry import source
from market_assets.sources.source import Source
from market_assets.warehouse.tables import Warehouse
from market_assets.web.archive import Archive


@dataclass(frozen=True)
class Platform:
    """One mode's captures, warehouse and published files, and the sources it asks."""

    settings: Settings

    def __post_init__(self) -> None:
        for name in self.settings.sources:
            try:
                source(name)
            except LookupError as error:
                raise SettingRefused(f"MARKET_ASSETS_SOURCES__{name.upper()}: {error}") from error

    @cached_property
    def archive(self) -> Archive:
        """The captures of this mode."""
        return Archive(self.settings.mode_dir / "captures")

    @cached_property
    def readings(self) -> Readings:
        """What these captures say."""
        return Readings(self.archive)

    @cached_property
    def warehouse(self) -> Warehouse:
        """The tables of this mode."""
        path = self.settings.mode_dir / "warehouse.duckdb"
        return Warehouse(path, mode=self.settings.web)

    @property
    def published(self) -> Path:
        """Where the published files of this mode are."""
        return self.settings.mode_dir / "published"

    def asks(self, asked: Source) -> bool:
        """Whether this mode asks a source: what is set, else what the source declares."""
        return self.switch(asked) is None

    def switch(self, asked: Source) -> str | None:
        """The setting that would have this mode ask a source; None where it does."""
        enabled, sandbox = self.settings.source(asked.name).enabled, self.settings.web == "sandbox"
        if not (sandbox or asked.live if enabled is None else enabled):
            return f"{PREFIX}SOURCES__{asked.name.upper()}__ENABLED"
        if sandbox or not asked.keys or any(map(self.settings.is_set, asked.keys)):
            return None
        return " or ".join(f"{PREFIX}{key.upper()}" for key in asked.keys)
