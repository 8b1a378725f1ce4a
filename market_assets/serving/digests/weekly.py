"""The digest of a week: Casablanca's sessions together, Hong Kong's holdings at its end, rates."""

from datetime import date, timedelta

import polars as pl

from market_assets.serving.digests import figures
from market_assets.serving.digests.casablanca import QUOTES, alerts_of, lines_of, quality_of
from market_assets.serving.digests.content import Bars, Cell, Digest, Section, Table
from market_assets.serving.digests.hkex import named_sources
from market_assets.serving.digests.holdings import (
    eligibility_section,
    movers_section,
    new_holdings_section,
)
from market_assets.serving.digests.quality import quality_section
from market_assets.serving.digests.rates import rates_rows, rates_section
from market_assets.serving.digests.reading import Frames, NothingToTell, Publication, Tables
from market_assets.serving.digests.volumes import NAMES, lines_table

LINES = 5
HOLDINGS = "hkex.southbound_holdings"
WEEK, TO_SUNDAY = timedelta(days=7), timedelta(days=6)


def week_of(day: date) -> date:
    """The Monday of the newest week that has ended by ``day``."""
    return day - timedelta(days=day.weekday() + 7)


def weekly_frames(tables: Tables, monday: date) -> Frames:
    """What there is of the week from ``monday`` to Sunday; raises ``NothingToTell``."""
    week = [monday, monday + TO_SUNDAY]
    sessions = [day for day in _sessions(tables, QUOTES, week[1], 11) if day >= week[0]]
    if not sessions:
        raise NothingToTell(f"{QUOTES} has no session in the week of {monday}")
    earlier = _sessions(tables, QUOTES, week[0] - timedelta(days=1), 1)
    before = earlier[-1] if earlier else sessions[0]
    rates = rates_rows(tables, week[1], before=before)
    frames = {
        "lines": lines_of(tables, sessions[-1], before),
        "alerts": alerts_of(tables, week),
        "market": tables.of("casablanca.market_volume_summary", [monday - WEEK, week[1]]),
        **quality_of(tables, week),
        **({} if rates is None else {"rates": rates}),
    }
    held = _sessions(tables, HOLDINGS, week[1], 1) if HOLDINGS in tables else []
    if held and held[-1] >= monday:
        frames |= {
            "movers": tables.of("hkex.movers", held[-1:]),
            "new_holdings": tables.of("hkex.new_holdings", week),
            "eligibility": tables.of("hkex.southbound_eligibility", week),
        }
    return frames


def weekly_digest(frames: Frames, publication: Publication, *, monday: date) -> Digest:
    """The digest of ``frames`` (``weekly_frames``) of a ``publication``."""
    market = frames["market"].sort("session")
    now = market.filter(pl.col("session") >= monday)
    before = market.filter(pl.col("session") < monday)
    span = "in this week"
    hongkong = (
        (
            movers_section(frames["movers"], 5),
            new_holdings_section(frames["new_holdings"], span=span),
            eligibility_section(frames["eligibility"], span=span),
        )
        if "movers" in frames
        else (Section(heading="Southbound holdings", note="Nothing is published of this week."),)
    )
    return Digest(
        name="weekly",
        day=monday,
        title=f"The week of {figures.day(monday)}",
        mode=publication.mode,
        published_at=publication.published_at,
        facts=_facts(now, before, frames["alerts"].height),
        sections=(
            _market(now),
            _movers(frames["lines"]),
            _alerts(frames["alerts"]),
            *hongkong,
            rates_section(frames.get("rates"), since="since the week before"),
            quality_section(frames, note="Casablanca's sources; each as in its newest session."),
        ),
        sheets=frames,
        sources=named_sources(frames["lines"]),
    )


def _sessions(tables: Tables, table: str, until: date, count: int) -> list[date]:
    try:
        return tables.sessions(table, until=until, count=count)
    except NothingToTell:
        return []


def _facts(now: pl.DataFrame, before: pl.DataFrame, alerts: int) -> tuple[tuple[str, Cell], ...]:
    money = pl.col("total_turnover")
    turnover, daily = now.select(whole=money.sum(), mean=money.mean()).row(0)
    earlier = before.select(money.mean()).item()
    beside = 100 * (daily / earlier - 1) if daily is not None and earlier else None
    return (
        ("Sessions", Cell(text=str(now.height))),
        (
            "Casablanca's turnover",
            Cell(
                text=f"{figures.short(turnover)} MAD",
                note=f"{figures.percent(beside, signed=True, places=0)} a session to the "
                "week before",
            ),
        ),
        ("Volume alerts", Cell(text=figures.whole(alerts))),
    )


def _market(now: pl.DataFrame) -> Section:
    said = [
        f"{figures.day(row['session'])} {figures.short(row['total_turnover'])}"
        for row in now.iter_rows(named=True)
    ]
    return Section(
        heading="Casablanca",
        charts=(
            Bars(
                name="turnover",
                title="Turnover by session, MAD",
                alt=f"Bar chart of the turnover in MAD: {', '.join(said)}",
                labels=tuple(f"{day:%a} {day.day} {day:%b}" for day in now["session"]),
                values=tuple(now["total_turnover"]),
                form="money",
                upright=True,
            ),
        ),
    )


def _movers(lines: pl.DataFrame) -> Section:
    moved = lines.filter(pl.col("status") == "T", pl.col("change_pct").is_not_null())
    rising = moved.filter(pl.col("change_pct") > 0).sort("change_pct", descending=True)
    falling = moved.filter(pl.col("change_pct") < 0).sort("change_pct")
    return Section(
        heading="Lines of the week",
        note="Closes of the last session to those of the week before; turnover of the last "
        "session, in MAD.",
        tables=(
            lines_table(rising.head(LINES), title="Rising", empty="Nothing rose."),
            lines_table(falling.head(LINES), title="Falling", empty="Nothing fell."),
        ),
    )


def _alerts(alerts: pl.DataFrame) -> Section:
    counted = (
        alerts.group_by("alert_type")
        .agg(alerts=pl.len(), lines=pl.col("ticker").n_unique())
        .sort("alerts", "alert_type", descending=[True, False])
    )
    return Section(
        heading="Volume alerts",
        tables=(
            Table(
                headings=("Alert", "Alerts", "Lines"),
                rows=tuple(
                    (
                        Cell(text=NAMES[row["alert_type"]]),
                        Cell(text=figures.whole(row["alerts"])),
                        Cell(text=figures.whole(row["lines"])),
                    )
                    for row in counted.iter_rows(named=True)
                ),
                empty="No line's volume was out of the ordinary.",
            ),
        ),
    )
