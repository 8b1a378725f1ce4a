"""``python -m market_assets.cli``."""

from market_assets.cli.app import app

app()
