"""How well each source served each session; judges no single value, see ``screening`` for that."""

import polars as pl

from market_assets.domain.faults import counted
from market_assets.domain.refusals import reasons

EXPECTED = pl.Schema(
    {
        "source": pl.String,
        "session": pl.Date,
        "lines": pl.Int64,
        "field": pl.String,
        "closed_at": pl.Datetime("us", "UTC"),
    }
)
"""What is due: so many lines with that ``field`` ("volume"; "close" of a source that gives no
volume) for a session that closed then."""

VOLUME_DATA_QUALITY = pl.Schema(
    {
        "source": pl.String,
        "session": pl.Date,
        "expected": pl.Int64,
        "stated": pl.Int64,
        "with_volume": pl.Int64,
        "completeness": pl.Float64,
        "mean_confidence": pl.Float64,
        "freshness_hours": pl.Float64,
        "validity": pl.Float64,
        "score": pl.Float64,
        "issues": pl.String,
    }
)
KEY = ["source", "session"]


def volume_data_quality(
    quotes: pl.DataFrame,
    *,
    refused: pl.DataFrame,
    daily_quotes: pl.DataFrame,
    expected: pl.DataFrame,
) -> pl.DataFrame:
    """Each row of ``expected`` judged, in the schema VOLUME_DATA_QUALITY, by session and source.

    ``quotes`` are the rows that were kept (QUOTES, at most one for a source, line and session),
    ``refused`` what was put aside (REFUSED; rows of the kind ``stale`` are no fault and do not
    count), ``daily_quotes`` the reconciled rows (ticker, session, confidence), ``expected`` has the
    schema EXPECTED.

    - ``completeness``: lines that state the field due, over those expected, at most 1; a suspended
      line states all it can, so its row counts.
    - ``validity``: rows that kept every rule, over all rows; null where there was none.
    - ``mean_confidence``: of the reconciled rows the source had a row for; null where none.
    - ``freshness_hours``: from the session's close to the source's latest capture of it; of a
      session fetched long after, it is as long. It is no part of the score.
    - ``score``: completeness * validity * mean confidence, in [0, 1]; 0 where one is null.
    - ``issues``: "no rows", "4 of 81 lines missing" and the reasons of the refused rows with their
      number, joined by "; "; null where there is nothing to say.
    """
    due = quotes.join(expected.select(*KEY, "field"), on=KEY)
    states = pl.when(pl.col("field") == "close").then(pl.col("close").is_not_null())
    states = states.otherwise(pl.col("volume").is_not_null()) | pl.col("status").eq_missing("S")
    served = (
        due.join(daily_quotes, on=["ticker", "session"], how="left", suffix="_agreed")
        .group_by(KEY)
        .agg(
            kept=pl.len(),
            stated=states.sum().cast(pl.Int64),
            with_volume=pl.col("volume").count().cast(pl.Int64),
            mean_confidence=pl.col("confidence").mean(),
            known_at=pl.col("known_at").max(),
        )
    )
    counts = ("kept", "broken_in_part", "broken", "stated", "with_volume")
    return (
        expected.rename({"lines": "expected"})
        .join(served, on=KEY, how="left")
        .join(_broken(quotes, refused), on=KEY, how="left")
        .with_columns(pl.col(counts).fill_null(0))
        .with_columns(rows=pl.col("kept") + pl.col("broken"))
        .with_columns(
            completeness=pl.when(pl.col("expected") > 0).then(
                pl.min_horizontal(1.0, pl.col("stated") / pl.col("expected"))
            ),
            validity=pl.when(pl.col("rows") > 0).then(
                (pl.col("kept") - pl.col("broken_in_part")) / pl.col("rows")
            ),
            freshness_hours=(pl.col("known_at") - pl.col("closed_at")).dt.total_seconds() / 3600,
            issues=_issues(),
        )
        .with_columns(
            score=(
                pl.col("completeness") * pl.col("validity") * pl.col("mean_confidence")
            ).fill_null(0.0)
        )
        .select(VOLUME_DATA_QUALITY.names())
        .sort("session", "source")
    )


def _broken(quotes: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """Per source and session: lines kept with a part refused, rows refused whole, the reasons."""
    line = [*KEY, "ticker"]
    refused = refused.filter(pl.col("kind").ne_missing("stale"))
    in_part = refused.join(quotes, on=line, how="semi").unique(line).group_by(KEY)
    whole = refused.join(quotes, on=line, how="anti").group_by(KEY)
    said = reasons(refused, *KEY).drop("put_aside")
    return said.join(in_part.len("broken_in_part"), on=KEY, how="left").join(
        whole.len("broken"), on=KEY, how="left"
    )


def _issues() -> pl.Expr:
    missing = pl.col("expected") - pl.col("stated")
    return pl.concat_str(
        pl.when(pl.col("rows") == 0)
        .then(pl.lit("no rows"))
        .when(missing > 0)
        .then(pl.format("{} of {} lines missing", missing, "expected")),
        "reasons",
        separator="; ",
        ignore_nulls=True,
    ).replace("", None)


def volume_data_quality_faults(quality: pl.DataFrame) -> dict[str, int]:
    """How many rows break each rule the judgement keeps."""
    shares = ("completeness", "validity", "mean_confidence", "score")
    faults = {
        "duplicate_row": pl.struct(KEY).is_duplicated(),
        "share_outside_0_to_1": pl.any_horizontal(~pl.col(shares).is_between(0, 1)),
        "known_before_close": pl.col("freshness_hours") < 0,
        "perfect_with_issues": (pl.col("score") == 1) & pl.col("issues").is_not_null(),
    }
    return counted(quality, **faults)
