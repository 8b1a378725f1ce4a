"""What the neighbours' publishers say: exchanges their lines and quotes, banks their rates."""

from market_assets.defs.africa.exchanges import BANKS, QUOTING
from market_assets.defs.markets import AFRICA
from market_assets.defs.statements import statements_asset
from market_assets.sources.africa.subjects import SUBJECTS

SAID = {
    **dict.fromkeys(QUOTING, ("african_quotes", "african_listings")),
    **dict.fromkeys(BANKS, ("rates",)),
}
"""The subjects of each source."""
STATEMENTS = [statements_asset(AFRICA, source, said, SUBJECTS) for source, said in SAID.items()]
