"""What this program calls itself to publishers, in robots.txt and in its files."""

from functools import cache
from importlib.metadata import version

PRODUCT = "market-assets"


@cache
def product() -> str:
    """The name with its version."""
    return f"{PRODUCT}/{version(PRODUCT)}"
