"""Every setting of the platform in one typed object, read from the environment.

``MARKET_ASSETS_WEB=live``, ``MARKET_ASSETS_SOURCES__CDG_CAPITAL__MIN_INTERVAL=5`` and so on.
"""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, FilePath, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SourceSettings(BaseModel):
    """What may be set for one source; None keeps what the source declares."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: AnyHttpUrl | None = None
    enabled: bool | None = None
    min_interval: Annotated[float, Field(ge=0, le=3600)] = 2.5
    """Seconds between two requests to the host."""


class AlertThresholds(BaseModel):
    """Ratios of a session's volume at which an alert is raised."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    high: Annotated[float, Field(gt=0)] = 2.0
    low: Annotated[float, Field(gt=0)] = 0.5
    spike: Annotated[float, Field(gt=0)] = 3.0
    drop: Annotated[float, Field(gt=0)] = 0.3

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low >= self.high or self.drop >= self.spike:
            raise ValueError("low must be below high, and drop below spike")
        return self


class Settings(BaseSettings):
    """The settings of one process; immutable."""

    model_config = SettingsConfigDict(
        env_prefix="MARKET_ASSETS_",
        env_nested_delimiter="__",
        env_file=".env",
        extra="forbid",
        frozen=True,
    )

    data_dir: Path = Path("data")
    web: Literal["sandbox", "live"] = "sandbox"
    contact: str | None = None
    """An address in the User-Agent of live requests, so that a publisher can reach you."""
    ca_bundle: FilePath | None = None
    """PEM file of certificates added to the usual ones."""
    daily_requests: Annotated[int, Field(ge=1)] = 1000
    """Most requests to one host in one day."""
    sandbox_seed: int = 2026
    sources: dict[str, SourceSettings] = Field(default_factory=dict[str, SourceSettings])
    alerts: AlertThresholds = AlertThresholds()

    @model_validator(mode="after")
    def _live_needs_a_contact(self) -> Self:
        if self.web == "live" and not (self.contact and self.contact.strip()):
            raise ValueError(
                "live mode needs MARKET_ASSETS_CONTACT, an address that publishers can write to"
            )
        return self

    @property
    def mode_dir(self) -> Path:
        """Where this mode keeps its captures, warehouse and published files."""
        return self.data_dir / self.web

    def source(self, name: str) -> SourceSettings:
        """What is set for the source ``name``."""
        return self.sources.get(name, SourceSettings())
