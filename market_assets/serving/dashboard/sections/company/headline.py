"""The newest numbers of a company."""

import polars as pl

from market_assets.serving.dashboard.cards import Card, Origin, cards
from market_assets.serving.dashboard.numbers import change, mapped, plain, scaled, signed
from market_assets.serving.dashboard.sections.company.listed import QUOTES


def numbers(ticker: str, history: pl.DataFrame, figures: pl.DataFrame) -> None:
    """Of the last row of ``history``; ``figures`` are those of ``figures_of``."""
    row = history.row(-1, named=True)
    before = history["close"][-2] if history.height > 1 else None
    origin = Origin(table=QUOTES, line=ticker, session=row["session"])
    found = {each["key"]: each for each in figures.iter_rows(named=True)}

    def figure(key: str, label: str) -> Card:
        each = found[key]
        note = f"{each['session']:%d %b %Y}"
        where = Origin(table=each["table"], line=ticker, session=each["session"])
        return Card(label=label, value=each["value"], unit=each["unit"], note=note, origin=where)

    volume = scaled(row["volume"], "shares")
    moved = signed(change(row["close"], before), digits=2, unit="%")
    cards(
        [
            Card(
                label="Close",
                value=plain(row["close"], digits=2),
                unit="MAD",
                origin=origin,
                note=f"{moved} on the session before",
            ),
            Card(
                label="Volume",
                value=volume[0],
                unit=volume[1],
                origin=origin,
                note={"T": "traded", "NT": "not traded", "S": "suspended"}.get(row["status"], ""),
            ),
            *[
                figure(key, label)
                for key, label in (
                    ("volume_ratio", "Volume against average"),
                    ("market_cap", "Market capitalisation"),
                    ("turnover_velocity_20", "Turnover velocity, 20 s"),
                )
                if key in found
            ],
            Card(
                label="Confidence",
                value=plain(mapped(row["confidence"], lambda v: v * 100), digits=1),
                unit="%",
                note=f"{len(row['sources'].split('+'))} sources" if row["sources"] else "no source",
                origin=origin,
            ),
        ]
    )
