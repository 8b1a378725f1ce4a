"""What the closing table of each market counts, and what it proposes to look at next."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ANSWERED = """
SELECT source, count(*) FILTER (stated > 0), count(*) FROM {quality}
WHERE session BETWEEN $first AND $last GROUP BY source ORDER BY 2 DESC, source
"""


@dataclass(frozen=True, kw_only=True)
class Closing:
    """Queries over the published tables from $first to $last.

    ``figures`` is one row of counts, its columns named as they are shown, ``sessions`` first and
    ``rows`` of the main table among them; ``besides`` are tables of what other pages say, by what
    they hold; ``quality`` is the table that judges the sources; ``answered``, in which it is named
    {quality}, is source, sessions it answered for, sessions it owed; ``next`` is a query without
    bounds for people to try.
    """

    figures: str
    quality: str
    next: str
    answered: str = ANSWERED
    besides: Mapping[str, str] = field(default_factory=dict[str, str])


CLOSINGS = {
    "casablanca": Closing(
        figures="""
        SELECT count(DISTINCT session) AS sessions, count(DISTINCT ticker) AS lines,
               count(*) AS rows, (SELECT count(*) FROM casablanca.volume_alerts
                                  WHERE session BETWEEN $first AND $last) AS alerts
        FROM casablanca.daily_quotes WHERE session BETWEEN $first AND $last
        """,
        quality="casablanca.volume_data_quality",
        next="SELECT ticker, session, volume, volume_ratio FROM casablanca.latest_volume_analysis "
        "ORDER BY volume_ratio DESC NULLS LAST LIMIT 10",
    ),
    "hkex": Closing(
        figures="""
        SELECT count(DISTINCT session) AS sessions, count(DISTINCT code) AS stocks,
               count(*) AS rows,
               (SELECT count(*) FROM hkex.new_holdings WHERE session BETWEEN $first AND $last
                AND status = 'new' AND entry = 'first') AS "first entries",
               (SELECT count(*) FROM hkex.new_holdings WHERE session BETWEEN $first AND $last
                AND status = 'new' AND entry = 're_entry') AS "re-entries"
        FROM hkex.southbound_holdings WHERE session BETWEEN $first AND $last
        """,
        quality="hkex.holdings_data_quality",
        next="SELECT session, rank, code, name, change_shares, change_pct FROM hkex.latest_movers "
        "WHERE horizon = 5 AND measure = 'shares' AND side = 'top' ORDER BY rank",
        besides={
            "participants' holdings": "hkex.participant_holdings",
            "securities": "hkex.securities",
            "Northbound holdings": "hkex.northbound_holdings",
            "eligible lines": "hkex.eligible_lists",
        },
    ),
    "central_bank": Closing(
        figures="""
        SELECT (SELECT count(DISTINCT reference_date) FROM central_bank.exchange_rates
                WHERE kind = 'reference' AND reference_date BETWEEN $first AND $last) AS sessions,
               (SELECT count(DISTINCT indicator_id) FROM central_bank.indicator_status
                WHERE session BETWEEN $first AND $last) AS indicators, count(*) AS rows,
               (SELECT count(*) FROM central_bank.indicator_status
                WHERE session = (SELECT max(session) FROM central_bank.indicator_status
                                 WHERE session BETWEEN $first AND $last)
                AND status = 'frozen') AS frozen
        FROM central_bank.indicators WHERE reference_date BETWEEN $first AND $last
        """,
        quality="central_bank.data_quality",
        next="SELECT indicator_id, reference_date, value, unit FROM central_bank.indicators "
        "WHERE frequency = 'decision' ORDER BY reference_date DESC LIMIT 10",
    ),
    "africa": Closing(
        figures="""
        SELECT count(DISTINCT session) AS sessions, count(DISTINCT mic) AS exchanges,
               count(DISTINCT mic || ticker) AS lines, count(*) AS rows,
               (SELECT count(DISTINCT base) FROM africa.fx_rates
                WHERE as_of BETWEEN $first AND $last
                AND rate IS NOT NULL AND base <> quote) AS currencies
        FROM africa.daily_quotes WHERE session BETWEEN $first AND $last
        """,
        quality="africa.data_quality",
        next="SELECT mic, measure, value, currency, age_days FROM africa.cross_market "
        "WHERE as_of = (SELECT max(as_of) FROM africa.cross_market) AND currency = 'USD' "
        "ORDER BY measure, mic",
    ),
    "companies": Closing(
        figures="""
        SELECT count(DISTINCT session) AS sessions, count(DISTINCT ticker) AS lines,
               count(*) AS rows, (SELECT count(*) FROM quality.market_cap_disagreements
                                  WHERE session BETWEEN $first AND $last) AS disagreements
        FROM companies.fundamentals WHERE session BETWEEN $first AND $last
        """,
        answered="""
        -- Whose market caps stand, in how many of the sessions.
        SELECT market_cap_source, count(DISTINCT session) AS given, any_value(sessions)
        FROM (SELECT *, (SELECT count(DISTINCT session) FROM companies.fundamentals
                         WHERE session BETWEEN $first AND $last) AS sessions
              FROM companies.fundamentals)
        WHERE session BETWEEN $first AND $last AND market_cap_source IS NOT NULL
        GROUP BY 1 ORDER BY 2 DESC, 1
        """,
        quality="casablanca.volume_data_quality",
        next="SELECT ticker, close, market_cap, turnover_velocity_20, high_52w, low_52w, ytd "
        "FROM companies.fundamentals ORDER BY session DESC, market_cap DESC LIMIT 10",
    ),
}
"""By market."""
