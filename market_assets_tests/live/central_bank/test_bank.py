"""Bank Al-Maghrib's site and API over real sockets: its rules first, a key that stays nowhere."""

import gzip
import re
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from market_assets.defs.captures import asked_source
from market_assets.defs.central_bank.asking import ASKING
from market_assets.defs.markets import CENTRAL_BANK
from market_assets.defs.platform import Platform
from market_assets.defs.window import Window
from market_assets.sandbox.central_bank.bkam_api import KEYS
from market_assets.sandbox.central_bank.figures import Figures
from market_assets.sandbox.central_bank.moment import Moment
from market_assets.sandbox.central_bank.world import FORMATS
from market_assets.sandbox.messages import Question
from market_assets.settings import read_settings
from market_assets.sources.central_bank.bkam_api import CURVE
from market_assets.sources.registry import source
from market_assets_tests.built_central_bank import central_bank, known

FIGURES = Figures(seed=7)
"""Another invented bank than the sandbox's: its figures can only come over the sockets."""


@dataclass
class Bank:
    """Its site and its API on one port, and the paths that they were asked for, in order."""

    server: HTTPServer
    robots: str = "User-agent: *\nAllow: /\n"
    asked: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile(".*")).respond_with_handler(self._respond)

    def settings(self, **keys: str) -> dict[str, str]:
        """Live mode that asks its daily pages and its API here, and nobody else."""
        chosen = {"WEB": "live", "CONTACT": "desk@example.org"}
        for each in CENTRAL_BANK.sources:
            prefix = f"SOURCES__{each.name.upper()}__"
            chosen[f"{prefix}ENABLED"] = str(each.name in {"bkam", "bkam_api"}).lower()
            chosen[f"{prefix}BASE_URL"] = self.server.url_for("").rstrip("/")
            chosen[f"{prefix}MIN_INTERVAL"] = "0"
        return chosen | keys

    def _respond(self, request: Request) -> Response:
        self.asked.append(request.path)
        if request.path == "/robots.txt":
            return Response(self.robots, mimetype="text/plain")
        question = Question(
            method=request.method,
            path=request.path,
            query=request.args.to_dict(),
            headers={name.lower(): value for name, value in request.headers},
        )
        name = "bkam_api" if "/api/" in request.path else "bkam"
        said = FORMATS[name](question, Moment(now=datetime.now(UTC), figures=FIGURES))
        return Response(said.body, said.status, content_type=said.media_type)


def archived(data: Path) -> list[bytes]:
    """All that the archive keeps, unpacked."""
    return [gzip.decompress(file.read_bytes()) for file in data.rglob("*.warc.gz")]


def test_page_and_api_agree_and_the_key_is_kept_nowhere(httpserver, tmp_path):
    assert KEYS.exchange
    bank = Bank(httpserver)
    settings = bank.settings(CENTRAL_BANK__EXCHANGE_KEY=KEYS.exchange)
    done = central_bank("--days", 2, data=tmp_path, **settings)
    assert done.status == 0, done.out
    unasked = [line for line in done.out.splitlines() if line.startswith("not asked: ")]
    assert unasked == [
        f"not asked: {name}; MARKET_ASSETS_SOURCES__{name.upper()}__ENABLED switches it on"
        for name in ("bkam_seldom", "bkam_series")
    ]
    assert bank.asked[0] == "/robots.txt"
    assert CURVE not in bank.asked  # there is no key of that product
    columns = ("currency", "reference_date", "mid", "sources")
    rates = known(tmp_path, columns, "exchange_rates WHERE kind = 'reference'", mode="live")
    for day in set(rates["reference_date"]):
        told = rates.filter(pl.col("reference_date") == day)
        mids = FIGURES.reference(day)
        mids["MRU"] = mids.pop("MRO")
        assert dict(told.select("currency", "mid").rows()) == mids
    assert "bkam_api+bkam" in set(rates["sources"])
    kept = archived(tmp_path)
    assert any(b"CoursVirement" in record for record in kept)
    assert not any(KEYS.exchange.encode() in record for record in kept)
    others = [file for file in tmp_path.rglob("*") if file.is_file() and file.suffix != ".gz"]
    assert not any(KEYS.exchange.encode() in file.read_bytes() for file in others)
    assert KEYS.exchange not in done.out + done.err


def test_a_site_whose_rules_forbid_its_pages_is_asked_no_page_nor_an_api_without_a_key(
    httpserver, tmp_path
):
    bank = Bank(httpserver, robots="User-agent: *\nDisallow: /\n")
    here = {"base_url": httpserver.url_for("").rstrip("/"), "min_interval": 0}
    live = {"web": "live", "contact": "desk@example.org", "sources": {"bkam": here}}
    platform = Platform(read_settings({"data_dir": tmp_path, **live}))
    newest = Window(sessions=(CENTRAL_BANK.newest(datetime.now(UTC)),))
    with closing(platform.archive):
        pages, api = (
            asked_source(platform, source(name), newest, ASKING) for name in ("bkam", "bkam_api")
        )
    assert (pages.captures, len(pages.failures)) == (0, 1)
    assert "Disallowed" in pages.failures[0]
    assert (api.talks, api.failures) == (0, [])
    assert set(bank.asked) == {"/robots.txt"}
