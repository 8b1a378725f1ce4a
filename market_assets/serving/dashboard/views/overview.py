"""Market overview: Casablanca's session at a glance."""

import polars as pl
import streamlit as st

from market_assets.serving.dashboard import alerts, charts, fields, periods
from market_assets.serving.dashboard.cards import Card, Origin, cards
from market_assets.serving.dashboard.charts import Series
from market_assets.serving.dashboard.frame import day, headed, nothing, shown
from market_assets.serving.dashboard.numbers import change, plain, scaled, signed
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.state import choice, switch
from market_assets.serving.dashboard.tables import Column, Rows, table

SUMMARY = "casablanca.market_volume_summary"
ACTIVE = """
SELECT quoted.ticker, quoted.name, quoted.sector, quoted.session, quoted.close, quoted.volume,
    quoted.turnover, volume_ratio, quoted.confidence
FROM casablanca.daily_quotes quoted
LEFT JOIN casablanca.volume_analysis USING (ticker, session)
WHERE quoted.session = ? AND quoted.turnover > 0 ORDER BY quoted.turnover DESC, quoted.ticker
LIMIT ?
"""
ALERTS = """
SELECT ticker, alert_type, session, volume, ratio, threshold, message
FROM casablanca.volume_alerts WHERE session = ? ORDER BY alert_type, ratio DESC, ticker
"""
SECTORS = """
SELECT coalesce(sector, 'not classified') AS sector, lines, market_cap, market_cap_share, turnover,
    turnover_share
FROM companies.sector_summary WHERE session = ? AND taxonomy = ?
ORDER BY {measure} DESC NULLS LAST, sector
"""
BANDS = """
SELECT band_from, band_to, lines, market_cap, market_cap_share
FROM companies.market_cap_distribution WHERE session = ? ORDER BY band_from
"""
MOST_ACTIVE = 12


def overview(data: Data) -> None:
    """Turnover, volume, breadth, sectors, sizes, the most active and the alerts of a session."""
    data.require(SUMMARY, market="casablanca")
    market = data.rows(f"FROM {SUMMARY} ORDER BY session")
    days = market["session"].to_list()[::-1]
    session = choice("Session", days, name="session", default=days[0], told=day)
    period = periods.chosen()
    measure = switch(
        "Sectors by",
        ["market_cap", "turnover"],
        name="by",
        default="market_cap",
        told=lambda each: each.replace("_", " "),
    )
    taxonomy = switch(
        "Sectors of",
        ["exchange", "icb"],
        name="taxonomy",
        default="exchange",
        told={"exchange": "the exchange", "icb": "ICB"}.__getitem__,
    )
    headed(
        "Market overview",
        f"Casablanca on {day(session)}. Volume is in shares, turnover in dirhams.",
    )
    market = market.filter(pl.col("session") <= session).with_columns(
        pl.col("total_turnover", "total_volume").rolling_mean(5).name.suffix("_5"),
        pl.col("total_turnover", "total_volume").rolling_mean(20).name.suffix("_20"),
    )
    _cards(data, market)
    seen = periods.cut(market, period)
    left, right = st.columns(2, gap="large")
    with left:
        _flow(data, seen, "total_turnover", "Turnover", "Million MAD", scale=1e-6, digits=1)
    with right:
        _flow(data, seen, "total_volume", "Volume", "Thousand shares", scale=1e-3, digits=1)
    charts.shown(
        data,
        charts.breadth(seen),
        title="Breadth",
        name="breadth",
        unit="Lines that closed above (▲) and below (▼) their previous session",
    )
    left, right = st.columns(2, gap="large")
    with left:
        _sectors(data, session, measure, taxonomy)
    with right:
        _sizes(data, session)
    _active(data, session)
    _alerts(data, session)


def _cards(data: Data, market: pl.DataFrame) -> None:
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


def _flow(
    data: Data, seen: pl.DataFrame, column: str, title: str, unit: str, *, scale: float, digits: int
) -> None:
    rows = seen.with_columns(pl.col(column, f"{column}_5", f"{column}_20") * scale)
    figure = charts.bars_with_means(
        rows,
        Series(column=column, name=title, digits=digits),
        [
            Series(column=f"{column}_5", name="5-session average", digits=digits),
            Series(column=f"{column}_20", name="20-session average", digits=digits),
        ],
    )
    charts.shown(data, figure, title=title, name=title.lower(), unit=f"{unit} per session")


