"""Every setting of the platform in one typed object, read from the environment and ``.env``.

``MARKET_ASSETS_WEB=live``, ``MARKET_ASSETS_SOURCES__CDG_CAPITAL__MIN_INTERVAL=5`` and so on.
"""

import os
import re
import ssl
from collections.abc import Mapping
from datetime import time
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import (
    AnyHttpUrl,
    BaseModel,
    ConfigDict,
    Field,
    FilePath,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from market_assets.setting_names import faults, no_such, unread

PREFIX = "MARKET_ASSETS_"
DOTENV = Path(".env")


class SettingRefused(Exception):
    """A setting that is unknown, malformed or missing; the message names it."""


class SourceSettings(BaseModel):
    """What may be set for one source; None keeps what the source declares."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: AnyHttpUrl | None = None
    enabled: bool | None = None
    min_interval: Annotated[float, Field(ge=0, le=3600)] | None = None
    """Seconds between two requests to the host."""
    redistribute: bool | None = None
    """Whether what it states may leave over the API: False in no format; None as a file (CSV, XLSX,
    Parquet) in the sandbox only, for a person has to read a publisher's terms first."""


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


class WatchSettings(BaseModel):
    """When HKEXnews is asked whether a new day is out; times are of Hong Kong."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = False
    start: time = time(8, 30)
    end: time = time(12, 0)
    interval: Annotated[int, Field(ge=60, le=86_400)] = 900
    """Seconds between two questions."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start >= self.end:
            raise ValueError("start must be before end")
        return self


class HkexSettings(BaseModel):
    """What may be set for Hong Kong's Southbound holdings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    participants: tuple[Annotated[str, Field(pattern=r"^\d{5}$")], ...] = ("00700",)
    """Codes of the stocks whose participants are asked for, each a page of its own per session."""
    movers: Annotated[int, Field(ge=1, le=500)] = 10
    """Movers on each side."""
    mover_base: Annotated[int, Field(ge=0)] = 1_000_000
    """Shares held at the base session without which a line is no mover by percent."""
    watch: WatchSettings = WatchSettings()


class CentralBankSettings(BaseModel):
    """The user's own subscriptions to Bank Al-Maghrib's API, one for each of its products."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exchange_key: SecretStr | None = None
    """Of the rates of exchange, CoursVirement and CoursBBE."""
    bonds_key: SecretStr | None = None
    """Of the Treasury curve, CourbeBDT."""


Scope = Literal["read", "export", "operate"]
"""What a key may do: read JSON, take files away, see how the service fares."""


MAIL_ADDRESS = r"^[^@\s:/<>,;]+@[^@\s:/<>,;]+$"
RATE = r"^[1-9]\d{0,8}/(second|minute|hour|day)$"


class ApiSettings(BaseModel):
    """What may be set for the REST API."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    anonymous: tuple[Scope, ...] = ()
    """What may be done without a key."""
    rate: Annotated[str, Field(pattern=RATE)] = "600/minute"
    """Requests of one key that names no rate of its own, and of one address without a key."""
    origins: tuple[AnyHttpUrl, ...] = ()
    """Origins whose pages may call it from a browser."""
    query_seconds: Annotated[float, Field(gt=0, le=600)] = 5.0
    audit_days: Annotated[int, Field(ge=1)] = 90
    """How long it is remembered who read what."""
    kept_megabytes: Annotated[int, Field(ge=0)] = 128
    """Memory for answers of the published version."""
    session_secret: Annotated[SecretStr, Field(min_length=32)] | None = None
    """Signs sessions; None: a new one at each start, which ends the sessions before."""
    session_minutes: Annotated[int, Field(ge=1, le=1440)] = 15


DigestName = Literal["hkex", "casablanca", "weekly"]
AlertKind = Literal[
    "high_volume",
    "low_volume",
    "volume_spike",
    "volume_drop",
    "failed_run",
    "failed_check",
    "late",
    "source",
]
"""What people may be told of: the rules of the volume alerts, and what ails the platform."""


class SmtpSettings(BaseModel):
    """The server that takes mail from us."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Annotated[str, Field(pattern=MAIL_ADDRESS)]
    user: str | None = None
    password: SecretStr | None = None

    @model_validator(mode="after")
    def _guarded(self) -> Self:
        if self.user and self.security == "none":
            raise ValueError("a password is not sent over a connection that is not encrypted")
        return self


class QuietHours(BaseModel):
    """When volume alerts wake nobody; ``end`` may be on the next day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: time
    end: time
    zone: str = "Africa/Casablanca"

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError(f"there is no zone {zone}")
        return zone


class DeliverySettings(BaseModel):
    """Who is told what. Without a recipient nothing is sent.

    ``targets`` are names and where they lead: an address of mail, or a URL that apprise knows.
    Recipients are names of targets, so that addresses and tokens appear nowhere else.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    targets: dict[str, SecretStr] = Field(default_factory=dict[str, SecretStr])
    digests: dict[DigestName, tuple[str, ...]] = Field(
        default_factory=dict[DigestName, tuple[str, ...]]
    )
    alerts: dict[AlertKind, tuple[str, ...]] = Field(
        default_factory=dict[AlertKind, tuple[str, ...]]
    )
    smtp: SmtpSettings | None = None
    quiet: QuietHours | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.8
    """Of a volume, below which no alert on it is told: the exchange or two dated pages say it."""
    warnings: bool = False
    """Whether checks that only warn are told too."""
    late_hours: Annotated[float, Field(ge=0, le=240)] = 4
    """Hours after a session's figures are out from which their absence is late."""
    give_up_hours: Annotated[float, Field(gt=0, le=720)] = 48
    """How long a message is tried."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        chosen = {
            name for names in (*self.digests.values(), *self.alerts.values()) for name in names
        }
        if lost := sorted(chosen - self.targets.keys()):
            raise ValueError(f"no target is called {', '.join(lost)}")
        mailed = [name for name in chosen if is_mail(self.targets[name].get_secret_value())]
        if mailed and self.smtp is None:
            raise ValueError(
                f"mail to {', '.join(sorted(mailed))} needs {PREFIX}DELIVERY__SMTP__HOST"
            )
        for name, target in self.targets.items():
            text = target.get_secret_value()
            if not is_mail(text) and "://" not in text:
                raise ValueError(f"the target {name} is neither an address of mail nor a URL")
        return self


def is_mail(target: str) -> bool:
    """Whether a target is an address of mail, not a URL."""
    return re.match(MAIL_ADDRESS, target) is not None


class DagsterSettings(BaseModel):
    """What may be set for Dagster itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    postgres_url: SecretStr | None = None
    """Where runs and events are kept, as postgresql://user:password@host/database; None: in
    SQLite files of the data directory."""

    @field_validator("postgres_url")
    @classmethod
    def _driver(cls, url: SecretStr | None) -> SecretStr | None:
        """The address with the name of the driver, which SQLAlchemy 2.1 takes for another."""
        if url is None:
            return None
        scheme, _, rest = url.get_secret_value().partition("://")
        if scheme not in {"postgresql", "postgresql+psycopg2"} or not rest:
            raise ValueError("an address begins with postgresql://")
        return SecretStr(f"postgresql+psycopg2://{rest}")


class RetentionSettings(BaseModel):
    """What is kept for how long; ``api.audit_days`` says it of the record of readers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run_days: Annotated[int, Field(ge=1)] = 30
    """Runs with their events and logs; those that tell how an asset stands now are kept longer."""
    versions: Annotated[int, Field(ge=1)] = 3
    """Published versions, so that readers who are slow to move on still find theirs."""
    message_days: Annotated[int, Field(ge=14)] = 90
    """What went to whom; longer than it is news, so that nobody is told again."""
    capture_days: Annotated[int, Field(ge=1)] | None = None
    """What came from publishers; None: for ever."""


class Settings(BaseSettings):
    """The settings of one process; immutable."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=DOTENV,
        extra="ignore",  # .env may hold what belongs to others; read_settings refuses ours
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
    hkex: HkexSettings = HkexSettings()
    central_bank: CentralBankSettings = CentralBankSettings()
    api: ApiSettings = ApiSettings()
    delivery: DeliverySettings = DeliverySettings()
    dagster: DagsterSettings = DagsterSettings()
    retention: RetentionSettings = RetentionSettings()

    @field_validator("data_dir")
    @classmethod
    def _folder(cls, path: Path) -> Path:
        if path.exists() and not path.is_dir():
            raise ValueError(f"{path} is a file; the data directory is a folder")
        return path

    @field_validator("ca_bundle")
    @classmethod
    def _certificates(cls, file: Path | None) -> Path | None:
        try:
            ssl.create_default_context(cafile=file)
        except ssl.SSLError as error:
            raise ValueError(f"{file} holds no PEM certificate") from error
        return file

    @property
    def mode_dir(self) -> Path:
        """Where this mode keeps its captures, warehouse and published files."""
        return self.data_dir / self.web

    def source(self, name: str) -> SourceSettings:
        """What is set for the source ``name``."""
        return self.sources.get(name, SourceSettings())

    def is_set(self, path: str) -> bool:
        """Whether the setting ``path``, such as "central_bank__exchange_key", has a value."""
        return attrgetter(path.replace("__", "."))(self) is not None

    def redistributes(self, name: str, *, as_file: bool) -> bool:
        """Whether what the source ``name`` states may leave, as a file or to be read as JSON."""
        allowed = self.source(name).redistribute
        return self.web == "sandbox" or not as_file if allowed is None else allowed

    def required_contact(self) -> str:
        """The contact for live requests; raises ``SettingRefused`` where none is set."""
        if not (self.contact and self.contact.strip()):
            raise SettingRefused(
                f"live requests need {PREFIX}CONTACT, an address that publishers can write to"
            )
        return self.contact.strip()


def read_settings(given: Mapping[str, Any]) -> Settings:
    """The settings of the environment, ``given`` ones first.

    Raises ``SettingRefused`` with a line for each that cannot be used, or for each line of ``.env``
    that cannot be read.
    """
    if malformed := list(unread(DOTENV.absolute(), PREFIX)):
        raise SettingRefused("\n".join(malformed))
    names = {name.upper() for name in (*os.environ, *DotEnvSettingsSource(Settings).env_vars)}
    if unknown := list(no_such(names, Settings, PREFIX)):
        raise SettingRefused("\n".join(unknown))
    try:
        return Settings(**given)
    except SettingsError as error:
        told = f"{error}; a setting of several values is written as JSON"
        raise SettingRefused(f'{PREFIX}...: {told}, such as ["00700"]') from error
    except ValidationError as error:
        raise SettingRefused("\n".join(faults(error, Settings, PREFIX))) from error
