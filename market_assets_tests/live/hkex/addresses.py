"""Settings of a live run whose publishers are all on loopback."""

from pytest_httpserver import HTTPServer

from market_assets.sandbox.hkex.world import FORMATS

LIVE = {"WEB": "live", "CONTACT": "desk@example.org"}


def everybody_at(server: HTTPServer) -> dict[str, str]:
    """Live mode that would ask everybody here; whom it asks is what the sources declare."""
    chosen = dict(LIVE)
    for name in FORMATS:
        chosen[f"SOURCES__{name.upper()}__BASE_URL"] = server.url_for("").rstrip("/")
        chosen[f"SOURCES__{name.upper()}__MIN_INTERVAL"] = "0"
    return chosen


def only(*sources: str) -> dict[str, str]:
    """The switches by which these are asked and no others."""
    return {f"SOURCES__{name.upper()}__ENABLED": str(name in sources).lower() for name in FORMATS}
