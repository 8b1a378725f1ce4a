"""Company: one line of Casablanca, its price, its volume, and what stands behind each number."""

from typing import Any

import polars as pl

from market_assets.serving.dashboard import alerts as marks
from market_assets.serving.dashboard import charts, fields, periods
from market_assets.serving.dashboard.cards import Card, Origin, cards
from market_assets.serving.dashboard.charts import Series
from market_assets.serving.dashboard.figures import figures_of
from market_assets.serving.dashboard.frame import day, headed, nothing, shown
from market_assets.serving.dashboard.numbers import change, mapped, plain, scaled, signed
from market_assets.serving.dashboard.reading import Data
from market_assets.serving.dashboard.state import choice, switch
from market_assets.serving.dashboard.tables import Column, Rows, table

QUOTES = "casablanca.daily_quotes"
LINES = f"""
SELECT ticker, name FROM {QUOTES} QUALIFY row_number() OVER
    (PARTITION BY ticker ORDER BY session DESC) = 1 ORDER BY ticker
"""
HISTORY = """
SELECT quoted.session, quoted.status, {open} AS open, {high} AS high, {low} AS low,
    {close} AS close,
    {volume} AS volume, quoted.turnover, quoted.trades, quoted.confidence, quoted.source,
    quoted.sources, quoted.capture_id, quoted.ticker
FROM {table} quoted WHERE ticker = ? ORDER BY session
"""
RAW = {each: f"quoted.{each}" for each in ("open", "high", "low", "close", "volume")}
ADJUSTED = {each: f"quoted.adjusted_{each}" for each in RAW}
ALERTS = """
SELECT session, alert_type, volume, ratio, threshold, message, ticker FROM casablanca.volume_alerts
WHERE ticker = ? ORDER BY session DESC, alert_type
"""


def company(data: Data) -> None:
    """Price and volume with averages and alerts, ratios, range, fundamentals, and their sources."""
    data.require(QUOTES, market="casablanca")
    names = dict(data.rows(LINES).iter_rows())
    first = "ATW" if "ATW" in names else next(iter(names))
    ticker = choice(
        "Company",
        list(names),
        name="ticker",
        default=first,
        told=lambda each: f"{each} · {names[each]}",
    )
    period = periods.chosen()
    prices = "raw"
    if data.has("companies.adjusted_quotes"):
        prices = switch(
            "Prices",
            ["raw", "adjusted"],
            name="prices",
            default="raw",
            told={"raw": "as quoted", "adjusted": "splits undone"}.__getitem__,
        )
    columns, source = (RAW, QUOTES) if prices == "raw" else (ADJUSTED, "companies.adjusted_quotes")
    history = data.rows(HISTORY.format(table=source, **columns), ticker)
    session = history["session"].to_list()[-1]
    headed(
        f"{names[ticker]}",
        f"{ticker}, Casablanca, to {day(session)}. A dotted number leads to its sources.",
    )
    figures = figures_of(data, ticker, session)
    _cards(ticker, history, figures)
    history = history.with_columns(
        pl.col("close", "volume").rolling_mean(5).name.suffix("_5"),
        pl.col("close", "volume").rolling_mean(20).name.suffix("_20"),
    )
    seen = periods.cut(history, period)
    adjusted = "" if prices == "raw" else ", splits undone"
    _price(data, seen, adjusted)
    alerts = data.rows(ALERTS, ticker) if "casablanca.volume_alerts" in data.facts.columns else None
    _volume(data, seen, alerts, adjusted)
    _range(data, figures)
    table(
        data,
        figures,
        title="Behind each number",
        name=f"{ticker}-figures",
        of=QUOTES,
        origin=Rows(table=None, line="line", day="session"),
        columns={
            "figure": Column("Figure"),
            "value": Column("Value"),
            "unit": Column("Unit"),
            "session": Column("Of", "day"),
            "confidence": Column("Confidence", "price"),
            "sources": Column("Sources"),
            "table": Column("Table"),
        },
    )
    if alerts is not None:
        _alerts(data, ticker, alerts)
    _quotes(data, ticker, history)


def _cards(ticker: str, history: pl.DataFrame, figures: pl.DataFrame) -> None:
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


def _price(data: Data, seen: pl.DataFrame, adjusted: str) -> None:
    figure = charts.lines(
        seen,
        [
            Series(column="close", name="close", digits=2),
            Series(column="close_5", name="5-session average", digits=2),
            Series(column="close_20", name="20-session average", digits=2),
        ],
        from_zero=False,
    )
    charts.shown(
        data,
        figure,
        title="Price",
        name="price",
        height=340,
        unit=f"Closing price, MAD{adjusted}; the axis does not start at 0",
    )


def _volume(data: Data, seen: pl.DataFrame, alerts: pl.DataFrame | None, adjusted: str) -> None:
    figure = charts.bars_with_means(
        seen,
        Series(column="volume", name="volume"),
        [
            Series(column="volume_5", name="5-session average"),
            Series(column="volume_20", name="20-session average"),
        ],
    )
    if alerts is not None and seen.height:
        within = alerts.filter(pl.col("session") >= seen["session"].min())
        charts.add_alerts(figure, within)
    charts.shown(
        data,
        figure,
        title="Volume and alerts",
        name="volume",
        height=340,
        unit=f"Shares per session{adjusted}; marks are alerts",
    )


def _range(data: Data, figures: pl.DataFrame) -> None:
    found: dict[str, Any] = dict(figures.select("key", "number").iter_rows())
    low, high, close = (found.get(each) for each in ("low_52w", "high_52w", "close"))
    if low is None or high is None or close is None:
        nothing(
            "The 52-week range is null",
            "It is known once 52 weeks of sessions are published, or a source states it; "
            "`market-assets run --days 260` gathers them.",
        )
        return
    figure = fields.span(low, high, close)
    charts.shown(
        data,
        figure,
        title="52-week range",
        name="range",
        height=120,
        unit="MAD: lowest, newest close, highest",
    )


def _alerts(data: Data, ticker: str, alerts: pl.DataFrame) -> None:
    table(
        data,
        alerts.with_columns(alert=pl.col("alert_type").replace(marks.WORDS)),
        title=f"Alerts: {alerts.height}",
        name=f"{ticker}-alerts",
        of="casablanca.volume_alerts",
        origin=Rows(table="casablanca.volume_alerts", line="ticker", day="session"),
        columns={
            "session": Column("Session", "day"),
            "alert": Column("Alert"),
            "message": Column("What happened"),
            "ratio": Column("Ratio", "price"),
            "threshold": Column("Threshold", "price"),
        },
    )


def _quotes(data: Data, ticker: str, history: pl.DataFrame) -> None:
    table(
        data,
        history.drop("^.*_(5|20)$").reverse(),
        title="Every session",
        name=f"{ticker}-quotes",
        of=QUOTES,
        origin=Rows(table=QUOTES, line="ticker", day="session"),
        columns={
            "session": Column("Session", "day"),
            "status": Column("Status"),
            "open": Column("Open", "price"),
            "high": Column("High", "price"),
            "low": Column("Low", "price"),
            "close": Column("Close, MAD", "price"),
            "volume": Column("Volume, shares", "whole"),
            "turnover": Column("Turnover, MAD", "whole"),
            "trades": Column("Trades", "whole"),
            "confidence": Column("Confidence", "price"),
            "sources": Column("Sources"),
        },
    )


if __name__ == "__main__":
    shown(company)
