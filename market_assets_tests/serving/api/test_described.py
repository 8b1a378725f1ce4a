"""The document says what the service answers: every operation, its examples, its problems."""

import pytest

from market_assets_tests.serving.api.conftest import running

EXAMPLED = {
    "/quotes/{ticker}": "/quotes/ATW",
    "/volume/{ticker}": "/volume/ATW",
    "/volume/alerts": "/volume/alerts",
    "/volume/market": "/volume/market",
    "/volume/sectors": "/volume/sectors",
    "/hkex/holdings/{code}": "/hkex/holdings/00700",
    "/hkex/movers": "/hkex/movers",
    "/hkex/new-holdings": "/hkex/new-holdings",
    "/quality": "/quality",
    "/symbols/resolve": "/symbols/resolve?q=atw",
    "/provenance/{table}/{line}/{session}": "/provenance/casablanca.daily_quotes/ATW/2026-11-20",
}


@pytest.mark.parametrize("path", EXAMPLED)
def test_an_example_has_the_columns_of_the_answer(api, path):
    described = api.get("/openapi.json").json()["paths"][path]["get"]["responses"]["200"]
    example = described["content"]["application/json"]["example"]
    answer = api.get(EXAMPLED[path]).json()
    assert list(example["data"][0]) == list(answer["data"][0])
    assert set(example["meta"]) <= set(answer["meta"])


def test_every_operation_that_was_promised_is_described(api):
    promised = {
        *("/companies", "/companies/{ticker}", "/companies/sector/{sector}", "/quotes/{ticker}"),
        *("/volume/{ticker}", "/volume/alerts", "/volume/market", "/volume/sectors"),
        *("/exchange-rates", "/interest-rates", "/banking-metrics", "/indicators"),
        *("/hkex/holdings/{code}", "/hkex/movers", "/hkex/new-holdings", "/cross-market"),
        *("/quality", "/provenance/{table}/{line}/{session}", "/symbols/resolve"),
        *("/health", "/health/live", "/health/ready", "/metrics", "/events", "/me", "/sessions"),
    }
    assert promised <= set(api.get("/openapi.json").json()["paths"])


def test_a_setting_that_cannot_be_used_is_refused_before_anything_is_served(tmp_path):
    with (
        pytest.raises(Exception, match="API__RATE: String should match"),
        running(tmp_path, {"rate": "often"}),
    ):
        pass
