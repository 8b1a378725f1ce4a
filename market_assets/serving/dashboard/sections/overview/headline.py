"""The numbers at the head of the overview: flows, breadth, index, rates, currencies."""

import polars as pl

from market_assets.serving.dashboard.cards import Card, Origin, cards
from market_assets.serving.dashboard.numbers import change, plain, scaled, signed
from market_assets.serving.dashboard.reading import Data


def numbers(data: Data, market: pl.DataFrame) -> None:
    """Of the last row of ``market``, and what was known of index, currencies and rates by then."""
    row = market.row(-1, named=True)
    turnover, turnover_unit = scaled(row["total_turnover"], "MAD")
    volume, volume_unit = scaled(row["total_volume"], "shares")

    def against(column: str) -> str:
        told = signed(change(row[column], row[f"{column}_20"]), digits=1, unit="%")
        return f"{told} on 20-session average"

    told = [
        Card(label="Turnover", value=turnover, unit=turnover_unit, note=against("total_turnover")),
        Card(label="Volume", value=volume, unit=volume_unit, note=against("total_volume")),
        Card(
            label="Breadth",
            value=f"{row['rising']} ▲ {row['falling']} ▼",
            unit="lines",
            note=f"{row['traded']} of {row['listed']} traded, {row['suspended']} suspended",
        ),
        Card(
            label="Most active",
            value=row["most_active"] or "null",
            unit="",
            note=" ".join(scaled(row["most_active_turnover"], "MAD")),
            origin=row["most_active"]
            and Origin(
                table="casablanca.daily_quotes", line=row["most_active"], session=row["session"]
            ),
        ),
        *_index(data, row["session"]),
        *_money(data, row["session"]),
    ]
    cards(told)


def _index(data: Data, session: object) -> list[Card]:
    if not data.has("casablanca.index_history"):
        return []
    rows = data.rows(
        "SELECT session, close FROM casablanca.index_history WHERE index = 'MASI' AND session <= ? "
        "QUALIFY row_number() OVER (PARTITION BY session ORDER BY known_at DESC) = 1 "
        "ORDER BY session DESC LIMIT 2",
        session,
    )
    if rows.is_empty():
        return []
    closes = [*rows["close"].to_list(), None]
    told = signed(change(closes[0], closes[1]), digits=2, unit="%")
    return [
        Card(
            label="MASI",
            value=plain(closes[0], digits=2),
            unit="points",
            note=f"{told} · {rows['session'][0]:%d %b}",
        )
    ]


def _money(data: Data, session: object) -> list[Card]:
    """Rates and currencies, the newest of each that was known for the session."""
    found: list[Card] = []
    if data.has("central_bank.exchange_rates"):
        rows = data.rows(
            "FROM central_bank.exchange_rates WHERE kind = 'reference' AND reference_date <= ? "
            "AND currency IN ('EUR', 'USD') QUALIFY row_number() OVER "
            "(PARTITION BY currency ORDER BY reference_date DESC) = 1 ORDER BY currency",
            session,
        )
        for row in rows.iter_rows(named=True):
            origin = Origin(
                table="central_bank.exchange_rates",
                line=row["currency"],
                session=row["reference_date"],
            )
            found.append(
                Card(
                    label=f"{row['unit_count']} {row['currency']}",
                    unit="MAD",
                    origin=origin,
                    value=plain(row["mid"], digits=4),
                    note=f"{row['reference_date']:%d %b %Y}",
                )
            )
    if data.has("central_bank.indicators"):
        rows = data.rows(
            "FROM central_bank.indicators WHERE indicator_id IN ('policy.rate', 'monia.rate', "
            "'curve.10y') AND reference_date <= ? QUALIFY row_number() OVER "
            "(PARTITION BY indicator_id ORDER BY reference_date DESC) = 1 "
            "ORDER BY indicator_id DESC",
            session,
        )
        labels = {"policy.rate": "Policy rate", "monia.rate": "MONIA", "curve.10y": "Treasury 10 y"}
        for row in rows.iter_rows(named=True):
            origin = Origin(
                table="central_bank.indicators",
                line=row["indicator_id"],
                session=row["reference_date"],
            )
            found.append(
                Card(
                    label=labels[row["indicator_id"]],
                    value=plain(row["value"], digits=3),
                    unit="percent",
                    note=f"{row['reference_date']:%d %b %Y}",
                    origin=origin,
                )
            )
    return found
