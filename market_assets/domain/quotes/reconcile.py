"""One row per line and session from all the sources that answered, with a confidence.

How a value is chosen. Each row speaks with a weight, by who says it and whether its page states
the session (``dated``): ``OFFICIAL`` for a dated page of the exchange itself, ``DATED`` for a dated
page of anybody else, ``UNDATED`` for a page that may show another session. Being official does not
help a page that may be of another session, so an undated one of the exchange
(``OFFICIAL_UNDATED``) weighs what a dated one of others does. Sources of one group share an engine
and count once. The support of a value is ``1 - product(1 - weight)`` over the groups that state it;
the value with the most support is chosen, the better-ranked source deciding between equals. So
three independent dated pages outvote an exchange that still has to revise, two do not; its undated
list is outvoted by two.

The confidence of a value is ``support * (1 - contest / 2)``, where ``contest`` is the weight of
the groups that state only something else over the weight of all groups. A row's confidence is the
mean of those of its close and its volume (0 where nobody states one; a suspended line has no
volume to state, so its close counts alone), times ``UNCHECKED`` where volume was traded but the
unit rule could not be checked because high, low or turnover is missing. Another independent
source that agrees never lowers it. The turnover has a confidence of its own, and one that looks
estimated from shares and close counts for less: see ``turnover``.
"""

from dataclasses import dataclass

import polars as pl

from market_assets.domain.faults import counted
from market_assets.domain.quotes.support import ROW, TOLERANCE, agrees_with, best_supported, weighed
from market_assets.domain.quotes.turnover import range_and_turnover

OFFICIAL, OFFICIAL_UNDATED, DATED, UNDATED = 0.9, 0.6, 0.6, 0.3
UNCHECKED = 0.9

SOURCES = pl.Schema(
    {"source": pl.String, "group": pl.String, "official": pl.Boolean, "rank": pl.Int32}
)
"""What the rule must know of each source; a lower ``rank`` is better."""

DISAGREEMENTS = pl.Schema(
    {
        "ticker": pl.String,
        "session": pl.Date,
        "field": pl.String,
        "source": pl.String,
        "value": pl.Float64,
        "chosen": pl.Float64,
        "difference": pl.Float64,
        "capture_id": pl.String,
    }
)
DAILY_QUOTES = pl.Schema(
    {
        "mic": pl.String,
        "ticker": pl.String,
        "isin": pl.String,
        "name": pl.String,
        "sector": pl.String,
        "session": pl.Date,
        "status": pl.String,
        "open": pl.Float64,
        "high": pl.Float64,
        "low": pl.Float64,
        "close": pl.Float64,
        "volume": pl.Int64,
        "turnover": pl.Float64,
        "trades": pl.Int64,
        "market_cap": pl.Float64,
        "currency": pl.String,
        "confidence": pl.Float64,
        "close_confidence": pl.Float64,
        "volume_confidence": pl.Float64,
        "turnover_confidence": pl.Float64,
        "turnover_estimated": pl.Boolean,
        "source": pl.String,
        "sources": pl.String,
        "capture_id": pl.String,
        "known_at": pl.Datetime("us", "UTC"),
    }
)
"""``source``, ``capture_id`` and ``known_at`` are those of the best-ranked row that states the
chosen volume (the chosen close where nobody states a volume); ``sources`` are all that state it,
joined by ``+``."""


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """``daily_quotes`` with the schema DAILY_QUOTES, ``disagreements`` with DISAGREEMENTS.

    A disagreement is a statement of a source that is not the chosen value; ``difference`` is
    relative to the chosen one (null where that is 0).
    """

    daily_quotes: pl.DataFrame
    disagreements: pl.DataFrame


def reconciled(
    kept: pl.DataFrame, *, sources: pl.DataFrame, lines: pl.DataFrame, mic: str, currency: str
) -> Reconciled:
    """The one row per line and session of ``kept`` (screened QUOTES: one row per source each).

    ``sources`` has the schema SOURCES; ``lines`` ticker, isin, name and sector.
    """
    said = kept.join(sources, on="source").sort(*ROW, "rank", "source")
    said = said.with_columns(weight=source_weight())
    rows = _without_volume_of_suspended(said)
    chosen = {field: best_supported(weighed(rows, field), field) for field in ("close", "volume")}
    rows = _judged(rows, chosen)
    agreed = _agreed(rows).join(range_and_turnover(rows), on=ROW, maintain_order="left")
    quotes = (
        agreed.join(lines, on="ticker", maintain_order="left")
        .with_columns(
            mic=pl.lit(mic),
            currency=pl.lit(currency),
            volume=pl.col("volume").cast(pl.Int64),
            confidence=_row_confidence(),
        )
        .select(DAILY_QUOTES.names())
        .sort("session", "ticker")
    )
    disagreements = pl.concat(_dissent(said, quotes, field) for field in TOLERANCE)
    return Reconciled(
        daily_quotes=quotes,
        disagreements=disagreements.sort("session", "ticker", "field", "source"),
    )


