"""What digests read beside the tables that the API is tried with."""

from market_assets_tests.serving.api.tables import MARTS

DIGESTED = f"""{MARTS}
UPDATE casablanca.daily_quotes SET close = 11.0
    WHERE session = DATE '2026-11-20' AND ticker = 'ATW';
UPDATE casablanca.market_volume_summary SET total_turnover = 8.0
    WHERE session = DATE '2026-11-09';
UPDATE casablanca.daily_quotes SET close = NULL
    WHERE session = DATE '2026-11-20' AND ticker = 'RDS';
INSERT INTO hkex.new_holdings BY NAME SELECT DATE '2026-11-20' AS session, '02918' AS code,
    '<b>BOLD & CO' AS name, 1234567::BIGINT AS shares, 16.57::DOUBLE AS percent,
    'first' AS entry, 'code_change_suspect' AS status, '00700' AS replaces,
    session AS first_seen;
CREATE TABLE hkex.southbound_breadth AS SELECT session, 277::BIGINT AS rising,
    303::BIGINT AS falling, 15::BIGINT AS unchanged, 0::BIGINT AS new, 0::BIGINT AS exited,
    0::BIGINT AS suspect, 0::BIGINT AS base_missing, sum(shares)::BIGINT AS total_shares
    FROM hkex.southbound_holdings GROUP BY session;
CREATE TABLE hkex.southbound_eligibility AS SELECT DATE '2026-11-20' AS session, channel,
    '03406' AS code, 'PA TECHSELECT' AS name, 'added' AS change, DATE '2026-11-06' AS list_before
    FROM unnest(['shenzhen', 'shanghai']) c(channel);
CREATE TABLE quality.holding_disagreements (code VARCHAR, session DATE, field VARCHAR,
    source VARCHAR, value DOUBLE, chosen DOUBLE, difference DOUBLE, capture_id VARCHAR);
CREATE TABLE casablanca.index_history AS SELECT 'MASI' AS index, session,
    12000.0 + day(session)::DOUBLE AS close
    FROM (SELECT DISTINCT session FROM casablanca.daily_quotes);
"""
LONG_AGO = DIGESTED.replace("2026-11-20", "2026-10-20")
"""The same, but a month before: late whenever it is looked at."""
