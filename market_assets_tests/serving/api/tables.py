"""A small published file with the columns that the marts have, as a test holds it to."""

from pathlib import Path

import polars as pl

from market_assets.domain.africa.cross_market import CROSS_MARKET
from market_assets.domain.africa.listed import LISTED
from market_assets.domain.central_bank.indicators import INDICATORS
from market_assets.domain.central_bank.money import BANKING_METRICS
from market_assets.domain.central_bank.rates import POLICY_RATE
from market_assets.domain.central_bank.statements import EXCHANGE_RATES
from market_assets.domain.companies.fundamentals import FUNDAMENTALS
from market_assets.domain.companies.listings import LISTINGS
from market_assets.domain.companies.rows import IDENTITY_CHANGES
from market_assets.domain.data_quality import DATA_QUALITY
from market_assets.domain.holdings.agreement import SOUTHBOUND_HOLDINGS
from market_assets.domain.holdings.movers import MOVERS
from market_assets.domain.holdings.newcomers import NEW_HOLDINGS
from market_assets.domain.quotes.quality import VOLUME_DATA_QUALITY
from market_assets.domain.quotes.reconcile import DAILY_QUOTES, DISAGREEMENTS
from market_assets.domain.refusals import REFUSED
from market_assets.domain.volume.alerts import VOLUME_ALERTS
from market_assets.domain.volume.analysis import VOLUME_ANALYSIS
from market_assets.domain.volume.market_summary import MARKET_VOLUME_SUMMARY
from market_assets.domain.volume.sectors import SECTOR_VOLUME_ANALYSIS
from market_assets.warehouse.company_views import adjusted_quotes_view
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
    NULL::DATE AS previous_last_seen, NULL::VARCHAR AS previous_name
FROM hkex.southbound_holdings WHERE day(session) = 2;
CREATE TABLE hkex.holdings_data_quality AS SELECT source, session, 2::BIGINT AS stated,
    0::BIGINT AS put_aside, 1.0::DOUBLE AS agreement, 0.0::DOUBLE AS freshness_hours,
    1.0::DOUBLE AS score, NULL::VARCHAR AS issues
FROM (SELECT DISTINCT source, session FROM hkex.southbound_holdings);
CREATE TABLE quality.disagreements (ticker VARCHAR, session DATE, field VARCHAR, source VARCHAR,
    value DOUBLE, chosen DOUBLE, difference DOUBLE, capture_id VARCHAR);
INSERT INTO quality.disagreements SELECT ticker, session, 'volume', 'cdg_capital', 2e4, 1e4,
    1.0, 'abc'
FROM casablanca.daily_quotes WHERE ticker = 'ATW';
CREATE TABLE quality.quarantine (asset VARCHAR, source VARCHAR, session DATE, ticker VARCHAR,
    capture_id VARCHAR, kind VARCHAR, reason VARCHAR, text VARCHAR);
INSERT INTO quality.quarantine SELECT 'casablanca/' || s.source || '_quotes', s.source, session,
    ticker, 'abc', 'row', 'no price', 'ATW | | -'
FROM casablanca.daily_quotes, unnest(['medias24', 'medias24', 'cdg_capital']) s(source)
WHERE ticker = 'ATW';
"""
OTHERS = """
CREATE SCHEMA central_bank; CREATE SCHEMA companies; CREATE SCHEMA africa;
CREATE TABLE central_bank.exchange_rates AS SELECT c.currency, 1::INTEGER AS unit_count,
    session AS reference_date, 10.0::DOUBLE AS mid, NULL::DOUBLE AS bid, NULL::DOUBLE AS ask,
    'reference' AS kind, confidence, 'bkam' AS source, 'bkam+bkam_api' AS sources, capture_id,
    known_at FROM casablanca.daily_quotes, unnest(['EUR', 'USD']) c(currency) WHERE ticker = 'ATW';
CREATE TABLE central_bank.indicators AS SELECT i.id AS indicator_id, 'MONIA' AS name,
    'percent' AS unit, 'business_day' AS frequency, session AS reference_date,
    2.2::DOUBLE AS value, session AS publication_date, confidence, 'bkam' AS source,
    'bkam' AS sources, capture_id, known_at
FROM casablanca.daily_quotes, unnest(['monia.rate', 'interbank.rate']) i(id) WHERE ticker = 'ATW';
CREATE TABLE central_bank.policy_rate AS SELECT session AS reference_date, 2.25::DOUBLE AS rate,
    0.0::DOUBLE AS reserve_ratio, 0.0::DOUBLE AS reserve_remuneration, 0.0::DOUBLE AS change,
    confidence, 'bkam' AS source, capture_id, known_at
    FROM casablanca.daily_quotes WHERE ticker = 'ATW';
CREATE TABLE central_bank.banking_metrics AS SELECT session AS reference_date, dimension,
    indicator_id, 'Credit' AS name, 5.0::DOUBLE AS value, 0.5::DOUBLE AS share,
    0.1::DOUBLE AS yearly_change, confidence, 'bkam_series' AS source, capture_id, known_at
FROM casablanca.daily_quotes, (VALUES ('object', 'credit.object.cash'), ('total', 'credit.total'))
    d(dimension, indicator_id) WHERE ticker = 'ATW' AND day(session) = 31;
