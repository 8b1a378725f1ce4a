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
