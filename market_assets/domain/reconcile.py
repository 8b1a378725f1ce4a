"""One row per line and session from all the sources that answered, with a confidence.

How a value is chosen. Each source speaks with a weight: ``OFFICIAL`` for the exchange itself,
``DATED`` for a page that says which session it shows, ``UNDATED`` for one that does not. Sources
of one group share an engine and count once. The support of a value is ``1 - product(1 - weight)``
over the groups that state it; the value with the most support is chosen, the better-ranked source
deciding between equals. So three independent pages outvote an exchange that still has to revise,
two do not.

The confidence of a value is ``support * (1 - contest / 2)``, where ``contest`` is the weight of
the groups that state only something else over the weight of all groups. A row's confidence is the
mean of those of its close and its volume (0 where nobody states one; a suspended line has no
volume to state, so its close counts alone), times ``UNCHECKED`` where volume was traded but the
unit rule could not be checked because high, low or turnover is missing. Another independent
source that agrees never lowers it.
"""

from dataclasses import dataclass

import polars as pl

from market_assets.domain.screening import breaks_unit_rule

OFFICIAL, DATED, UNDATED = 0.9, 0.6, 0.3
UNCHECKED = 0.9
TOLERANCE = {"close": 0.005, "volume": 0.0, "turnover": 0.5}
"""How far two statements may differ and still agree: half a cent, no share, half a dirham."""

SOURCES = pl.Schema(
    {"source": pl.String, "group": pl.String, "weight": pl.Float64, "rank": pl.Int32}
)
"""What the rule must know of each source; a lower ``rank`` is better."""

ROW = ["ticker", "session"]
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
    rows = _without_volume_of_suspended(
        kept.join(sources, on="source").sort(*ROW, "rank", "source")
    )
    chosen = {field: _chosen(rows, field) for field in ("close", "volume")}
    agreed = _agreed(rows, chosen)
    chosen["turnover"] = _chosen(_with_fitting_turnover(rows, agreed), "turnover")
    quotes = (
        agreed.join(chosen["turnover"], on=ROW, how="left", maintain_order="left")
        .join(lines, on="ticker", maintain_order="left")
        .with_columns(
            mic=pl.lit(mic),
            currency=pl.lit(currency),
            volume=pl.col("volume").cast(pl.Int64),
            confidence=_row_confidence(),
        )
        .select(DAILY_QUOTES.names())
        .sort("session", "ticker")
    )
    disagreements = pl.concat(_dissent(rows, values, field) for field, values in chosen.items())
    return Reconciled(
        daily_quotes=quotes,
        disagreements=disagreements.sort("session", "ticker", "field", "source"),
    )


def _without_volume_of_suspended(rows: pl.DataFrame) -> pl.DataFrame:
    status = pl.col("status").drop_nulls().first().over(ROW)
    trades = status.ne_missing("S")
    return rows.with_columns(pl.when(trades).then(c).alias(c) for c in ("volume", "turnover"))


def _chosen(rows: pl.DataFrame, field: str) -> pl.DataFrame:
    """Per line and session the value of ``field`` with the most support, and its confidence."""
    stated = rows.filter(pl.col(field).is_not_null()).select(
        *ROW, "source", "group", "weight", "rank", pl.col(field).cast(pl.Float64)
    )
    pairs = stated.join(stated.select(*ROW, "group", "weight", field), on=ROW, suffix="_other")
    agrees = (pl.col(field) - pl.col(f"{field}_other")).abs() <= TOLERANCE[field]
    statement = [*ROW, "rank", "source", field]
    groups = pairs.group_by(*statement, "group_other").agg(
        pro=pl.col("weight_other").filter(agrees).max().fill_null(0.0),
        contra=pl.when(agrees.any()).then(0.0).otherwise(pl.col("weight_other").max()),
    )
    contest = pl.col("contra").sum() / (pl.col("pro").sum() + pl.col("contra").sum())
    # The same product taken in another order may differ in the last bit: rounded to compare.
    support = (1 - (1 - pl.col("pro")).product()).round(9)
    return (
        groups.group_by(statement)
        .agg(support=support, confidence=support * (1 - contest / 2))
        .sort("support", "rank", "source", descending=[True, False, False])
        .group_by(ROW, maintain_order=True)
        .agg(pl.col(field).first(), pl.col("confidence").first().alias(f"{field}_confidence"))
    )


