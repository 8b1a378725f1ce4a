"""The views over companies and their lines: adjusted series beside the raw ones."""

from market_assets.warehouse.names import table_identifier
from market_assets.warehouse.publish import View


def adjusted_quotes_view(*, schema: str, quotes: str, changes: str) -> View:
    """``adjusted_quotes`` in ``schema``: the rows of ``quotes`` ("schema.table"), splits undone.

    ``split_factor`` is the product of the factors of the line's dated splits in ``changes``
    ("schema.table") that were effective after the session. Raw columns stay as they are.
    """
    kept, known = (table_identifier(table) for table in (quotes, changes))
    prices = ", ".join(
        f"{price} / split_factor AS adjusted_{price}" for price in ("open", "high", "low", "close")
    )
    sql = f"""
        WITH factored AS (
            SELECT raw.*, coalesce((
                SELECT product(factor) FROM {known} changed
                WHERE changed.mic = raw.mic AND changed.ticker = raw.ticker
                    AND kind = 'split' AND effective > session
            ), 1.0) AS split_factor
            FROM {kept} raw
        )
        SELECT *, {prices}, volume * split_factor AS adjusted_volume FROM factored
        ORDER BY session, ticker
        """
    return View(name=f"{schema}.adjusted_quotes", sql=sql, reads=(quotes, changes))
