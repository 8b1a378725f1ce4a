"""The code location: every asset is described, owned and grouped, and leads where it should."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from market_assets.defs import instance
from market_assets.defs.casablanca.analytics import volume_alerts
from market_assets.defs.instance import CONFIG, HOME, instance_home
from market_assets.defs.location import code_location
from market_assets.defs.markets import AFRICA, CASABLANCA, CENTRAL_BANK, COMPANIES, HKEX, Market
from market_assets.defs.platform import Platform
from market_assets.defs.tables import SessionTables
from market_assets.defs.window import SessionWindow
from market_assets.settings import Settings, read_settings
from market_assets.sources.registry import source
from market_assets_tests.built import LAST, Built, copied

ROOT = Path(__file__).parents[2]
SOURCES = (
    "casablanca_bourse",
    "cdg_capital",
    "wafabourse",
    "bmce_capital",
    "medias24",
    "tradingview",
    "investing",
    "african_markets",
    "yahoo",
)
SAID = {f"casablanca/{name}_quotes" for name in SOURCES}
CASABLANCA_LINEAGE: dict[str, set[str]] = {
    **{f"raw/{name}": set() for name in SOURCES},
    **{f"casablanca/{name}_quotes": {f"raw/{name}"} for name in SOURCES},
    "casablanca/daily_quotes": SAID,
    "quality/disagreements": SAID,
    "casablanca/volume_data_quality": SAID,
    "casablanca/volume_analysis": {"casablanca/daily_quotes"},
    "casablanca/volume_alerts": {"casablanca/volume_analysis"},
    "casablanca/volume_trends": {"casablanca/daily_quotes"},
    "casablanca/sector_volume_analysis": {"casablanca/daily_quotes", "casablanca/volume_analysis"},
    "casablanca/market_volume_summary": {"casablanca/daily_quotes"},
    "published/casablanca": {
        "casablanca/daily_quotes",
        "quality/disagreements",
        "casablanca/volume_data_quality",
        "casablanca/volume_analysis",
        "casablanca/volume_alerts",
        "casablanca/volume_trends",
        "casablanca/sector_volume_analysis",
        "casablanca/market_volume_summary",
    },
    "report/volume": {"casablanca/daily_quotes", "casablanca/volume_analysis"},
}
HOLDERS = ("hkex_southbound", "sse_southbound", "szse_southbound")
BESIDE = {
    "hkex_participants": "participant_holdings",
    "hkex_securities": "securities",
    "hkex_northbound": "northbound_holdings",
}
HELD = {*(f"hkex/{name}_statements" for name in HOLDERS), "hkex/participant_holdings"}
HKEX_LINEAGE: dict[str, set[str]] = {
    **{f"raw/{name}": set() for name in (*HOLDERS, *BESIDE)},
    **{f"hkex/{name}_statements": {f"raw/{name}"} for name in HOLDERS},
    **{f"hkex/{table}": {f"raw/{name}"} for name, table in BESIDE.items()},
    "hkex/southbound_holdings": HELD,
    "quality/holding_disagreements": HELD,
    "hkex/holdings_data_quality": HELD,
    "hkex/holding_deltas": {"hkex/southbound_holdings"},
    "hkex/movers": {"hkex/southbound_holdings", "hkex/holding_deltas"},
    "hkex/southbound_breadth": {"hkex/holding_deltas"},
    "hkex/new_holdings": {"hkex/southbound_holdings"},
    "hkex/holding_streaks": {"hkex/southbound_holdings", "hkex/holding_deltas"},
    "hkex/southbound_eligibility": {
        "hkex/sse_southbound_statements",
        "hkex/szse_southbound_statements",
    },
    "hkex/participant_concentration": {"hkex/participant_holdings"},
    "published/hkex": {
        "hkex/southbound_holdings",
        "quality/holding_disagreements",
        "hkex/holdings_data_quality",
        "hkex/holding_deltas",
        "hkex/movers",
        "hkex/southbound_breadth",
        "hkex/new_holdings",
        "hkex/holding_streaks",
        "hkex/southbound_eligibility",
        "hkex/participant_concentration",
        "hkex/securities",
        "hkex/northbound_holdings",
    },
}
BANK = {
    "bkam_api": ("exchange_rates", "treasury_curve"),
    "bkam": ("exchange_rates", "observations", "treasury_curve"),
    "bkam_seldom": ("observations",),
    "bkam_series": ("observations",),
}
AGREED = ("exchange_rates", "treasury_curve", "observations")
OF_INDICATORS = ("indicator_status", "policy_rate", "interbank_rate", "monia", "lending_rates")
OF_INDICATORS += ("interventions", "reserve_assets", "monetary_aggregates", "banking_metrics")
SAID_OF = {
    subject: {f"central_bank/{name}_{subject}" for name, said in BANK.items() if subject in said}
    for subject in AGREED
}
DISSENT = {f"quality/{subject}_disagreements" for subject in AGREED}
CENTRAL_BANK_LINEAGE: dict[str, set[str]] = {
    **{f"raw/{name}": set() for name in BANK},
    **{f"central_bank/{n}_{subject}": {f"raw/{n}"} for n, said in BANK.items() for subject in said},
    **{f"central_bank/{subject}": SAID_OF[subject] for subject in AGREED},
    **{f"quality/{subject}_disagreements": SAID_OF[subject] for subject in AGREED},
    "central_bank/indicators": {f"central_bank/{subject}" for subject in AGREED},
    **{f"central_bank/{table}": {"central_bank/indicators"} for table in OF_INDICATORS},
    "central_bank/page_tables": {"raw/bkam", "raw/bkam_seldom"},
    "central_bank/data_quality": DISSENT,
    "published/central_bank": {
        *DISSENT,
        *(f"central_bank/{table}" for table in (*AGREED, *OF_INDICATORS)),
        "central_bank/indicators",
        "central_bank/page_tables",
        "central_bank/data_quality",
    },
}
EXCHANGES = ("ngx", "egx_beta", "african_lists", "afx")
BANKS = ("ecb", "sarb", "cbn", "bceao", "cbe")
LISTED = ("african_listings", "african_quotes")
QUOTED = {f"africa/{name}_{subject}" for name in EXCHANGES for subject in LISTED}
RATED = {f"africa/{name}_rates" for name in BANKS}
COMPARED = ("market_returns", "cross_market", "sector_weights", "market_correlations")
RECONCILED = {"africa/daily_quotes", "africa/listings", "africa/data_quality"}
RECONCILED |= {"quality/african_disagreements"}
AFRICA_LINEAGE: dict[str, set[str]] = {
    **{f"raw/{name}": set() for name in (*EXCHANGES, *BANKS)},
    **{f"africa/{n}_{subject}": {f"raw/{n}"} for n in EXCHANGES for subject in LISTED},
    **{f"africa/{name}_rates": {f"raw/{name}"} for name in BANKS},
    **dict.fromkeys(RECONCILED, QUOTED | RATED),
    "africa/quoted_rates": RATED | {"central_bank/exchange_rates"},
    "africa/fx_rates": {"africa/quoted_rates"},
    **{
        f"africa/{table}": {
            "africa/daily_quotes",
            "africa/listings",
            "africa/fx_rates",
            "casablanca/daily_quotes",
        }
        for table in COMPARED
    },
    "published/africa": {
        *RECONCILED,
        *(f"africa/{table}" for table in (*COMPARED, "quoted_rates", "fx_rates")),
    },
}
FIGURES = ("fundamentals", "sector_summary", "market_cap_distribution", "market_cap_concentration")
FIGURED = {*(f"companies/{table}" for table in FIGURES), "quality/market_cap_disagreements"}
COMPANIES_LINEAGE: dict[str, set[str]] = {
    "companies/identity_changes": set(),
    "companies/listings": {"casablanca/casablanca_bourse_quotes"},
    "quality/listing_disagreements": {"casablanca/casablanca_bourse_quotes"},
    **{
        figures: {
            "casablanca/daily_quotes",
            "companies/listings",
            "companies/identity_changes",
            "casablanca/casablanca_bourse_quotes",
            "casablanca/medias24_quotes",
            "casablanca/african_markets_quotes",
        }
        for figures in FIGURED
    },
    "published/companies": {
        *FIGURED,
        "companies/identity_changes",
        "companies/listings",
        "quality/listing_disagreements",
    },
}


def after_their_layouts(market: Market, lineage: dict[str, set[str]]) -> dict[str, set[str]]:
    """What reads pages comes after the fingerprints of the market's pages."""
    layouts = f"{market.name}/page_layouts"
    raw = {key for key in lineage if key.startswith("raw/")}
    return {layouts: raw} | {
        key: parents | {layouts} if parents & raw else parents for key, parents in lineage.items()
    }


