"""Alerts on a session's volume, from the volume analysis; who is told of them is not its care."""

from datetime import date

import polars as pl

from market_assets.domain.faults import counted

VOLUME_ALERTS = pl.Schema(
    {
        "ticker": pl.String,
        "alert_type": pl.String,
        "session": pl.Date,
        "volume": pl.Int64,
        "ratio": pl.Float64,
        "threshold": pl.Float64,
        "message": pl.String,
        "is_active": pl.Boolean,
    }
)
ABOVE, BELOW = ("high_volume", "volume_spike"), ("low_volume", "volume_drop")
AVERAGE, PREVIOUS = "its 20-session average", "its previous session"


def volume_alerts(
    analysis: pl.DataFrame,
    *,
    newest: date | None,
    high: float,
    low: float,
    spike: float,
    drop: float,
) -> pl.DataFrame:
    """The alerts of ``analysis`` in the schema VOLUME_ALERTS, by session, line and type.

    ``high_volume`` and ``low_volume`` compare with the average of the 20 sessions before,
    ``volume_spike`` and ``volume_drop`` with the previous session; ``ratio`` is that comparison. A
    ratio equal to its threshold is no alert, nor is one that is not known. An untraded session has
    ratio 0, so a line that stops trading alerts; against a previous session of 0 there is no ratio.

    An alert is active while it belongs to ``newest``, the newest session of the market, which may
    be one without any alert. A run with a newer session must write the active ones again.
    """
    previous = pl.col("previous_volume")
    to_previous = pl.when(previous > 0).then(pl.col("volume") / previous)
    rules = (
        ("high_volume", pl.col("volume_ratio"), high, AVERAGE),
        ("low_volume", pl.col("volume_ratio"), low, AVERAGE),
        ("volume_spike", to_previous, spike, PREVIOUS),
        ("volume_drop", to_previous, drop, PREVIOUS),
    )
    is_active = pl.col("session").eq_missing(pl.lit(newest, dtype=pl.Date))
    rows = analysis.with_columns(is_active=is_active)
    return (
        pl.concat(
            rows.with_columns(
                alert_type=pl.lit(name),
                ratio=ratio,
                threshold=pl.lit(threshold, dtype=pl.Float64),
                beside=pl.lit(beside),
            ).filter(ratio > threshold if name in ABOVE else ratio < threshold)
            for name, ratio, threshold, beside in rules
        )
        .with_columns(message=_message())
        .select(VOLUME_ALERTS.names())
        .sort("session", "ticker", "alert_type")
    )


def _message() -> pl.Expr:
    """For example "ATW traded 1,234,567 shares, 2.41 x its 20-session average"."""
    backwards = pl.col("volume").cast(pl.String).str.reverse()
    shares = backwards.str.replace_all(r"(\d{3})", "$1,").str.reverse().str.strip_prefix(",")
    ratio = pl.col("ratio").cast(pl.Decimal(38, 2))
    return pl.format("{} traded {} shares, {} x {}", "ticker", shares, ratio, "beside")


def volume_alerts_faults(alerts: pl.DataFrame) -> dict[str, int]:
    """How many rows break each rule the alerts keep."""
    ratio, threshold, kind = pl.col("ratio"), pl.col("threshold"), pl.col("alert_type")
    passed = pl.when(kind.is_in(ABOVE)).then(ratio > threshold).otherwise(ratio < threshold)
    faults = {
        "missing_ticker": pl.col("ticker").is_null(),
        "duplicate_row": pl.struct("ticker", "session", "alert_type").is_duplicated(),
        "unknown_type": ~kind.is_in(ABOVE + BELOW),
        "threshold_not_passed": ~passed.fill_null(value=False),
        "active_before_newest_session": pl.col("is_active")
        & (pl.col("session") < pl.col("session").max()),
    }
    return counted(alerts, **faults)