def _agreed(rows: pl.DataFrame, chosen: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The chosen close and volume with what the sources that state them say of the rest.

    ``rows`` come in order of rank: the first that states a thing is the best that does.
    """
    for field, values in chosen.items():
        rows = rows.join(
            values.rename({field: f"chosen_{field}"}), on=ROW, how="left", maintain_order="left"
        )
    says = {field: _agrees_with_chosen(field) for field in chosen}
    states_it = pl.when(pl.col("chosen_volume").is_null()).then(says["close"])
    states_it = states_it.otherwise(says["volume"])
    contradicts = pl.any_horizontal(pl.col(f).is_not_null() & ~says[f] for f in chosen)
    agreed = rows.group_by(ROW, maintain_order=True).agg(
        pl.col("status").drop_nulls().first(),
        *(
            pl.col(c).filter(~contradicts).drop_nulls().first()
            for c in ("open", "high", "low", "trades", "market_cap")
        ),
        *(pl.col(c).filter(states_it).first() for c in ("source", "capture_id", "known_at")),
        sources=pl.col("source").filter(states_it).str.join("+"),
        **{field: pl.col(f"chosen_{field}").first() for field in chosen},
        **{f"{field}_confidence": pl.col(f"{field}_confidence").first() for field in chosen},
    )
    traded = pl.col("volume") > 0
    status = pl.when(traded).then(pl.lit("T")).when(~traded).then(pl.lit("NT"))
    moved = traded.fill_null(value=True)
    return agreed.with_columns(
        pl.coalesce(pl.when(traded).then(pl.lit("T")), "status", status).alias("status"),
        *(pl.when(moved).then(c).alias(c) for c in ("open", "high", "low")),
    )


def _agrees_with_chosen(field: str) -> pl.Expr:
    distance = (pl.col(field) - pl.col(f"chosen_{field}")).abs()
    return (distance <= TOLERANCE[field]).fill_null(value=False)


def _with_fitting_turnover(rows: pl.DataFrame, agreed: pl.DataFrame) -> pl.DataFrame:
    """Those rows whose turnover fits the agreed volume, high and low, as far as that shows."""
    range_of_day = agreed.select(*ROW, "high", "low", "volume")
    stated = rows.drop("high", "low", "volume").join(range_of_day, on=ROW, maintain_order="left")
    of_nothing = ((pl.col("volume") == 0) & (pl.col("turnover") > 0)).fill_null(value=False)
    return stated.filter(~breaks_unit_rule() & ~of_nothing)


def _row_confidence() -> pl.Expr:
    close = pl.col("close_confidence").fill_null(0.0)
    both = (close + pl.col("volume_confidence").fill_null(0.0)) / 2
    unchecked = pl.any_horizontal(pl.col(c).is_null() for c in ("high", "low", "turnover"))
    unchecked &= pl.col("volume").ne_missing(0)
    return (
        pl.when(pl.col("status").eq_missing("S"))
        .then(close)
        .otherwise(pl.when(unchecked).then(both * UNCHECKED).otherwise(both))
    )


def _dissent(rows: pl.DataFrame, chosen: pl.DataFrame, field: str) -> pl.DataFrame:
    """The statements of ``field`` that are not what was chosen."""
    values = rows.join(chosen.rename({field: f"chosen_{field}"}), on=ROW, how="left")
    difference = pl.col("value") / pl.col("chosen") - 1
    return (
        values.filter(pl.col(field).is_not_null() & ~_agrees_with_chosen(field))
        .select(
            *ROW,
            "source",
            "capture_id",
            field=pl.lit(field),
            value=pl.col(field).cast(pl.Float64),
            chosen=f"chosen_{field}",
        )
        .with_columns(difference=pl.when(pl.col("chosen") != 0).then(difference))
        .select(DISAGREEMENTS.names())
    )