LINEAGES = {
    CASABLANCA: after_their_layouts(CASABLANCA, CASABLANCA_LINEAGE),
    HKEX: after_their_layouts(HKEX, HKEX_LINEAGE),
    CENTRAL_BANK: after_their_layouts(CENTRAL_BANK, CENTRAL_BANK_LINEAGE),
    AFRICA: after_their_layouts(AFRICA, AFRICA_LINEAGE),
    COMPANIES: COMPANIES_LINEAGE,
}
DIGESTS = {
    "digest/hkex": {"published/hkex"},
    "digest/casablanca": {"published/casablanca"},
    "digest/weekly": {"published/casablanca", "published/hkex"},
}
"""Made from published files, as any reader would: of no month, and taking nobody's turn."""
UNDATED = "companies/identity_changes"
"""The one table that no run is about a session of."""


@pytest.fixture(scope="module")
def location(tmp_path_factory) -> dg.Definitions:
    data = tmp_path_factory.mktemp("location")
    return code_location(read_settings({"data_dir": data}), loggers=None)


@pytest.fixture(scope="module")
def graph(location: dg.Definitions) -> AssetGraph:
    return location.resolve_asset_graph()


def test_the_lineage_is_the_way_of_a_number(graph: AssetGraph):
    assert {
        key.to_user_string(): {parent.to_user_string() for parent in graph.get(key).parent_keys}
        for key in graph.get_all_asset_keys()
    } == {
        key: parents
        for lineage in (*LINEAGES.values(), DIGESTS)
        for key, parents in lineage.items()
    }


