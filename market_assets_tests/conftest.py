"""What tests of every part share."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")


@pytest.fixture(scope="session")
def samples() -> Path:
    """Real captures, kept beside the project and never in it; skips where they are not."""
    folder = Path(__file__).parents[2] / "shared" / "samples"
    if not folder.is_dir():
        pytest.skip(f"no samples at {folder}")
    return folder
