"""What the columns of the tables mean, shown as column schemas in the UI."""

import dagster as dg
import polars as pl

MEANINGS = {
    "mic": "market identifier code, ISO 10383",
    "ticker": "official ticker of the exchange",
    "isin": "international securities identification number",
    "session": "trading session, as the page states it",
    "status": "T traded, NT quoted but not traded, S suspended",
    "open": "first price, MAD",
    "high": "highest price, MAD",
    "low": "lowest price, MAD",
    "close": "last price, MAD; carried from the session before when not traded",
    "volume": "shares traded; 0 when not traded, null when suspended or not stated",
    "turnover": "money traded, MAD",
    "trades": "number of transactions",
    "market_cap": "last price times number of shares, MAD",
    "confidence": "how far the row is to be believed, 0 to 1: see domain/reconcile.py",
    "source": "the source the row's volume is taken from",
    "sources": "all sources that state this volume (or close), joined by +",
    "capture_id": "the capture whose bytes say so: market-assets explain",
    "known_at": "when that capture was fetched, UTC",
    "replaced_at": "when the source said something else, UTC; null while it stands",
    "average_volume": "mean volume of the 20 sessions before, shares",
    "volume_ratio": "volume / average_volume",
    "volume_ma_5": "mean volume of 5 sessions, this one included, shares",
    "volume_ma_20": "mean volume of 20 sessions, this one included, shares",
    "volume_change_percent": "change of volume against the session before, percent",
    "high_volume": "volume_ratio is above the threshold",
    "low_volume": "volume_ratio is below the threshold",
    "volume_volatility_20": "standard deviation over mean of the volume of 20 sessions",
    "volume_return_correlation_60": "correlation of change in volume with return, 60 sessions",
    "alert_type": "high_volume, low_volume, volume_spike or volume_drop",
    "threshold": "the ratio at which this alert is raised",
    "is_active": "of the newest session",
    "vwap": "turnover / volume, MAD",
    "completeness": "lines with the numbers this source gives / lines expected",
    "freshness_hours": "hours from the close of the session to the newest capture",
    "validity": "share of the source's rows that kept every rule",
    "score": "quality of a source in a session, 0 to 1",
    "reason": "why it could not be used",
    "field": "the number that is disagreed on",
    "chosen": "the value that was chosen",
    "difference": "value / chosen - 1",
}


def table_schema(schema: pl.Schema) -> dg.TableSchema:
    """The columns, their types and meanings."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name, str(dtype), description=MEANINGS.get(name))
            for name, dtype in schema.items()
        ]
    )
