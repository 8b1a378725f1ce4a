"""The document says what the service answers: every operation, its examples, its problems."""

from typing import Any

import pytest
from parsel import Selector

from market_assets.warehouse.reader import Published
from market_assets_tests.serving.api.conftest import running
from market_assets_tests.serving.api.tables import MARTS_SCHEMAS

KINDS = {int: (int, float), float: (int, float), str: (str,), bool: (bool,)}
"""What an example of a kind stands for; JSON knows one kind of number."""


def asked(path: str, parameters: list[dict[str, Any]], *, optional: str | None) -> str:
    """The address with the documented example of all that is required, and of one that is not."""
    query = []
    for parameter in parameters:
        examples = parameter["schema"].get("examples")
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", examples[0])
        elif parameter["required"] or parameter["name"] == optional:
            query.append(f"{parameter['name']}={examples[0]}")
    return f"{path}?{'&'.join(query)}"


def test_every_documented_example_is_answered_in_the_documented_shape(api):
    examined = 0
    for path, methods in api.get("/openapi.json").json()["paths"].items():
        content = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        example = content.get("application/json", {}).get("example")
        if example is None or "data" not in example:
            continue
        parameters = methods["get"].get("parameters", [])
        optional = [p["name"] for p in parameters if not p["required"] and _exampled(p)]
        for name in (None, *optional):
            address = asked(path, parameters, optional=name)
            answer = api.get(address)
            assert answer.status_code == 200, (address, answer.text)
            told, (documented,) = answer.json(), example["data"]
            assert told["data"], address
            assert set(example["meta"]) <= set(told["meta"]), address
            for row in told["data"]:
                assert list(row) == list(documented), address
                wrong = [n for n, value in row.items() if not _alike(value, documented[n])]
                assert not wrong, (address, wrong)
            examined += 1
    assert examined > 50


def test_what_is_no_list_of_rows_has_an_example_of_its_shape_too(api):
    examined = set[str]()
    for path, methods in api.get("/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            good = next(iter(operation["responses"].values()))
            example = next(iter(good["content"].values()))["example"]
            if isinstance(example, str) or "data" in example:
                continue
            key = api.made("example", "read")
            assert api.get("/quotes", key=key).ok
            answer = api.ask(method.upper(), path, key=key)
            assert answer.ok, (path, answer.text)
            assert shape(answer.json()) == shape(example), path
            examined.add(f"{method} {path}")
    assert {"get /health", "get /me", "post /sessions", "delete /me"} <= examined


def shape(value: object) -> object:
    """The names and kinds of a document; of a list, those of its first."""
    match value:
        case dict():
            return {name: shape(each) for name, each in value.items()}
        case list():
            return [shape(each) for each in value[:1]]
        case _:
            return type(value)


def _exampled(parameter: dict[str, Any]) -> bool:
    return bool(parameter["schema"].get("examples"))


def _alike(value: object, documented: object) -> bool:
    return value is None or isinstance(value, KINDS[type(documented)])


@pytest.mark.parametrize("table", MARTS_SCHEMAS)
def test_the_tables_these_tests_publish_are_those_that_the_marts_declare(api, table):
    published = Published(api.directory / "sandbox" / "published")
    assert published.query(f"FROM {table}").schema == MARTS_SCHEMAS[table]


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


def test_the_page_for_people_tells_every_operation_and_loads_nothing(api):
    answer = api.get("/docs")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    document = Selector(answer.text)
    paths = set(document.css("summary b + code::text").getall())
    assert paths == set(api.get("/openapi.json").json()["paths"])
    assert not document.xpath("//script | //link | //img | //iframe")
    local = document.css("details a::attr(href)").getall()
    assert len(local) > 25
    unread = {path for path in local if path != "/events" and api.get(path).status_code != 200}
    assert not unread


def test_a_setting_that_cannot_be_used_is_refused_before_anything_is_served(tmp_path):
    with (
        pytest.raises(Exception, match="API__RATE: String should match"),
        running(tmp_path, {"rate": "often"}),
    ):
        pass
