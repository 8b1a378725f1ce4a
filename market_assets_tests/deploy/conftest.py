"""What the API and the command line tell Prometheus, over a small published file."""

import re

import pytest

from market_assets_tests.built import invoked
from market_assets_tests.serving.api.conftest import running
from market_assets_tests.serving.api.tables import MARTS, made


def names(text: str) -> set[str]:
    """The samples' names, also of metrics that have no sample now."""
    found: set[str] = set()
    for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE):
        found |= (
            {f"{name}{e}" for e in ("_bucket", "_sum", "_count")} if kind == "histogram" else {name}
        )
    return found


@pytest.fixture(scope="session")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    data = tmp_path_factory.mktemp("told")
    made(data, MARTS)
    with running(data, {}) as api:
        api.get("/quotes/ATW")
        text = api.get("/metrics").text
    told = invoked("status", "--prometheus", "--data-dir", data)
    assert told.status in {0, 1}, told.err
    assert 'market_assets_quality_score{market="casablanca"} 0.5' in text
    assert 'market_assets_quality_score{market="casablanca"} 0.5' in told.out
    return {"api": names(text), "status": names(told.out)}
