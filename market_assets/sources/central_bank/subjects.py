"""What a page about the central bank can be about, and the schema of its rows."""

from market_assets.domain.central_bank import rows

SUBJECTS = {
    "exchange_rates": rows.EXCHANGE_RATES,
    "treasury_curve": rows.TREASURY_CURVE,
    "observations": rows.OBSERVATIONS,
}
