"""What a page about Stock Connect can be about, and the schema of its rows."""

from market_assets.domain.holdings import rows

SUBJECTS = {
    "holdings": rows.HOLDINGS,
    "northbound_holdings": rows.NORTHBOUND,
    "eligible_lists": rows.ELIGIBLE,
    "securities": rows.SECURITIES,
    "participant_holdings": rows.PARTICIPANTS,
    "participant_summaries": rows.PARTICIPANT_SUMMARY,
}