def source_weight() -> pl.Expr:
    """The weight with which a row speaks, by ``official`` and ``dated``."""
    return (
        pl.when("official", "dated")
        .then(OFFICIAL)
        .when("official")
        .then(OFFICIAL_UNDATED)
        .when("dated")
        .then(DATED)
        .otherwise(UNDATED)
    )


def _without_volume_of_suspended(rows: pl.DataFrame) -> pl.DataFrame:
    status = pl.col("status").drop_nulls().first().over(ROW)
    trades = status.ne_missing("S")
    return rows.with_columns(pl.when(trades).then(c).alias(c) for c in ("volume", "turnover"))


def _judged(rows: pl.DataFrame, chosen: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """``rows`` beside what was chosen: whether each ``states_it`` or ``contradicts`` it."""
    for values in chosen.values():
        rows = rows.join(values, on=ROW, how="left", maintain_order="left")
    says = {field: agrees_with(field, f"chosen_{field}") for field in chosen}
    without_volume = pl.col("chosen_volume").is_null()
    return rows.with_columns(
        states_it=pl.when(without_volume).then(says["close"]).otherwise(says["volume"]),
        contradicts=pl.any_horizontal(pl.col(f).is_not_null() & ~says[f] for f in chosen),
    )


def _agreed(rows: pl.DataFrame) -> pl.DataFrame:
    """The chosen close and volume with what the sources that do not contradict them say.

    ``rows`` come in order of rank: the first that states a thing is the best that does.
    """
    stated = (
        pl.col(c).filter(~pl.col("contradicts")).drop_nulls().first()
        for c in ("trades", "market_cap")
    )
    lead = (pl.col(c).filter("states_it").first() for c in ("source", "capture_id", "known_at"))
    chosen = (pl.col(f"{c}_confidence").first() for c in ("close", "volume"))
    traded = pl.col("volume") > 0
    return (
        rows.group_by(ROW, maintain_order=True)
        .agg(
            pl.col("status").drop_nulls().first(),
            *stated,
            *lead,
            *chosen,
            sources=pl.col("source").filter("states_it").str.join("+"),
            close=pl.col("chosen_close").first(),
            volume=pl.col("chosen_volume").first(),
        )
        .with_columns(
            status=pl.when(traded)
            .then(pl.lit("T"))
            .when(~traded)
            .then(pl.lit("NT"))
            .otherwise("status")
        )
    )


def _row_confidence() -> pl.Expr:
    close = pl.col("close_confidence").fill_null(0.0)
    both = (close + pl.col("volume_confidence").fill_null(0.0)) / 2
    unchecked = pl.any_horizontal(pl.col(c).is_null() for c in ("high", "low", "turnover"))
    unchecked &= (pl.col("volume") > 0).fill_null(value=False)
    return (
        pl.when(pl.col("status").eq_missing("S"))
        .then(close)
        .otherwise(pl.when(unchecked).then(both * UNCHECKED).otherwise(both))
    )


def _dissent(said: pl.DataFrame, quotes: pl.DataFrame, field: str) -> pl.DataFrame:
    """The statements of ``field`` that are not what was chosen.

    Where nothing was chosen (a suspended line) a stated 0 says no other thing.
    """
    chosen = quotes.select(*ROW, pl.col(field).cast(pl.Float64).alias("chosen"))
    value = pl.col(field).cast(pl.Float64)
    nothing = pl.col("chosen").is_null() & (value == 0)
    difference = pl.col("value") / pl.col("chosen") - 1
    return (
        said.join(chosen, on=ROW)
        .filter(value.is_not_null() & ~nothing & ~agrees_with(field, "chosen"))
        .select(*ROW, "source", "capture_id", "chosen", field=pl.lit(field), value=value)
        .with_columns(difference=pl.when(pl.col("chosen") != 0).then(difference))
        .select(DISAGREEMENTS.names())
    )


def disagreements_faults(disagreements: pl.DataFrame) -> dict[str, int]:
    """How many rows break each rule the disagreements keep: a source contradicts a value once."""
    faults = {
        "duplicate_row": pl.struct(*ROW, "field", "source").is_duplicated(),
        "no_disagreement": pl.col("value") == pl.col("chosen"),
    }
    return counted(disagreements, **faults)