def test_every_asset_is_described_owned_grouped_and_of_a_kind(graph: AssetGraph):
    groups = set()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, key
        assert node.owners == ["team:market-data"], key
        assert node.kinds, key
        groups.add(node.group_name)
        if key.to_user_string() in DIGESTS:
            assert (node.partitions_def, node.pools) == (None, set()), key
            continue
        (market,) = (each for each, lineage in LINEAGES.items() if key.to_user_string() in lineage)
        dated = key.to_user_string() != UNDATED
        assert node.partitions_def == (market.months if dated else None), key
        assert node.pools, key
    assert groups == {
        "casablanca_captures",
        "casablanca_quotes",
        "casablanca",
        "casablanca_quality",
        "hkex_captures",
        "hkex_statements",
        "hkex",
        "hkex_quality",
        "central_bank_captures",
        "central_bank_statements",
        "central_bank",
        "central_bank_quality",
        "africa_captures",
        "africa_statements",
        "africa",
        "africa_quality",
        "companies",
        "companies_quality",
        "published",
        "digests",
    }


def test_what_writes_the_warehouse_takes_its_turn_and_each_publisher_has_its_own(
    graph: AssetGraph,
):
    for key in graph.get_all_asset_keys():
        if key.to_user_string() in DIGESTS:
            continue
        raw = key.path[0] == "raw"
        pool = urlsplit(source(key.path[1]).base_url).hostname if raw else "warehouse"
        assert graph.get(key).pools == {pool}


def test_sources_of_one_publisher_take_turns(graph: AssetGraph):
    pools = [
        graph.get(dg.AssetKey(["raw", f"hkex_{page}"])).pools
        for page in ("southbound", "participants", "securities", "northbound")
    ]
    assert pools == [{"www3.hkexnews.hk"}] * 4


def test_every_check_says_what_it_looks_for(graph: AssetGraph):
    keys = graph.asset_check_keys
    assert len({key.asset_key for key in keys}) == 9 + 8 + 13 + 13 + 13 + 6 + 9 + 6 + 4
    assert all(graph.get_check_spec(key).description for key in keys)