def _sectors(data: Data, session: object, measure: str, taxonomy: str) -> None:
    words = measure.replace("_", " ")
    if not data.has("companies.sector_summary"):
        nothing("No sectors", "They come with `market-assets run --market companies`.")
        return
    rows = data.rows(SECTORS.format(measure=measure), session, taxonomy)
    rows = rows.filter(pl.col(measure) > 0)
    if rows.is_empty():
        nothing("No sectors", f"None has a {words} on this session.")
        return
    figure = fields.shares(rows["sector"].to_list(), rows[measure].to_list(), digits=0)
    charts.shown(
        data,
        figure,
        title=f"Sectors by {words}",
        name="sectors",
        height=400,
        unit="Share of the whole; areas are proportional to MAD",
    )


def _sizes(data: Data, session: object) -> None:
    if not data.has("companies.market_cap_distribution"):
        nothing("No sizes", "They come with `market-assets run --market companies`.")
        return
    rows = data.rows(BANDS, session)
    if rows.is_empty():
        nothing("No sizes", "No line has a market capitalisation on this session.")
        return
    names = [_band(low, high) for low, high in rows.select("band_from", "band_to").iter_rows()]
    shares = [
        f"{n} lines, {share:.1%} of the market"
        for n, share in rows.select("lines", "market_cap_share").iter_rows()
    ]
    figure = fields.lying_bars(names, rows["lines"].to_list(), shares, unit="lines")
    charts.shown(
        data,
        figure,
        title="Companies by size",
        name="sizes",
        height=400,
        unit="Lines in each band of market capitalisation, billion MAD",
    )


def _band(low: float | None, high: float | None) -> str:
    """The bounds of a band in billions, either of which may be open."""
    if low is None:
        return f"below {(high or 0) / 1e9:g} bn"
    return f"from {low / 1e9:g} bn" if high is None else f"{low / 1e9:g} to {high / 1e9:g} bn"


def _active(data: Data, session: object) -> None:
    rows = data.rows(ACTIVE, session, MOST_ACTIVE)
    if rows.is_empty():
        nothing("Nothing traded", "No line has a turnover on this session.")
        return
    figure = fields.lying_bars(
        rows["ticker"].to_list(),
        (rows["turnover"] / 1e6).to_list(),
        [plain(value / 1e6, digits=1) for value in rows["turnover"]],
        unit="million MAD",
    )
    left, right = st.columns([2, 3], gap="large")
    with left:
        charts.shown(
            data,
            figure,
            title="Most active",
            name="active",
            unit="Turnover, million MAD",
            height=charts.ROW * rows.height + 80,
        )
    with right:
        table(
            data,
            rows,
            title="Their figures",
            name="most-active",
            of="casablanca.daily_quotes",
            origin=Rows(
                table="casablanca.daily_quotes", line="ticker", day="session", company=True
            ),
            columns={
                "ticker": Column("Ticker"),
                "name": Column("Name"),
                "close": Column("Close, MAD", "price"),
                "volume": Column("Volume, shares", "whole"),
                "turnover": Column("Turnover, MAD", "whole"),
                "volume_ratio": Column("× 20-session average", "price"),
                "confidence": Column("Confidence", "price"),
            },
        )


def _alerts(data: Data, session: object) -> None:
    if "casablanca.volume_alerts" not in data.facts.columns:
        return
    rows = data.rows(ALERTS, session)
    marked = rows.with_columns(kind=pl.col("alert_type").replace(alerts.WORDS))
    table(
        data,
        marked,
        title=f"Alerts of the day: {rows.height}",
        name="alerts",
        of="casablanca.volume_alerts",
        origin=Rows(table="casablanca.volume_alerts", line="ticker", day="session", company=True),
        columns={
            "kind": Column("Alert"),
            "ticker": Column("Ticker"),
            "message": Column("What happened"),
            "volume": Column("Volume, shares", "whole"),
            "ratio": Column("Ratio", "price"),
            "threshold": Column("Threshold", "price"),
        },
    )


if __name__ == "__main__":
    shown(overview)
