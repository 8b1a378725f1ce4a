"""The closing table tells a source that did not serve all sessions from one that did."""

from datetime import date

import duckdb

from market_assets.commands.closings import CLOSINGS

FUNDAMENTALS = """
CREATE SCHEMA companies;
CREATE TABLE companies.fundamentals AS
FROM (VALUES (DATE '2026-11-09', 'a'), (DATE '2026-11-10', 'a'), (DATE '2026-11-10', 'b'),
             (DATE '2026-11-11', 'b'), (DATE '2026-11-12', NULL), (DATE '2026-11-13', 'b'))
    AS rows (session, market_cap_source)
"""


def test_whose_market_caps_stand_is_told_of_all_the_sessions_of_the_run():
    bounds = {"first": date(2026, 11, 9), "last": date(2026, 11, 12)}
    with duckdb.connect() as connection:
        connection.execute(FUNDAMENTALS)
        told = connection.execute(CLOSINGS["companies"].answered, bounds).fetchall()
    assert told == [("a", 2, 4), ("b", 2, 4)]