@pytest.mark.parametrize(
    ("market", "lineage"), [(market.name, lineage) for market, lineage in LINEAGES.items()]
)
def test_the_jobs_ask_and_build_or_only_build(location: dg.Definitions, market, lineage):
    whole, built = (
        {
            key.to_user_string()
            for key in location.resolve_job_def(name).asset_layer.executable_asset_keys
        }
        for name in (market, f"{market}_from_captures")
    )
    assert whole == lineage.keys()
    assert built == {key for key in lineage if not key.startswith("raw/")}


def test_the_location_loads_from_the_root_of_the_project(tmp_path):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MARKET_ASSETS", "DAGSTER"))}
    validated = subprocess.run(
        [Path(sys.executable).with_name("dagster"), "definitions", "validate"],
        cwd=ROOT,
        env=kept | {"MARKET_ASSETS_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert validated.returncode == 0, validated.stderr
    assert "All code locations passed validation." in validated.stdout + validated.stderr


def test_dagster_dev_reads_the_configuration_that_the_program_writes(tmp_path):
    shipped = Path(instance.__file__).with_name(CONFIG)
    assert (ROOT / CONFIG).read_text("utf-8") == shipped.read_text("utf-8")
    written = (instance_home(Settings(data_dir=tmp_path)) / CONFIG).read_text("utf-8")
    assert written.count(str(tmp_path / "dagster")) == 4  # once in a comment
    assert HOME not in written.replace(str(tmp_path), "")


def test_dagsters_state_is_under_the_data_directory_wherever_that_is_copied(tmp_path):
    home = instance_home(Settings(data_dir=tmp_path / "a"))
    assert home == tmp_path / "a/dagster"
    assert f"base_dir: {home}" in (home / "dagster.yaml").read_text("utf-8")
    (tmp_path / "a").rename(tmp_path / "b")
    moved = instance_home(Settings(data_dir=tmp_path / "b"))
    assert "/a/dagster" not in (moved / "dagster.yaml").read_text("utf-8")


def alerts(data: Path, monkeypatch, **thresholds: str) -> list[tuple[str, float, int]]:
    """The alerts of the last session, built again with these thresholds."""
    for name, value in thresholds.items():
        monkeypatch.setenv(f"MARKET_ASSETS_ALERTS__{name}", value)
    platform = Platform(Settings(data_dir=data))
    window = SessionWindow(first_session=str(LAST), last_session=str(LAST))
    result = dg.materialize(
        [volume_alerts],
        instance=dg.DagsterInstance.ephemeral(),
        partition_key=f"{LAST:%Y-%m}",
        resources={
            "platform": platform,
            "window": window,
            "io_manager": SessionTables(platform, window),
        },
    )
    assert result.success
    rows = platform.warehouse.read("casablanca.volume_alerts", first=LAST, last=LAST)
    counted = rows.group_by("alert_type", "threshold").len().sort("alert_type")
    return list(counted.iter_rows())


def test_the_thresholds_of_the_environment_decide_what_is_an_alert(
    built: Built, tmp_path, monkeypatch
):
    data = copied(built.first, tmp_path / "data")
    usual = {kind: (threshold, rows) for kind, threshold, rows in alerts(data, monkeypatch)}
    assert {kind: threshold for kind, (threshold, _) in usual.items()} == {
        "high_volume": 2.0,
        "low_volume": 0.5,
        "volume_drop": 0.3,
        "volume_spike": 3.0,
    }
    chosen = {
        kind: (threshold, rows)
        for kind, threshold, rows in alerts(
            data, monkeypatch, HIGH="1.1", LOW="0.01", SPIKE="1.2", DROP="0.9"
        )
    }
    assert chosen["volume_spike"][0] == 1.2
    assert chosen["volume_spike"][1] > usual["volume_spike"][1]
    assert chosen["volume_drop"][1] > usual["volume_drop"][1]
    assert chosen["high_volume"][1] > usual["high_volume"][1]
    assert chosen["low_volume"][1] < usual["low_volume"][1]
