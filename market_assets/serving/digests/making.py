"""A digest made from what is published, by name."""

from datetime import date

from market_assets.serving.digests.casablanca import casablanca_digest, casablanca_frames
from market_assets.serving.digests.content import Digest
from market_assets.serving.digests.hkex import hkex_digest, hkex_frames
from market_assets.serving.digests.message import Rendered, rendered
from market_assets.serving.digests.reading import Tables
from market_assets.serving.digests.weekly import week_of, weekly_digest, weekly_frames
from market_assets.settings import DigestName, Settings
from market_assets.warehouse.reader import Published


def made(settings: Settings, name: DigestName, *, until: date) -> Rendered:
    """The digest ``name`` of the newest session on or before ``until``, or of the week before it.

    Raises ``NothingToTell`` and ``NothingPublished``.
    """
    with Published(settings.mode_dir / "published").reading() as version:
        digest = _digest(Tables(version), name, until)
    attached = all(settings.redistributes(source, as_file=True) for source in digest.sources)
    return rendered(digest, attached=attached)


def _digest(tables: Tables, name: DigestName, until: date) -> Digest:
    publication = tables.publication()
    match name:
        case "hkex":
            return hkex_digest(hkex_frames(tables, until), publication)
        case "casablanca":
            return casablanca_digest(casablanca_frames(tables, until), publication)
        case "weekly":
            monday = week_of(until)
            return weekly_digest(weekly_frames(tables, monday), publication, monday=monday)
