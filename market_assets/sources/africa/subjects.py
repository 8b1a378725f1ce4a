"""What a page about the neighbouring exchanges can be about, and the schema of its rows."""

from market_assets.domain.africa import rows
from market_assets.domain.currencies.rows import RATES

SUBJECTS = {
    "african_quotes": rows.AFRICAN_QUOTES,
    "african_listings": rows.AFRICAN_LISTINGS,
    "rates": RATES,
}
