"""What a page about the central bank can be about, the schema of its rows and the key of one."""

from market_assets.domain.central_bank import rows

SUBJECTS = {
    "exchange_rates": rows.EXCHANGE_RATES,
    "treasury_curve": rows.TREASURY_CURVE,
    "observations": rows.OBSERVATIONS,
}
KEYS = {
    "exchange_rates": ("currency", "reference_date", "kind"),
    "treasury_curve": ("maturity_date", "reference_date"),
    "observations": ("indicator_id", "reference_date"),
}
"""What a row of each subject is about."""
