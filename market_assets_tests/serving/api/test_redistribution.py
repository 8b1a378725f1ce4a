"""What a publisher's terms hold back leaves in no format of any endpoint, and is said."""

import io

import fastexcel
import polars as pl
import pytest

from market_assets.settings import SourceSettings, read_settings
from market_assets_tests.serving.api.conftest import running

NAME = "medias24"
HELD = {NAME: SourceSettings(redistribute=False)}
SETTING = f"MARKET_ASSETS_SOURCES__{NAME.upper()}__REDISTRIBUTE"
READ = {
    "json": lambda body: [row["sources"] for row in body.json()["data"]],
    "csv": lambda body: pl.read_csv(body.content)["sources"].to_list(),
    "parquet": lambda body: pl.read_parquet(io.BytesIO(body.content))["sources"].to_list(),
    "xlsx": lambda body: (
        fastexcel.read_excel(body.content).load_sheet("data").to_polars()["sources"].to_list()
    ),
}


@pytest.fixture(scope="module")
def held(marts):
    with running(marts, {}, sources=HELD) as service:
        yield service


@pytest.mark.parametrize("form", READ)
def test_rows_leave_only_where_all_their_sources_allow_it(held, api, form):
    answer = held.get(f"/quotes/ATW?format={form}")
    assert READ[form](answer) == ["cdg_capital"]
    if form == "json":
        assert answer.json()["meta"]["sources"] == ["cdg_capital"]
        (warning,) = answer.json()["warnings"]
    else:
        warning = answer.headers["X-Warnings"]
    assert warning == f"29 rows withheld: {NAME} may not leave; see {SETTING}"
    assert len(READ[form](api.get(f"/quotes/ATW?format={form}"))) == 30


@pytest.mark.parametrize("form", READ)
@pytest.mark.parametrize(
    "path",
    [
        *("/volume/ATW", "/volume/alerts", "/volume/market", "/volume/sectors", "/companies"),
        *("/companies/ATW", "/companies/sector/Banques", "/cross-market"),
        "/quality/disagreements",
    ],
)
def test_what_is_computed_leaves_only_where_all_sources_behind_it_allow_it(held, path, form):
    answer = held.get(f"{path}?format={form}")
    assert answer.status_code == 403, path
    assert answer.json()["detail"].startswith(f"this is computed from {NAME}, which may not leave")
    assert SETTING in answer.json()["detail"]


@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_others_said_alone_leaves_all_the_same(held, form):
    for path in ("/hkex/movers", "/exchange-rates", "/banking-metrics", "/symbols/resolve?q=atw"):
        joint = "&" if "?" in path else "?"
        assert held.get(f"{path}{joint}format={form}").status_code == 200, path


@pytest.mark.parametrize("form", ["json", "csv"])
def test_nothing_of_it_is_in_the_trail_of_a_number_or_among_what_was_put_aside(held, form):
    for path in (
        "/provenance/casablanca.volume_analysis/ATW/2026-11-20",
        "/provenance/casablanca.daily_quotes/ATW/2026-11-19",
        "/quality/quarantine",
    ):
        answer = held.get(f"{path}?format={form}")
        assert answer.status_code == 200
        assert "rows withheld" in (answer.headers.get("X-Warnings") or answer.json()["warnings"][0])
        rows = answer.json()["data"] if form == "json" else pl.read_csv(answer.content).to_dicts()
        assert rows
        assert not any(NAME in str(row.get("source")) for row in rows)


def test_what_is_live_leaves_as_a_file_only_where_a_setting_says_so():
    sandbox, live = read_settings({}), read_settings({"web": "live"})
    opened = read_settings({"web": "live", "sources": {"yahoo": {"redistribute": True}}})
    shut = read_settings({"sources": {"yahoo": {"redistribute": False}}})
    assert sandbox.redistributes("yahoo", as_file=True)
    assert live.redistributes("yahoo", as_file=False)
    assert not live.redistributes("yahoo", as_file=True)
    assert opened.redistributes("yahoo", as_file=True)
    assert not opened.redistributes("medias24", as_file=True)
    assert not shut.redistributes("yahoo", as_file=False)
