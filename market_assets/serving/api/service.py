"""What one running API holds: the published versions, who may ask, what is kept and counted."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from typing import cast

from fastapi import Request

from market_assets.serving.api.access.audit import Audit
from market_assets.serving.api.access.database import FOLDER
from market_assets.serving.api.access.identity import Identities, Principal
from market_assets.serving.api.access.keys import Keys
from market_assets.serving.api.access.rates import Rates
from market_assets.serving.api.encoding import Encoding
from market_assets.serving.api.facts import FactsOfVersions
from market_assets.serving.api.kept import Answer, Kept
from market_assets.serving.api.measures import Measures
from market_assets.serving.api.standing import Standing, standing
from market_assets.settings import Settings
from market_assets.warehouse.failures import WarehouseError
from market_assets.warehouse.reader import Published
from market_assets.web.archive import Archive

MEGABYTE = 2**20


class Service:
    """The parts of one API, made from the settings; ``close`` writes what is left to write."""

    def __init__(self, settings: Settings) -> None:
        directory = settings.mode_dir / FOLDER
        self.settings = settings
        self.published = Published(settings.mode_dir / "published")
        self.facts = FactsOfVersions(seconds=settings.api.query_seconds)
        self.keys = Keys(directory)
        self.audit = Audit(directory, days=settings.api.audit_days)
        self.identities = Identities(self.keys, settings.api)
        self.rates = Rates(settings.api.rate)
        self.kept = Kept(settings.api.kept_megabytes * MEGABYTE)
        self.measures = Measures()
        self.listeners = 0
        """Event streams that are open."""

    @cached_property
    def archive(self) -> Archive:
        """The captures behind the published numbers."""
        return Archive(self.settings.mode_dir / "captures")

    @cached_property
    def edition(self) -> str:
        """What besides the version decides an answer: this program and what may leave."""
        sources = {name: each.redistribute for name, each in self.settings.sources.items()}
        told = f"{version('market-assets')} {self.settings.web} {sorted(sources.items())}"
        return sha256(told.encode()).hexdigest()[:8]

    def standing(self) -> Standing:
        """How things stand now; raises ``NothingPublished``."""
        with self.published.reading() as version:
            return standing(
                version,
                self.facts.of(version),
                self.archive,
                self.settings.mode_dir,
                datetime.now(UTC),
                seconds=self.settings.api.query_seconds,
            )

    def warm(self) -> None:
        """Read what every first question needs, so that nobody waits for it.

        What cannot be read now is said to whoever asks, and may be readable by then.
        """
        try:
            with self.published.reading() as version:
                self.facts.of(version)
        except WarehouseError:
            return

    def close(self) -> None:
        """End the record and let go of the files."""
        self.audit.close()
        self.keys.close()


@dataclass
class Exchange:
    """One request on its way through the gate; ``answer`` is what a route leaves to be sent.

    ``forgotten``: nothing may be recorded of who asked, who has just been erased.
    """

    service: Service
    principal: Principal
    encoding: Encoding
    answer: Answer | None = None
    forgotten: bool = False


def exchange(request: Request) -> Exchange:
    """The exchange that ``request`` belongs to."""
    return cast("Exchange", request.scope["market_assets.exchange"])
