"""The views a reader meets first; each is of the newest session that its market has."""

from market_assets.warehouse.names import identifier
from market_assets.warehouse.publish import View


def volume_views(schema: str) -> tuple[View, ...]:
    """The views over the volume tables of the market whose tables are in ``schema``.

    - ``latest_volume_analysis``: every line of the newest session.
    - ``high_volume_alerts``: the alerts of that type, newest session and highest ratio first.
    - ``active_volume_alerts``: the alerts that are active.
    - ``volume_trends_summary``: of each line the newest complete week and month, a row each.
    - ``market_volume_dashboard``: one row, the newest session's summary with its counts of alerts
      and the sector of the highest turnover (of equals the first by name).
    """
    kept_in = identifier(schema)
    analysis, alerts, trends = (
        f"{kept_in}.volume_analysis",
        f"{kept_in}.volume_alerts",
        f"{kept_in}.volume_trends",
    )
    sectors, summary = f"{kept_in}.sector_volume_analysis", f"{kept_in}.market_volume_summary"

    def view(name: str, sql: str, *reads: str) -> View:
        tables = tuple(f"{schema}.{table}" for table in reads)
        return View(name=f"{schema}.{name}", sql=sql, reads=tables)

    return (
        view(
            "latest_volume_analysis",
            f"SELECT * FROM {analysis} WHERE session = (SELECT max(session) FROM {analysis}) "
            "ORDER BY ticker",
            "volume_analysis",
        ),
        view(
            "high_volume_alerts",
            f"SELECT * FROM {alerts} WHERE alert_type = 'high_volume' "
            "ORDER BY session DESC, ratio DESC, ticker",
            "volume_alerts",
        ),
        view(
            "active_volume_alerts",
            f"SELECT * FROM {alerts} WHERE is_active ORDER BY ticker, alert_type",
            "volume_alerts",
        ),
        view(
            "volume_trends_summary",
            f"SELECT * FROM {trends} WHERE complete QUALIFY "
            "row_number() OVER (PARTITION BY ticker, period ORDER BY period_start DESC) = 1 "
            "ORDER BY ticker, period",
            "volume_trends",
        ),
        view(
            "market_volume_dashboard",
            f"""
            WITH newest AS (
                SELECT * FROM {summary} WHERE session = (SELECT max(session) FROM {summary})
            ),
            raised AS (
                SELECT
                    count(*) AS alerts,
                    count(*) FILTER (alert_type = 'high_volume') AS high_volume_alerts,
                    count(*) FILTER (alert_type = 'low_volume') AS low_volume_alerts,
                    count(*) FILTER (alert_type = 'volume_spike') AS volume_spike_alerts,
                    count(*) FILTER (alert_type = 'volume_drop') AS volume_drop_alerts
                FROM {alerts} WHERE session = (SELECT session FROM newest)
            ),
            top AS (
                SELECT sector AS top_sector, total_turnover AS top_sector_turnover
                FROM {sectors}
                WHERE session = (SELECT session FROM newest)
                    AND sector IS NOT NULL AND total_turnover IS NOT NULL
                ORDER BY total_turnover DESC, sector LIMIT 1
            )
            SELECT * FROM newest CROSS JOIN raised LEFT JOIN top ON true
            """,
            "market_volume_summary",
            "volume_alerts",
            "sector_volume_analysis",
        ),
    )


def holding_views(schema: str) -> tuple[View, ...]:
    """The views over the holdings in ``schema``, of their newest session.

    - ``latest_holdings``: every stock with its streak and the change over 1, 5 and 20 sessions.
    - ``latest_movers``: the lists of movers.
    """
    kept_in = identifier(schema)
    holdings, deltas = f"{kept_in}.southbound_holdings", f"{kept_in}.holding_deltas"
    streaks, movers = f"{kept_in}.holding_streaks", f"{kept_in}.movers"
    changes = ", ".join(
        f"max(change_shares) FILTER (horizon = {horizon}) AS change_shares_{horizon}, "
        f"max(change_pct) FILTER (horizon = {horizon}) AS change_pct_{horizon}"
        for horizon in (1, 5, 20)
    )

    def view(name: str, sql: str, *reads: str) -> View:
        tables = tuple(f"{schema}.{table}" for table in reads)
        return View(name=f"{schema}.{name}", sql=sql, reads=tables)

    return (
        view(
            "latest_holdings",
            f"""
            WITH newest AS (SELECT max(session) AS session FROM {holdings}),
            changed AS (
                SELECT code, {changes} FROM {deltas}
                WHERE session = (FROM newest) AND status = 'ok' GROUP BY code
            )
            SELECT held.*, streak, last_change, changed.* EXCLUDE (code)
            FROM {holdings} held
            LEFT JOIN (FROM {streaks} WHERE session = (FROM newest)) USING (code)
            LEFT JOIN changed USING (code)
            WHERE held.session = (FROM newest) ORDER BY code
            """,
            "southbound_holdings",
            "holding_deltas",
            "holding_streaks",
        ),
        view(
            "latest_movers",
            f"SELECT * FROM {movers} WHERE session = (SELECT max(session) FROM {movers}) "
            "ORDER BY horizon, measure, side DESC, rank",
            "movers",
        ),
    )


def indicator_views(schema: str) -> tuple[View, ...]:
    """The views over the central bank's tables in ``schema``.

    - ``latest_indicators``: the newest status of each indicator; ``value`` is null of what is late.
    - ``latest_exchange_rates``: the newest rate of each currency and kind.
    - ``page_changes``: each thing that a table of a page has said, with the capture that first
      showed it; ``replaced_at`` is when another was first seen, null while it stands.
    """
    kept_in = identifier(schema)
    status, rates = f"{kept_in}.indicator_status", f"{kept_in}.exchange_rates"
    captured = "PARTITION BY source, page ORDER BY known_at, capture_id"
    return (
        View(
            name=f"{schema}.latest_indicators",
            sql=f"SELECT * FROM {status} WHERE session = (SELECT max(session) FROM {status}) "
            "ORDER BY indicator_id",
            reads=(f"{schema}.indicator_status",),
        ),
        View(
            name=f"{schema}.latest_exchange_rates",
            sql=f"SELECT * FROM {rates} QUALIFY row_number() OVER "
            "(PARTITION BY currency, kind ORDER BY reference_date DESC) = 1 "
            "ORDER BY kind DESC, currency",
            reads=(f"{schema}.exchange_rates",),
        ),
        View(
            name=f"{schema}.page_changes",
            sql=f"SELECT *, lead(known_at) OVER ({captured}) AS replaced_at FROM (SELECT * FROM "
            f"{kept_in}.page_tables QUALIFY fingerprint IS DISTINCT FROM lag(fingerprint) OVER "
            f"({captured})) ORDER BY page, known_at",
            reads=(f"{schema}.page_tables",),
        ),
    )


def comparison_views(schema: str) -> tuple[View, ...]:
    """The views over the neighbours' tables in ``schema``.

    - ``latest_cross_market``: the markets beside each other as of the newest day.
    - ``latest_fx_rates``: each currency in each other as of the newest day.
    """
    kept_in = identifier(schema)

    def newest(name: str, order: str) -> View:
        table = f"{kept_in}.{identifier(name)}"
        return View(
            name=f"{schema}.latest_{name}",
            sql=f"SELECT * FROM {table} WHERE as_of = (SELECT max(as_of) FROM {table}) "
            f"ORDER BY {order}",
            reads=(f"{schema}.{name}",),
        )

    return newest("cross_market", "measure, currency, mic"), newest("fx_rates", "base, quote")
