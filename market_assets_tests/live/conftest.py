"""The scenes that the tests of live mode look at; each is played once."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from market_assets.calendars.sessions import (
    newest_closed_session,
    session_before,
    sessions_between,
)
from market_assets.defs import markets
from market_assets.defs.casablanca.asking import PRE_OPENING
from market_assets.defs.showing import visible_session
from market_assets.sandbox.casablanca.market import MIC, Market
from market_assets.sandbox.casablanca.mischief import DISTORTIONS, EDITS
from market_assets.sources.registry import CASABLANCA, source
from market_assets_tests.live import faults
from market_assets_tests.live.authority import Authority
from market_assets_tests.live.runs import market_assets
from market_assets_tests.live.scenes import Role, Scene, once, play

EVERYONE = tuple(known.name for known in CASABLANCA)
SESSIONS = 3
YEAR = 255
"""Sessions, of which the first is more than 360 days before the last."""


@pytest.fixture(scope="session")
def market() -> Market:
    """Another invented market than the sandbox's: its figures can only come over the sockets."""
    return Market(seed=7)


@pytest.fixture(scope="session")
def days() -> tuple[date, ...]:
    """The sessions of each scene, ascending; the last is the newest that has closed."""
    newest = newest_closed_session(MIC, datetime.now(UTC))
    return sessions_between(MIC, session_before(MIC, newest, count=SESSIONS - 1), newest)


@pytest.fixture(scope="session")
def between_sessions() -> bool:
    """Whether pages of the present without a date are asked now; not while the market trades."""
    return (
        visible_session(
            markets.CASABLANCA, source("tradingview"), datetime.now(UTC), pre_opening=PRE_OPENING
        )
        is not None
    )


@pytest.fixture(scope="session")
def stage(tmp_path_factory, worker_id) -> Path:
    """A folder that all processes of this test run share."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "live"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def well(stage, market) -> Scene:
    """Nobody has a fault."""
    roles = dict.fromkeys(EVERYONE, Role(market=market))
    return once(stage, "well", lambda folder: play(folder, roles, "--days", SESSIONS))


@pytest.fixture(scope="session")
def refused(stage, market) -> Scene:
    """The exchange is right; the others refuse, or send something else than their page."""
    roles = {
        "casablanca_bourse": Role(market=market),
        "cdg_capital": Role(market=market, fault=faults.always(faults.text("Oops", status=500))),
        "wafabourse": Role(market=market, fault=faults.always(faults.CLOUDFLARE)),
        "bmce_capital": Role(market=market, fault=faults.always(faults.MAINTENANCE)),
        "medias24": Role(market=market, fault=faults.always(faults.HOME_PAGE)),
        "investing": Role(market=market, fault=faults.first(faults.too_many(retry_after="2"))),
        "african_markets": Role(market=market, fault=faults.first(faults.too_many())),
        "yahoo": Role(
            market=market, fault=faults.always(faults.text("Too Many Requests", status=200))
        ),
    }
    return once(stage, "refused", lambda folder: play(folder, roles, "--days", SESSIONS))


@pytest.fixture(scope="session")
def wrong(stage, market) -> Scene:
    """The exchange is right, once asked twice; the others state wrong figures and characters."""
    roles = {
        "casablanca_bourse": Role(market=market, fault=faults.first(faults.BROKEN_GZIP)),
        "cdg_capital": Role(market=market.told(faults.doubled_and_unlisted)),
        "wafabourse": Role(market=market.told(faults.shares_for_money)),
        "bmce_capital": Role(market=market, fault=faults.edited(faults.latin)),
        "medias24": Role(market=market, fault=faults.edited(faults.french_numbers)),
        "investing": Role(market=market.told(lambda truth: DISTORTIONS["money"](truth, market))),
        "african_markets": Role(market=market, fault=faults.edited(EDITS["locale"])),
    }
    return once(stage, "wrong", lambda folder: play(folder, roles, "--days", SESSIONS))


@pytest.fixture(scope="session")
def headless(stage, market) -> Scene:
    """The exchange shows its home page for everything, and of the others only two are right."""
    roles = {
        "casablanca_bourse": Role(market=market, fault=faults.always(faults.HOME_PAGE)),
        "cdg_capital": Role(market=market),
        "wafabourse": Role(market=market),
        "bmce_capital": Role(market=market),
        "medias24": Role(market=market, fault=faults.always(faults.text("", status=200))),
        "investing": Role(market=market, fault=faults.edited(faults.torn)),
        "african_markets": Role(market=market, fault=faults.copied_from_cdg(market)),
    }
    return once(stage, "headless", lambda folder: play(folder, roles, "--days", SESSIONS))


@pytest.fixture(scope="session")
def fenced(stage, market, authority) -> Scene:
    """robots.txt of all kinds, a certificate of an unknown authority, intervals and a budget."""
    forbidding = faults.robots("User-agent: *", "Disallow: /")
    by_name = faults.robots("User-agent: market-assets", "Disallow: /api/financialdata")
    roles = {
        "casablanca_bourse": Role(market=market, tls=authority.context()),
        "cdg_capital": Role(market=market, robots=faults.text("none here", status=404)),
        "wafabourse": Role(market=market, robots=faults.robots("User-agent: *", "Disallow: /api/")),
        "bmce_capital": Role(market=market, robots=forbidding),
        "medias24": Role(market=market),
        "investing": Role(market=market, robots=by_name),
        "african_markets": Role(market=market, robots=faults.text("Oops", status=500)),
        "yahoo": Role(market=market, robots=faults.text("no", status=403)),
    }
    limits = {"DAILY_REQUESTS": 5, "SOURCES__MEDIAS24__MIN_INTERVAL": 0.3}
    return once(stage, "fenced", lambda folder: play(folder, roles, "--days", SESSIONS, **limits))


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    """One for this process: only the scene that needs it plays with it."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    authority.issue()
    return authority


@pytest.fixture(scope="session")
def trusted(stage, market, authority) -> Scene:
    """The exchange alone, its authority added, asked for more than a year."""
    roles = {"casablanca_bourse": Role(market=market, tls=authority.context())}
    return once(
        stage,
        "trusted",
        lambda folder: play(folder, roles, "--days", YEAR, CA_BUNDLE=authority.pem),
    )


@pytest.fixture(scope="session")
def down(stage, market, well) -> Scene:
    """After a good run all nine are asked again, and all refuse."""
    roles = dict.fromkeys(EVERYONE, Role(market=market, fault=faults.always(faults.CLOUDFLARE)))

    def played(folder: Path) -> Scene:
        shutil.copytree(well.data_dir, folder, symlinks=True)
        return play(folder, roles, "--days", SESSIONS, "--again")

    return once(stage, "down", played)


@pytest.fixture(scope="session")
def beside(stage, well) -> Path:
    """The data of a live run, and those of a sandbox run beside them."""

    def played(folder: Path) -> Path:
        shutil.copytree(well.data_dir, folder, symlinks=True)
        market_assets(
            "run", "--market", "casablanca", "--days", 1, "--data-dir", folder, environment={}
        ).check_returncode()
        return folder

    return once(stage, "beside", played)
