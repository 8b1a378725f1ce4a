"""Published data of every market, the dashboard really served over them, and a browser."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from market_assets_tests.built import COMMAND, once, published, ran

DAYS = 3
UNTIL = "2026-11-20"
DISCOVERY = ("/_stcore/health", "/_stcore/host-config")
"""Where Streamlit's page first looks for its server beneath its own address, in vain."""


@dataclass
class Visit:
    """A page in the browser; ``faults`` is what its console complained of."""

    url: str
    page: Page
    faults: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """The page at ``address``, once all of it is there."""
        self.page.goto(f"{self.url}/{address}")
        self.page.locator(".foot").wait_for(state="attached", timeout=60_000)
        return self.page


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a few sessions of every market."""

    def build(root: Path) -> None:
        run = ran("run", "--days", DAYS, "--until", UNTIL, "--data-dir", root / "data")
        assert run.status == 0, run.out + run.err

    return once(tmp_path_factory, "dashboard", build) / "data"


@pytest.fixture(scope="session")
def url(data: Path) -> Iterator[str]:
    """The address of the dashboard over ``data``, served by the command."""
    yield from served(data)


def served(directory: Path) -> Iterator[str]:
    """``market-assets serve dashboard`` on any port, ended as Ctrl-C ends it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MARKET_ASSETS")}
    process = subprocess.Popen(
        [COMMAND, "serve", "dashboard", "--port", "0", "--data-dir", directory],
        env=kept,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        said = process.stdout.readline()
        assert said.startswith("Dashboard (sandbox) on http://127.0.0.1:"), said
        yield said.split()[-1]
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        pytest.skip("no chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        # Root has no sandbox of its own for a browser; all that it opens is ours.
        started = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Visit]:
    """A new visitor, whose every request must stay on this machine."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    yield visiting(context, url)
    context.close()


def visiting(context: BrowserContext, url: str) -> Visit:
    """A page of ``context`` whose faults are noted."""
    page = context.new_page()
    found = Visit(url=url, page=page)
    page.on("pageerror", lambda error: found.faults.append(str(error)))
    page.on(
        "console",
        lambda said: (
            found.faults.append(said.text)
            if said.type == "error" and not said.location["url"].endswith(DISCOVERY)
            else None
        ),
    )
    page.on(
        "request",
        lambda asked: (
            found.faults.append(f"asked {asked.url}")
            if urlsplit(asked.url).hostname not in ("127.0.0.1", None, "")
            else None
        ),
    )
    return found


def rows(directory: Path, query: str, *values: object) -> pl.DataFrame:
    """What is published, asked past the dashboard."""
    return published(directory, query, *values)
