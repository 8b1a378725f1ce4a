"""The program as it is installed, and what it tells Prometheus over a small published file."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from market_assets_tests.built import invoked
from market_assets_tests.serving.api.conftest import running
from market_assets_tests.serving.api.tables import MARTS, made

DEPLOY = Path(__file__).parents[2] / "deploy"


def instructions() -> list[list[str]]:
    """The container file, an instruction a line, in words."""
    text = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    return [line.split() for line in text.splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, built as the container file says: from the same files, by the same commands."""
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("no uv on this machine: pip install uv")
    app = tmp_path_factory.mktemp("app")
    own = {key: each for key, each in os.environ.items() if key != "VIRTUAL_ENV"}
    for word, *rest in instructions():
        if word == "COPY" and not rest[0].startswith("--from"):
            for source in map((DEPLOY.parent).joinpath, rest[:-1]):
                if source.is_dir():
                    shutil.copytree(source, app / rest[-1])
                else:
                    shutil.copy(source, app / rest[-1])
        elif word == "RUN" and rest[0] == "uv":
            command = [uv, *rest[1:], "--quiet", "--python", sys.executable]
            subprocess.run(command, cwd=app, env=own, check=True)
    for left in ("README.md", "market_assets"):  # in the image is the environment alone
        shutil.move(app / left, tmp_path_factory.mktemp("left"))
    return app / ".venv/bin/market-assets"


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
