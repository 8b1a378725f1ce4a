"""One row per exchange, line and session from the sources that answered, with a confidence.

Screening, choice and confidence are those of ``domain.quotes``, exchange by exchange, each by its
own calendar. Where a line is quoted in another money than the exchange's (Cairo's in dollars), its
turnover is not in the money of its prices, so the two cannot be held against each other: such a
turnover is agreed for itself, and the row's confidence is that of volume that was not checked.
Prices in two currencies cannot be held against each other either: those in the currency that the
best-ranked source states stand.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from market_assets.domain.quotes import reconcile
from market_assets.domain.quotes.reconcile import DAILY_QUOTES
from market_assets.domain.quotes.rows import QUOTES
from market_assets.domain.quotes.screening import ROW_TEXT, TURNOVER_ROUNDING, Screened, screened
from market_assets.domain.refusals import REFUSED, Kind
from market_assets.domain.support import agrees_with, best_supported, weighed

ROW = ["ticker", "session"]
STATEMENT = [*ROW, "source", "capture_id"]
WHO = ("isin", "name", "sector")
NOBODY = [pl.lit(None, dtype=pl.String).alias(name) for name in WHO]
"""Of a line that is not described yet."""
REASONS: dict[Kind, str] = {
    "conflicting_rows": "two currencies from one source",
    "other_currency": "another currency than the best source's",
}
"""The refusals made here, before those of ``screening``."""

DISAGREEMENTS = pl.Schema({"mic": pl.String, **reconcile.DISAGREEMENTS})
AFRICAN_REFUSED = pl.Schema({"mic": pl.String, **REFUSED})

MARKETS = pl.Schema({"mic": pl.String, "currency": pl.String})
"""The exchanges and the money of their turnover and market caps."""

CLOSES = pl.Schema({"mic": pl.String, "session": pl.Date, "closed_at": pl.Datetime("us", "UTC")})
"""When each session of each exchange closes. An exchange without any has no sessions: its rows are
all refused, as nobody knows when it traded."""


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """``daily_quotes`` with the schema DAILY_QUOTES, ``disagreements`` with DISAGREEMENTS.

    ``refused`` has the schema AFRICAN_REFUSED.
    """

    daily_quotes: pl.DataFrame
    disagreements: pl.DataFrame
    refused: pl.DataFrame


def reconciled(
    quotes: pl.DataFrame,
    *,
    markets: pl.DataFrame,
    closes: pl.DataFrame,
    sources: pl.DataFrame,
    lines: pl.DataFrame,
    copied_captures: Iterable[str],
) -> Reconciled:
    """The one row per exchange, line and session of ``quotes`` (AFRICAN_QUOTES, current rows).

    ``markets`` has the schema MARKETS, ``closes`` CLOSES (also of the session before the first, so
    that a replay is seen), ``sources`` that of ``quotes.reconcile.SOURCES``, ``lines`` that of
    ``listed.LISTED``: each row is described as by its session. ValueError for a row of an exchange
    that is not among ``markets``.
    """
    strangers = set(quotes["mic"]) - set(markets["mic"])
    if strangers:
        raise ValueError(f"quotes of exchanges whose money is not known: {sorted(strangers)}")
    quotes, odd = _in_one_currency(quotes, sources)
    copied = set(copied_captures)
    parts = [
        _of_one_money(rows, money, screening=screening, sources=sources)
        for mic, money in markets.sort("mic").rows()
        for of_mic in (quotes.filter(pl.col("mic") == mic),)
        for screening in (_screened(of_mic, mic, money, closes=closes, copied=copied),)
        for rows in of_mic.partition_by("currency")
    ]
    empty = Reconciled(
        daily_quotes=pl.DataFrame(schema=DAILY_QUOTES),
        disagreements=pl.DataFrame(schema=DISAGREEMENTS),
        refused=odd,
    )
    parts.append(empty)
    line = ["session", "mic", "ticker"]
    daily = pl.concat(p.daily_quotes for p in parts).drop(WHO)
    named = daily.join(lines.select(*line, *WHO), on=line, how="left")
    return Reconciled(
        daily_quotes=named.select(DAILY_QUOTES.names()).sort(line),
        disagreements=pl.concat(p.disagreements for p in parts).sort(
            "session", "mic", "ticker", "field", "source"
        ),
        refused=pl.concat(p.refused for p in parts).sort("source", "mic", "ticker", "session"),
    )


def _in_one_currency(
    quotes: pl.DataFrame, sources: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``quotes`` with each line and session in one currency, and those in another, AFRICAN_REFUSED.

    It is that of the best-ranked source; of one that states two itself none counts.
    """
    line = ["mic", *ROW]
    judged = (
        quotes.join(sources.select("source", "rank"), on="source", how="left")
        .sort("rank", maintain_order=True)
        .with_columns(torn=pl.col("currency").n_unique().over("source", *line) > 1)
        .with_columns(stands=pl.col("currency").filter(~pl.col("torn")).first().over(line))
        .with_columns(
            kind=pl.when("torn")
            .then(pl.lit("conflicting_rows"))
            .when(pl.col("currency") != pl.col("stands"))
            .then(pl.lit("other_currency"))
        )
    )
    odd = judged.filter(pl.col("kind").is_not_null()).with_columns(
        reason=pl.col("kind").replace_strict(REASONS, return_dtype=pl.String),
        text=pl.format("{} {}", ROW_TEXT, "currency"),
    )
    kept = judged.filter(pl.col("kind").is_null())
    return kept.select(quotes.columns), odd.select(AFRICAN_REFUSED.names())