CREATE TABLE central_bank.data_quality AS FROM hkex.holdings_data_quality;
CREATE TABLE africa.data_quality AS FROM hkex.holdings_data_quality;
CREATE TABLE companies.listings AS SELECT session, mic, ticker, isin, name, sector,
    'Banks' AS icb_sector, 'Principal A' AS compartment, 5::BIGINT AS shares, session AS shares_on,
    1.0::DOUBLE AS shares_split_by, CASE WHEN number = 1 THEN 'suspended' ELSE 'listed' END
    AS status, '' AS symbols, 'casablanca_bourse' AS source, capture_id, known_at
FROM casablanca.daily_quotes JOIN (VALUES ('ATW', 0), ('IAM', 1), ('RDS', 2)) l(ticker, number)
    USING (ticker);
CREATE TABLE companies.fundamentals AS SELECT mic, ticker, session, status, close, turnover,
    1.0::DOUBLE AS split_factor, 5::BIGINT AS shares, market_cap,
    'casablanca_bourse' AS market_cap_source, market_cap AS market_cap_computed,
    market_cap AS market_cap_stated, 0.1::DOUBLE AS turnover_velocity_20,
    0.2::DOUBLE AS turnover_velocity_52w, 12.0::DOUBLE AS high_52w, 9.0::DOUBLE AS low_52w,
    12.0::DOUBLE AS high_52w_stated, 9.0::DOUBLE AS low_52w_stated, 7.5::DOUBLE AS ytd,
    1.0::DOUBLE AS ytd_base, 7.5::DOUBLE AS ytd_stated, currency, close_confidence,
    turnover_confidence, capture_id, capture_id AS market_cap_capture_id,
    capture_id AS shares_capture_id FROM casablanca.daily_quotes;
CREATE TABLE companies.identity_changes AS SELECT 'XCAS' AS mic, 'ATW' AS ticker, 'split' AS kind,
    DATE '2026-11-10' AS effective, NULL::VARCHAR AS old, NULL::VARCHAR AS new,
    2.0::DOUBLE AS factor, 'invented' AS evidence;
CREATE TABLE africa.daily_quotes AS SELECT * REPLACE ('XNSA' AS mic, 'NGN' AS currency,
    'ngx' AS source, 'ngx+afx' AS sources) FROM casablanca.daily_quotes;
CREATE TABLE africa.listings AS SELECT session, 'XNSA' AS mic, 'DANGCEM' AS ticker,
    NULL::VARCHAR AS isin, 'Dangote Cement' AS name, 'INDUSTRIAL GOODS' AS sector,
    'Industrials' AS icb_sector FROM casablanca.daily_quotes WHERE ticker = 'ATW';
CREATE TABLE africa.ngx_african_listings AS SELECT mic, ticker, isin, name, sector,
    'ngx' AS source, 'abc' AS capture_id, TIMESTAMPTZ '2026-11-20 19:30:00Z' AS known_at, session
FROM africa.listings;
CREATE TABLE africa.cross_market AS SELECT session AS as_of, m.mic, k.measure,
    number::DOUBLE AS value, k.currency, 1.0::DOUBLE AS local_value, 'NGN' AS local_currency,
    3::BIGINT AS lines, session, NULL::DATE AS base_session, 0::BIGINT AS age_days,
    0::BIGINT AS oldest_age_days,
    1.0::DOUBLE AS rate, 0::BIGINT AS rate_age_days, 'NGN>USD' AS rate_path
FROM (SELECT DISTINCT session FROM casablanca.daily_quotes), unnest(['XCAS', 'XJSE']) m(mic),
    (VALUES (1, 'market_cap', 'USD'), (2, 'market_cap', 'MAD'), (3, 'breadth', NULL))
    k(number, measure, currency);
"""
MARTS_SCHEMAS = {
    "casablanca.daily_quotes": DAILY_QUOTES,
    "casablanca.volume_analysis": VOLUME_ANALYSIS,
    "casablanca.volume_alerts": VOLUME_ALERTS,
    "casablanca.market_volume_summary": MARKET_VOLUME_SUMMARY,
    "casablanca.sector_volume_analysis": SECTOR_VOLUME_ANALYSIS,
    "casablanca.volume_data_quality": VOLUME_DATA_QUALITY,
    "hkex.southbound_holdings": SOUTHBOUND_HOLDINGS,
    "hkex.movers": MOVERS,
    "hkex.new_holdings": NEW_HOLDINGS,
    "hkex.holdings_data_quality": DATA_QUALITY,
    "central_bank.exchange_rates": EXCHANGE_RATES,
    "central_bank.indicators": INDICATORS,
    "central_bank.policy_rate": POLICY_RATE,
    "central_bank.banking_metrics": BANKING_METRICS,
    "companies.listings": {"session": pl.Date, **LISTINGS},
    "companies.fundamentals": FUNDAMENTALS,
    "companies.identity_changes": IDENTITY_CHANGES,
    "africa.daily_quotes": DAILY_QUOTES,
    "africa.listings": {"session": pl.Date, **LISTED},
    "africa.cross_market": CROSS_MARKET,
    "quality.disagreements": DISAGREEMENTS,
    "quality.quarantine": {"asset": pl.String, **REFUSED},
}
"""What each table is declared to have."""
VIEWS = (
    adjusted_quotes_view(
        schema="companies", quotes="casablanca.daily_quotes", changes="companies.identity_changes"
    ),
)
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
        views=VIEWS,
    )
