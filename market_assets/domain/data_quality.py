"""How well each source served each session; what its rows are worth singly the agreement says."""

import polars as pl

from market_assets.domain.faults import counted
from market_assets.domain.refusals import reasons

DATA_QUALITY = pl.Schema(
    {
        "source": pl.String,
        "session": pl.Date,
        "stated": pl.Int64,
        "put_aside": pl.Int64,
        "agreement": pl.Float64,
        "freshness_hours": pl.Float64,
        "score": pl.Float64,
        "issues": pl.String,
    }
)
KEY = ["source", "session"]
EXPECTED = pl.Schema({"source": pl.String, "session": pl.Date, "out_at": pl.Datetime("us", "UTC")})
"""What is due: a page of each source for a session, from that instant on."""


def data_quality(
    kept: pl.DataFrame,
    *,
    refused: pl.DataFrame,
    dissent: pl.DataFrame,
    expected: pl.DataFrame,
) -> pl.DataFrame:
    """Each row of ``expected`` judged, in the schema DATA_QUALITY, by session and source.

    ``kept`` (with source, session and known_at) took part in the agreement, ``refused`` (REFUSED)
    did not; ``dissent`` has source, session and the ``dissent``: how many of the source's rows are
    not what was chosen.

    - ``agreement``: the part of the source's rows that are what was chosen; null without a row.
    - ``freshness_hours``: from when the page was due to the capture it was read from. It is no
      part of the score: a day fetched later is as true.
    - ``score``: agreement times the part of the rows that was not put aside; 0 without a row.
    - ``issues``: "no rows" and the reasons of what was put aside with their number; null where
      there is nothing to say.
    """
    served = kept.group_by(KEY).agg(
        stated=pl.len().cast(pl.Int64), known_at=pl.col("known_at").max()
    )
    agreement = 1 - pl.col("dissent").fill_null(0) / pl.col("stated")
    sound = pl.col("stated") / (pl.col("stated") + pl.col("put_aside"))
    return (
        expected.join(served, on=KEY, how="left")
        .join(dissent, on=KEY, how="left")
        .join(reasons(refused, *KEY), on=KEY, how="left")
        .with_columns(pl.col("stated", "put_aside").fill_null(0))
        .with_columns(
            agreement=pl.when(pl.col("stated") > 0).then(agreement),
            freshness_hours=(pl.col("known_at") - pl.col("out_at")).dt.total_seconds() / 3600,
            issues=pl.concat_str(
                pl.when(pl.col("stated") == 0).then(pl.lit("no rows")),
                "reasons",
                separator="; ",
                ignore_nulls=True,
            ).replace("", None),
        )
        .with_columns(score=(pl.col("agreement") * sound).fill_null(0.0))
        .select(DATA_QUALITY.names())
        .sort("session", "source")
    )


def data_quality_faults(rows: pl.DataFrame) -> dict[str, int]:
    """Of DATA_QUALITY."""
    return counted(
        rows,
        duplicate_row=pl.struct("source", "session").is_duplicated(),
        score_out_of_range=~pl.col("score").is_between(0, 1).fill_null(value=False),
        score_without_rows=(pl.col("stated") == 0) & (pl.col("score") > 0),
    )