def _screened(
    rows: pl.DataFrame, mic: str, money: str, *, closes: pl.DataFrame, copied: set[str]
) -> Screened:
    """All lines of one exchange at once: the few in another money are too few to tell a replay."""
    own = pl.when(pl.col("currency") == money).then("turnover")
    return screened(
        rows.with_columns(turnover=own).select(QUOTES.names()),
        closes=closes.filter(pl.col("mic") == mic).select("session", "closed_at"),
        tickers=rows["ticker"].unique().to_list(),
        copied_captures=copied,
    )


def _of_one_money(
    rows: pl.DataFrame,
    money: str,
    *,
    screening: Screened,
    sources: pl.DataFrame,
) -> Reconciled:
    """What becomes of ``rows`` of one exchange whose prices are all in one currency."""
    mic, currency = rows.select("mic", "currency").row(0)
    foreign = currency != money
    kept, refused = (
        part.join(rows, on=ROW, how="semi") for part in (screening.kept, screening.refused)
    )
    agreed = reconcile.reconciled(
        kept,
        sources=sources,
        lines=rows.select("ticker", *NOBODY).unique(),
        mic=mic,
        currency=currency,
    )
    daily, dissent = agreed.daily_quotes, agreed.disagreements
    if foreign:
        daily, more = _with_turnover(daily, kept, rows, sources)
        dissent = pl.concat([dissent, more])
        whole = rows.select(*STATEMENT, text=ROW_TEXT).unique(STATEMENT, keep="first")
        refused = refused.drop("text").join(whole, on=STATEMENT, how="left")
    of_mic = pl.lit(mic).alias("mic")
    return Reconciled(
        daily_quotes=daily,
        disagreements=dissent.select(of_mic, *reconcile.DISAGREEMENTS.names()),
        refused=refused.select(of_mic, *REFUSED.names()),
    )


def _with_turnover(
    daily: pl.DataFrame, kept: pl.DataFrame, rows: pl.DataFrame, sources: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``daily`` with the turnover that has the most support, and who states another."""
    once = rows.group_by(STATEMENT).agg(
        turnover=pl.when(pl.col("turnover").n_unique() == 1).then(pl.col("turnover").first())
    )
    said = (
        kept.drop("turnover")
        .join(once, on=STATEMENT)
        .join(sources, on="source")
        .with_columns(weight=reconcile.source_weight())
        .filter(pl.col("turnover") >= 0)
    )
    statements = weighed(said, "turnover", row=ROW, tolerance=TURNOVER_ROUNDING)
    best = best_supported(statements, "turnover", row=ROW)
    stands = pl.col("chosen_turnover")
    with_it = (
        daily.drop("turnover", "turnover_confidence")
        .join(best, on=ROW, how="left", maintain_order="left")
        .rename({"chosen_turnover": "turnover"})
        .select(DAILY_QUOTES.names())
    )
    others = said.join(best, on=ROW).filter(
        ~agrees_with("turnover", "chosen_turnover", tolerance=TURNOVER_ROUNDING)
    )
    return with_it, others.select(
        *ROW,
        pl.lit("turnover").alias("field"),
        "source",
        pl.col("turnover").alias("value"),
        stands.alias("chosen"),
        pl.when(stands != 0).then(pl.col("turnover") / stands - 1).alias("difference"),
        "capture_id",
    )
