"""``market-assets inbox add``: pages that a person saved become captures like any other."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

import polars as pl

from market_assets.commands.lock import only_run
from market_assets.defs.markets import market_asking
from market_assets.defs.platform import Platform
from market_assets.modes import live, remember_mode
from market_assets.settings import SettingRefused, Settings
from market_assets.sources.registry import SOURCES
from market_assets.sources.registry import source as source_named
from market_assets.sources.source import Parsed, Source
from market_assets.web.failures import SourceFailure
from market_assets.web.index import IndexRow
from market_assets.web.messages import Capture
from market_assets.web.warc import Answered, Asked


@dataclass(frozen=True, kw_only=True)
class _Page:
    """A saved file, read as its source's parser reads it."""

    file: Path
    capture: Capture
    parsed: Parsed


def add(settings: Settings, source_name: str, day: date, files: list[Path]) -> None:
    """Keep ``files`` as captures of ``source_name`` about ``day``, and print what they say.

    Every file is parsed first: where one is not a page of that source, nothing is kept. They are
    real, so they go to the live captures whatever the mode is.
    """
    try:
        source = source_named(source_name)
    except LookupError as error:
        raise SettingRefused(str(error)) from error
    if day > market_asking(source).today(datetime.now(UTC)):
        raise SettingRefused(f"{day} has not come yet")
    platform = Platform(live(settings))
    pages = [_read(source, day, file) for file in files]
    with only_run(platform.settings):
        remember_mode(platform.settings)
        known: list[IndexRow | Capture] = [
            *platform.archive.captures(source.name, date.min, date.max)
        ]
        for page in pages:
            same = [each for each in known if each.sha256 == page.capture.sha256]
            before = [each for each in known if _facts(each) == _facts(page.capture)]
            kept = before[-1] if before and before[-1] in same else None
            note = "is kept already" if kept else _says(page.parsed)
            if not kept:
                kept = _keep(platform, page)
                known.append(kept)
                note += f" (the same bytes as capture {same[0].capture_id})" if same else ""
            elsewhere = _elsewhere(page.parsed, day)
            print(f"{page.file.name}: {note}; capture {kept.capture_id}{elsewhere}")
    print("Build the tables with: market-assets run --from-captures")


def _read(source: Source, day: date, file: Path) -> _Page:
    body = file.read_bytes()
    media_type = guess_type(file.name)[0] or "application/octet-stream"
    capture = Capture(
        capture_id="",
        source=source.name,
        key=file.name,
        first_session=day,
        last_session=day,
        method="GET",
        url=f"inbox:{file.name}",
        status=200,
        media_type=media_type,
        headers={"content-type": media_type},
        fetched_at=datetime.now(UTC),
        sha256=sha256(body).hexdigest(),
        body=body,
        file="",
        offset=0,
        length=0,
    )
    try:
        parsed = source.parse(capture)
    except SourceFailure as failure:
        raise type(failure)(
            f"{file} is no page of {source.name} that can be used: {failure}. Nothing was kept."
            + _takers(source, capture)
        ) from failure
    days = [day, *_sessions(parsed)]
    covering = replace(capture, first_session=min(days), last_session=max(days))
    return _Page(file=file, capture=covering, parsed=parsed)


def _takers(refusing: Source, capture: Capture) -> str:
    """Which other sources of the market have such pages; empty where none has."""
    names = [
        other.name
        for other in SOURCES
        if other.market == refusing.market and other is not refusing and _has_rows(other, capture)
    ]
    return f" It is a page of {' or '.join(names)}: add it as that." if names else ""


def _has_rows(source: Source, capture: Capture) -> bool:
    try:
        parsed = source.parse(replace(capture, source=source.name))
    except SourceFailure:
        return False
    return any(rows.height for rows in (parsed.quotes, *parsed.tables.values()))


def _facts(kept: IndexRow | Capture) -> tuple[object, ...]:
    """The name and the days of a page, of which what was put in last is what counts.

    The name is one of them, for of some pages it alone says which line they are of, and so are the
    days, for the same rates may be given for another.
    """
    return kept.key, kept.url, kept.first_session, kept.last_session


def _keep(platform: Platform, page: _Page) -> Capture:
    saved = page.capture
    with platform.archive.writing(saved.source, saved.first_session, saved.last_session) as writing:
        return writing.add(
            key=saved.key,
            kind="answer",
            asked=Asked(method=saved.method, url=saved.url),
            answered=Answered(status=saved.status, headers=(("Content-Type", saved.media_type),)),
            body=saved.body,
            fetched_at=saved.fetched_at,
        )


DAYS = ("session", "reference_date")
"""The columns that say what day a row is of; some rows are of none."""


def _days(rows: pl.DataFrame) -> list[date]:
    """The days that ``rows`` state."""
    return [day for name in DAYS if name in rows.columns for day in rows[name].drop_nulls()]


def _says(parsed: Parsed) -> str:
    quotes, tables = parsed.quotes, parsed.tables
    said = [f"{rows.height} rows of {name}{_extent(rows)}" for name, rows in tables.items()]
    if quotes.height:
        lines = quotes["ticker"].n_unique()
        said.insert(0, f"{quotes.height} rows of {lines} lines{_extent(quotes)}")
    elif not any(map(_days, tables.values())):
        said.insert(0, "no row of a day")
    if parsed.refused:
        said.append(f"{len(parsed.refused)} refused ({parsed.refused[0].reason})")
    return ", ".join(said)


def _stated(parsed: Parsed) -> list[date]:
    """The days that a page states, of all its rows."""
    return [day for rows in (parsed.quotes, *parsed.tables.values()) for day in _days(rows)]


def _sessions(parsed: Parsed) -> list[date]:
    """The sessions among them: a figure of another day is kept under the session it is told in."""
    tables = (parsed.quotes, *parsed.tables.values())
    return [day for rows in tables if "session" in rows.columns for day in _days(rows)]


def _elsewhere(parsed: Parsed, day: date) -> str:
    """That a page states other days than the one it was given for; a page may lag."""
    stated = _stated(parsed)
    if not stated or day in stated:
        return ""
    first, last = min(stated), max(stated)
    said = f"{first}" if first == last else f"{first} to {last}"
    return f". Note: it states {said}, not {day}; its rows go to the days they state"


def _extent(rows: pl.DataFrame) -> str:
    days = _days(rows)
    return f", {min(days)} to {max(days)}" if days else ""
