"""What a publisher's terms hold back leaves in no file, and is said."""

import polars as pl

from market_assets.settings import SourceSettings, read_settings
from market_assets_tests.serving.api.conftest import running

HELD = {"medias24": SourceSettings(redistribute=False)}


def test_rows_leave_as_a_file_only_where_all_their_sources_allow_it(marts):
    with running(marts, {}, sources=HELD) as api:
        answer = api.get("/quotes/ATW?format=csv")
        assert pl.read_csv(answer.content)["sources"].to_list() == ["cdg_capital"]
        assert answer.headers["X-Warnings"] == (
            "29 rows withheld: their sources may not be redistributed"
        )
        assert len(api.rows("/quotes/ATW")) == 30


def test_a_table_without_sources_leaves_only_where_all_behind_it_allow_it(marts):
    with running(marts, {}, sources=HELD) as api:
        answer = api.get("/volume/ATW?format=parquet")
        assert answer.status_code == 403
        assert "medias24 may not leave as a file" in answer.json()["detail"]
        assert "MARKET_ASSETS_SOURCES__MEDIAS24__REDISTRIBUTE" in answer.json()["detail"]
        assert api.get("/hkex/movers?format=csv").status_code == 200
        trail = api.get("/provenance/casablanca.volume_analysis/ATW/2026-11-20?format=csv")
        assert "withheld" in trail.headers["X-Warnings"]


def test_what_is_live_leaves_only_where_a_setting_says_so():
    sandbox, live = read_settings({}), read_settings({"web": "live"})
    opened = read_settings({"web": "live", "sources": {"yahoo": {"redistribute": True}}})
    assert sandbox.redistributes("yahoo")
    assert not live.redistributes("yahoo")
    assert opened.redistributes("yahoo")
    assert not opened.redistributes("medias24")
