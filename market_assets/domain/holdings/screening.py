"""Which statements of holdings may take part in an agreement, and why the others may not.

Nothing is repaired here: a row, or every row of one page, is put aside with a reason.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from market_assets.domain.holdings.rows import HOLDINGS
from market_assets.domain.refusals import REFUSED, Kind

AGGREGATE_MOVE = 0.05
"""How far the shares of the stocks on two pages may move in a session, all together. The whole of
Southbound buys or sells some tenths of a percent of what it holds on a day."""

LEAPT = 2.0
"""A holding that grew or shrank by more than this factor leapt: left out of the aggregate, which
one split of a large stock would else move."""

LEAPERS = 0.1
"""What part of the stocks may leap in a session: splits are one or two in 600."""

VANISHED = 0.05
"""What part of the stocks may vanish in a session: some 30 in 600; the semi-annual reviews of what
is eligible take fewer, and those stay on the page while held."""

REASONS = {
    "not_a_session": "not a session",
    "nothing_stated": "no shares",
    "conflicting_rows": "conflicting rows",
    "duplicate_row": "duplicate row",
}
"""Of a row, by its kind."""
PAGE = ["source", "channel", "session"]
ROW_TEXT = pl.format(
    "{} {} {} shares {} percent {}",
    "code",
    "session",
    "channel",
    *(pl.col(c).cast(pl.String).fill_null("-") for c in ("shares", "percent")),
)


@dataclass(frozen=True, kw_only=True)
class Screened:
    """``kept`` has the schema HOLDINGS, ``refused`` the schema REFUSED."""

    kept: pl.DataFrame
    refused: pl.DataFrame


def screened(statements: pl.DataFrame, *, sessions: Collection[date]) -> Screened:
    """``statements`` (HOLDINGS of pages that show every stock) without those that cannot be used.

    ``sessions`` are Hong Kong's. ``statements`` should reach some sessions back, for each page is
    compared with the source's last good one before; the first one given is believed.

    Reasons: ``not a session``, with ``: repeats 2025-11-07`` where the page shows that day's
    figures; ``no shares``, ``conflicting rows``, ``duplicate row``; and, for every row of a page,
    ``page held back: ...`` where against the page before more than ``VANISHED`` of the stocks
    vanished, more than ``LEAPERS`` leapt, or the shares of the others moved by more than
    ``AGGREGATE_MOVE`` for each session between.
    """
    rows = statements.sort(*PAGE, "code")
    line = (*PAGE, "code")
    marked = rows.with_columns(
        kind=pl.when(~pl.col("session").is_in(sorted(sessions)))
        .then(pl.lit("not_a_session"))
        .when(pl.col("shares").is_null())
        .then(pl.lit("nothing_stated"))
        .when(pl.struct("name", "shares", "percent").n_unique().over(line) > 1)
        .then(pl.lit("conflicting_rows"))
        .when(pl.int_range(pl.len()).over(line) > 0)
        .then(pl.lit("duplicate_row"))
    )
    days = sorted(sessions)
    verdicts = pl.DataFrame(
        [
            (source, channel, *verdict)
            for (source, channel), pages in rows_by_publisher(marked).items()
            for verdict in _verdicts(pages, days)
        ],
        schema={
            "source": pl.String,
            "channel": pl.String,
            "session": pl.Date,
            "of_page": pl.String,
            "verdict": pl.String,
        },
        orient="row",
    )
    whole = marked.join(verdicts, on=PAGE, how="left", maintain_order="left")
    reason = pl.coalesce("verdict", pl.col("kind").replace_strict(REASONS))
    whole = whole.with_columns(
        ticker="code", kind=pl.coalesce("of_page", "kind"), reason=reason, text=ROW_TEXT
    )
    return Screened(
        kept=whole.filter(pl.col("kind").is_null()).select(HOLDINGS.names()),
        refused=whole.filter(pl.col("kind").is_not_null()).select(REFUSED.names()),
    )


def rows_by_publisher(rows: pl.DataFrame) -> dict[tuple[str, str], pl.DataFrame]:
    """The rows of each source and channel."""
    parts = rows.partition_by("source", "channel", as_dict=True)
    return {(str(source), str(channel)): part for (source, channel), part in parts.items()}


def _verdicts(pages: pl.DataFrame, days: Sequence[date]) -> list[tuple[date, Kind, str]]:
    """The sessions of one source and channel that are refused whole, with kind and reason."""
    number = {day: place for place, day in enumerate(days)}
    refused: list[tuple[date, Kind, str]] = []
    good: pl.DataFrame | None = None
    for page in pages.sort("session", "code").partition_by("session", maintain_order=True):
        session: date = page["session"][0]
        if session not in number:
            if good is not None and _figures(page).equals(_figures(good)):
                reason = f"not a session: repeats {good['session'][0]}"
                refused.append((session, "not_a_session", reason))
            continue
        usable = page.filter(pl.col("kind").is_null())
        between = 1 if good is None else number[session] - number[good["session"][0]]
        fault = None if good is None else _fault(usable, good, between)
        if fault:
            refused.append((session, "held_back", f"page held back: {fault}"))
        else:
            good = usable
    return refused


def _figures(page: pl.DataFrame) -> pl.DataFrame:
    return page.select("code", "shares").sort("code")


def _fault(page: pl.DataFrame, before: pl.DataFrame, sessions: int) -> str | None:
    """What is too different from the page so many ``sessions`` before, if anything is."""
    since = before["session"][0]
    both = _figures(before).join(_figures(page), on="code", suffix="_now")
    vanished = (before.height - both.height) / before.height if before.height else 0.0
    if vanished > VANISHED * sessions:
        return f"{vanished:.1%} of the stocks of {since} vanished"
    factor = pl.max_horizontal(
        pl.col("shares_now") / pl.col("shares"), pl.col("shares") / pl.col("shares_now")
    )
    held = both.filter(pl.col("shares") > 0, pl.col("shares_now") > 0)
    steady = held.filter(factor <= LEAPT)
    leapt = (held.height - steady.height) / held.height if held.height else 0.0
    if leapt > LEAPERS * sessions:
        return f"{leapt:.1%} of the holdings leapt since {since}"
    total, total_before = int(steady["shares_now"].sum()), int(steady["shares"].sum())
    move = total / total_before - 1 if total_before else 0.0
    if abs(move) > AGGREGATE_MOVE * sessions:
        return f"all shares together moved by {move:+.1%} since {since}"
    return None
