"""A small published file with the columns that the marts have, those still to come included."""

from pathlib import Path

from market_assets.warehouse.publish import publish
from market_assets.warehouse.tables import Warehouse

DAYS = "range(30) d(day)"
SESSION = "DATE '2026-11-20' - day::INTEGER AS session"
LINES = "(VALUES (0, 'ATW', 'ATTIJARIWAFA BANK', 'Banques'), (1, 'IAM', 'ITISSALAT', 'Télécoms'), "
LINES += "(2, 'RDS', '=RÉSIDENCES', 'Immobilier')) l(number, ticker, name, sector)"
MARTS = f"""
CREATE SCHEMA casablanca; CREATE SCHEMA hkex; CREATE SCHEMA quality;
CREATE TABLE casablanca.daily_quotes AS SELECT 'XCAS' AS mic, ticker,
    'MA000000000' || number AS isin, name, sector, {SESSION},
    'T' AS status, 10.5 + day::DOUBLE AS open, 11.5 + day::DOUBLE AS high,
    9.5 + day::DOUBLE AS low, 10.0 + day::DOUBLE AS close,
    CASE WHEN number = 2 THEN NULL ELSE 1000 * (day + 1) + number END::BIGINT AS volume,
    1e4 * (day + 1)::DOUBLE AS turnover, 7::BIGINT AS trades, 1e9 + number::DOUBLE AS market_cap,
    'MAD' AS currency, 0.5::DOUBLE AS confidence, 0.5::DOUBLE AS close_confidence,
    0.5::DOUBLE AS volume_confidence, 0.5::DOUBLE AS turnover_confidence,
    false AS turnover_estimated, 'cdg_capital' AS source,
    CASE WHEN number = 2 THEN NULL WHEN day = 0 THEN 'cdg_capital' ELSE 'cdg_capital+medias24'
    END AS sources, 'abc' AS capture_id, TIMESTAMPTZ '2026-11-20 19:30:00Z' AS known_at
FROM {DAYS}, {LINES} ORDER BY day DESC, ticker;
CREATE TABLE casablanca.cdg_capital_quotes AS SELECT ticker, session, status, open, high, low,
    close, volume, turnover, trades, market_cap, true AS dated, source, capture_id, known_at,
    NULL::TIMESTAMPTZ AS replaced_at FROM casablanca.daily_quotes;
CREATE TABLE casablanca.listings AS SELECT 'a' AS asset, ticker, isin, name, sector,
    'Principal A' AS compartment, 5::BIGINT AS shares, NULL::VARCHAR AS status, source, capture_id,
    known_at, session FROM casablanca.daily_quotes;
CREATE TABLE casablanca.volume_analysis AS SELECT ticker, session, volume, turnover, close,
    volume AS previous_volume, 1.5::DOUBLE AS average_volume, 1.0::DOUBLE AS volume_ratio,
    1.0::DOUBLE AS volume_ma_5, 1.0::DOUBLE AS volume_ma_20, 0.0::DOUBLE AS volume_change_percent,
    false AS high_volume, false AS low_volume, NULL::DOUBLE AS volume_volatility_20,
    NULL::DOUBLE AS volume_return_correlation_60 FROM casablanca.daily_quotes;
CREATE TABLE casablanca.volume_alerts AS SELECT ticker, kind AS alert_type, session, volume,
    0.2::DOUBLE AS ratio, 0.3::DOUBLE AS threshold, 'a message' AS message,
    session = DATE '2026-11-20' AS is_active
FROM casablanca.daily_quotes, unnest(['volume_drop', 'low_volume']) k(kind);
CREATE TABLE casablanca.market_volume_summary AS SELECT session, 1::BIGINT AS total_volume,
    1.0::DOUBLE AS total_turnover, 1.0::DOUBLE AS mean_volume, 1.0::DOUBLE AS median_volume,
    1.0::DOUBLE AS volume_p10, 1.0::DOUBLE AS volume_p90, 3::BIGINT AS listed, 2::BIGINT AS traded,
    1::BIGINT AS untraded, 0::BIGINT AS suspended, 0::BIGINT AS unstated, 1::BIGINT AS rising,
    1::BIGINT AS falling, 0::BIGINT AS unchanged, 'ATW' AS most_active,
    1.0::DOUBLE AS most_active_turnover FROM (SELECT DISTINCT session FROM casablanca.daily_quotes);
CREATE TABLE casablanca.sector_volume_analysis AS SELECT sector, session, 1::BIGINT AS lines,
    1::BIGINT AS lines_with_volume, volume AS total_volume, turnover AS total_turnover,
    1.0::DOUBLE AS mean_volume, 1.0::DOUBLE AS volume_weighted_average_price,
    1.0::DOUBLE AS average_volume, 1.0::DOUBLE AS volume_ratio, 0::BIGINT AS high_volume_lines,
    0::BIGINT AS low_volume_lines FROM casablanca.daily_quotes;
CREATE TABLE casablanca.volume_data_quality AS SELECT source, session, 3::BIGINT AS expected,
    3::BIGINT AS stated, 2::BIGINT AS with_volume, 1.0::DOUBLE AS completeness,
    0.5::DOUBLE AS mean_confidence, 1.0::DOUBLE AS freshness_hours, 1.0::DOUBLE AS validity,
    0.5::DOUBLE AS score, NULL::VARCHAR AS issues
FROM (SELECT DISTINCT source, session FROM casablanca.daily_quotes);
CREATE TABLE hkex.southbound_holdings AS SELECT code, name, {SESSION},
    100::BIGINT * (30 - day) AS shares,
    1.5::DOUBLE AS percent, 60::BIGINT AS shanghai_shares, 40::BIGINT AS shenzhen_shares,
    session AS settlement_date,
    session - 2 AS implied_trade_date, 'hkex_southbound' AS source,
    'hkex_southbound+sse_southbound' AS sources, 0.9::DOUBLE AS confidence, 'abc' AS capture_id,
    TIMESTAMPTZ '2026-11-21 01:00:00Z' AS known_at
FROM {DAYS}, (VALUES ('00700', 'TENCENT'), ('00001', 'CKH HOLDINGS')) s(code, name);
CREATE TABLE hkex.movers AS SELECT session, horizon::INTEGER AS horizon, measure, side,
    rank::INTEGER AS rank, printf('%05d', rank) AS code, 'STOCK' AS name,
    5::BIGINT AS change_shares,
    0.1::DOUBLE AS change_pct, 0.1::DOUBLE AS change_points, 50::BIGINT AS base_shares
FROM (SELECT DISTINCT session FROM hkex.southbound_holdings), unnest([1, 5, 20]) h(horizon),
    unnest(['shares', 'percent']) m(measure), unnest(['top', 'bottom']) t(side),
    range(1, 4) r(rank);
CREATE TABLE hkex.new_holdings AS SELECT session, code, name, shares, percent, 'first' AS entry,
    'new' AS status, NULL::VARCHAR AS replaces, session AS first_seen,
    NULL::DATE AS previous_last_seen FROM hkex.southbound_holdings WHERE day(session) = 2;
CREATE TABLE hkex.holdings_data_quality AS SELECT source, session, 2::BIGINT AS stated,
    0::BIGINT AS put_aside, 1.0::DOUBLE AS agreement, 0.0::DOUBLE AS freshness_hours,
    1.0::DOUBLE AS score, NULL::VARCHAR AS issues
FROM (SELECT DISTINCT source, session FROM hkex.southbound_holdings);
CREATE TABLE quality.disagreements (ticker VARCHAR, session DATE, field VARCHAR, source VARCHAR,
    value DOUBLE, chosen DOUBLE, difference DOUBLE, capture_id VARCHAR);
CREATE TABLE quality.quarantine (asset VARCHAR, source VARCHAR, session DATE, ticker VARCHAR,
    capture_id VARCHAR, kind VARCHAR, reason VARCHAR, text VARCHAR);
"""
TO_COME = """
CREATE SCHEMA central_bank; CREATE SCHEMA companies; CREATE SCHEMA africa;
CREATE TABLE central_bank.exchange_rates AS SELECT c.currency, 1::INTEGER AS unit_count,
    session AS reference_date, 10.0::DOUBLE AS mid, NULL::DOUBLE AS bid, NULL::DOUBLE AS ask,
    'reference' AS kind, source, capture_id, known_at FROM casablanca.daily_quotes,
    unnest(['EUR', 'USD']) c(currency) WHERE ticker = 'ATW';
CREATE TABLE central_bank.indicators AS SELECT 'monia.rate' AS indicator_id, 'MONIA' AS name,
    'percent' AS unit, 'daily' AS frequency, session AS reference_date, 2.2::DOUBLE AS value,
    source, capture_id FROM casablanca.daily_quotes WHERE ticker = 'ATW';
CREATE TABLE central_bank.policy_rate AS SELECT session AS reference_date, 2.25::DOUBLE AS rate
FROM casablanca.daily_quotes WHERE ticker = 'ATW';
CREATE TABLE central_bank.banking_metrics AS SELECT 'Immobilier' AS object, 5.0::DOUBLE AS value,
    session AS reference_date FROM casablanca.daily_quotes WHERE ticker = 'ATW';
CREATE TABLE companies.listings AS SELECT DISTINCT mic, ticker, isin, name, sector,
    'Banks' AS icb_sector, 'Principal A' AS compartment, 5::BIGINT AS shares, 'listed' AS status,
    source FROM casablanca.daily_quotes;
CREATE TABLE companies.fundamentals AS SELECT mic, ticker, session, status, close, market_cap,
    7.5::DOUBLE AS ytd FROM casablanca.daily_quotes;
CREATE TABLE africa.daily_quotes AS SELECT * REPLACE ('XNSA' AS mic, 'NGN' AS currency)
FROM casablanca.daily_quotes;
CREATE TABLE africa.cross_market AS SELECT session AS as_of, mic, 1.0::DOUBLE AS turnover
FROM casablanca.daily_quotes WHERE ticker = 'ATW';
"""
EVERY_SCHEMA = ("casablanca", "hkex", "quality", "central_bank", "companies", "africa")


def made(directory: Path, sql: str) -> Warehouse:
    """A warehouse in ``directory`` with the tables that ``sql`` makes, published once."""
    warehouse = Warehouse(directory / "sandbox" / "warehouse.duckdb", mode="sandbox", patience=10)
    with warehouse.connected() as connection:
        connection.execute(sql)
    published(directory, warehouse)
    return warehouse


def published(directory: Path, warehouse: Warehouse) -> Path:
    """The file of a new version."""
    return publish(
        warehouse,
        directory / "sandbox" / "published",
        schemas=EVERY_SCHEMA,
        carried=(),
        views=(),
    )
