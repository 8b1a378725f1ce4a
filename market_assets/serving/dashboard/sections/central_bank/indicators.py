"""The bank's newest numbers, the foremost and all of them."""

from market_assets.serving.dashboard.cards import Card, Origin, cards
from market_assets.serving.dashboard.numbers import plain, scaled
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.tables import Column, Rows, table

TABLE = "central_bank.indicators"
HEADS = {
    "policy.rate": "Policy rate",
    "monia.rate": "MONIA",
    "interbank.rate": "Interbank rate",
    "curve.10y": "Treasury 10 y",
    "money.m3": "M3",
    "credit.total": "Bank credit",
}
NEWEST = f"""
FROM {TABLE} WHERE value IS NOT NULL QUALIFY row_number() OVER
    (PARTITION BY indicator_id ORDER BY reference_date DESC) = 1
"""


def numbers(data: Data) -> None:
    """The newest value of the foremost."""
    newest = {row["indicator_id"]: row for row in data.rows(NEWEST).iter_rows(named=True)}
    told: list[Card] = []
    for name, label in HEADS.items():
        if name not in newest:
            continue
        row = newest[name]
        amount = row["unit"] == "MAD"
        value, unit = (
            scaled(row["value"], "MAD") if amount else (plain(row["value"], digits=3), row["unit"])
        )
        origin = Origin(table=TABLE, line=name, session=row["reference_date"])
        note = f"{row['reference_date']:%d %b %Y}"
        told.append(Card(label=label, value=value, unit=unit, note=note, origin=origin))
    cards(told)


def every(data: Data) -> None:
    """The newest value of each."""
    rows = data.rows("FROM central_bank.latest_indicators ORDER BY frequency, indicator_id")
    table(
        data,
        rows,
        title="Every indicator",
        name="indicators",
        of=TABLE,
        origin=Rows(table=TABLE, line="indicator_id", day="reference_date"),
        columns={
            "indicator_id": Column("Indicator"),
            "name": Column("Name"),
            "value": Column("Value", "rate", "null where the newest is overdue"),
            "last_value": Column("Last stated", "rate"),
            "unit": Column("Unit"),
            "frequency": Column("Each"),
            "reference_date": Column("Of", "day"),
            "status": Column("Status"),
            "age_days": Column("Age, days", "whole"),
        },
    )
