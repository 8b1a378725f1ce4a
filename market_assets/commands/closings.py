"""What the closing table of each market counts, and what it proposes to look at next."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Closing:
    """Queries over the published tables from $first to $last.

    ``figures`` is one row of counts, its columns named as they are shown, ``sessions`` first;
    ``answered`` is source, sessions it answered for, sessions it owed; ``quality`` is the table
    that judges the sources, ``next`` a query without bounds for people to try.
    """

    figures: str
    answered: str
    quality: str
    next: str


CLOSINGS = {
    "casablanca": Closing(
        figures="""
        SELECT count(DISTINCT session) AS sessions, count(DISTINCT ticker) AS lines,
               count(*) AS rows, (SELECT count(*) FROM casablanca.volume_alerts
                                  WHERE session BETWEEN $first AND $last) AS alerts
        FROM casablanca.daily_quotes WHERE session BETWEEN $first AND $last
        """,
        answered="""
        SELECT source, count(*) FILTER (stated > 0), count(*) FROM casablanca.volume_data_quality
        WHERE session BETWEEN $first AND $last GROUP BY source ORDER BY 2 DESC, source
        """,
        quality="casablanca.volume_data_quality",
        next="SELECT ticker, session, volume, volume_ratio FROM casablanca.latest_volume_analysis "
        "ORDER BY volume_ratio DESC NULLS LAST LIMIT 10",
    ),
    "hkex": Closing(
        figures="""
        SELECT count(DISTINCT session) AS sessions, count(DISTINCT code) AS stocks,
               count(*) AS rows, (SELECT count(*) FROM hkex.new_holdings
                                  WHERE session BETWEEN $first AND $last
                                  AND status = 'new') AS "new holdings"
        FROM hkex.southbound_holdings WHERE session BETWEEN $first AND $last
        """,
        answered="""
        SELECT source, count(*) FILTER (stated > 0), count(*) FROM hkex.holdings_data_quality
        WHERE session BETWEEN $first AND $last GROUP BY source ORDER BY 2 DESC, source
        """,
        quality="hkex.holdings_data_quality",
        next="SELECT session, rank, code, name, change_shares, change_pct FROM hkex.latest_movers "
        "WHERE horizon = 5 AND measure = 'shares' AND side = 'top' ORDER BY rank",
    ),
}
"""By market."""
