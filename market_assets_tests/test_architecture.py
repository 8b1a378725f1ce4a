"""The arrows between the packages point one way: read from the imports themselves."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

import market_assets
from market_assets.sources.registry import SOURCES

ROOT = Path(market_assets.__file__).parent
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in ROOT.rglob("*.py")
}

ARCHIVE = ("web.archive", "web.index")
ALLOWED = {
    "domain": {"domain"},
    "sources": {"sources", "domain", "web.messages", "web.failures", "web.walls"},
    "web": {"web"},
    "warehouse": {"warehouse"},
    "calendars": {"calendars"},
    "sandbox": {"sandbox", "sources", "calendars", "web.clock"},
    "provenance": {"provenance", "sources", "calendars", "warehouse.names", *ARCHIVE},
    "serving": {
        *("serving", "provenance", "domain", "calendars", "settings", "sources.registry"),
        *("warehouse.reader", "warehouse.failures", "warehouse.names", *ARCHIVE),
    },
    "settings": {"setting_names"},
    "setting_names": set(),
}
"""What of this package each part may import; parts that are not named are not held here."""

THIRD_PARTY = {
    "domain": {"polars"},
    "sources": {"polars", "selectolax", "parsel", "lxml", "fastexcel"},
    "warehouse": {"duckdb", "polars", "pyarrow"},
    "calendars": {"exchange_calendars", "pandas", "numpy"},
}
ONLY_IN = {
    "dagster": {"defs", "definitions"},
    "dagster_pandas": {"defs"},
    "duckdb": {"warehouse"},
    "requests": {"web", "sandbox"},
    "typer": {"cli"},
    "apprise": {"serving"},
    "matplotlib": {"serving"},
    "streamlit": {"serving"},
    "plotly": {"serving"},
}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "misc", "core"}


@cache
def imported(path: Path) -> frozenset[str]:
    """Every module or name that ``path`` imports, wherever in the file, with its whole path."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def part_of(module: str) -> str:
    return module.partition(".")[0]


def own(names: frozenset[str]) -> set[str]:
    """Those of this package, without its name."""
    prefix = f"{market_assets.__name__}."
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}


def foreign(names: frozenset[str]) -> set[str]:
    """The other packages that are not the standard library's."""
    roots = {part_of(name) for name in names}
    return roots - set(sys.stdlib_module_names) - {market_assets.__name__, "__future__"}


def allowed(name: str, among: set[str]) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in among)


@pytest.mark.parametrize("part", ALLOWED)
def test_a_part_imports_only_what_its_arrows_lead_to(part):
    strays = {
        (module, name)
        for module, path in MODULES.items()
        if part_of(module) == part
        for name in own(imported(path))
        if not allowed(name, ALLOWED[part])
    }
    assert strays == set()


@pytest.mark.parametrize("part", THIRD_PARTY)
def test_a_part_knows_only_its_own_libraries(part):
    strays = {
        (module, name)
        for module, path in MODULES.items()
        if part_of(module) == part
        for name in foreign(imported(path)) - THIRD_PARTY[part]
    }
    assert strays == set()


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_known_in_one_place(library):
    where = {
        part_of(module) for module, path in MODULES.items() if library in foreign(imported(path))
    }
    assert where
    assert where <= ONLY_IN[library]


def test_the_publishers_never_know_each_other():
    publishers = {source.name for source in SOURCES}
    strays = {
        (module, name)
        for module, path in MODULES.items()
        if part_of(module) in ("sources", "sandbox") and path.stem in publishers
        for name in own(imported(path))
        if name.split(".")[1] in publishers - {path.stem}
    }
    assert strays == set()


def test_nothing_is_named_for_being_shared():
    names = {part for module in MODULES for part in module.split(".")}
    assert names & EMPTY_NAMES == set()


def test_the_imports_are_really_read(tmp_path):
    module = tmp_path / "module.py"
    module.write_text(
        "import os\n"
        "def f():\n"
        "    from market_assets.web.session import PoliteSession\n"
        "    import duckdb.typing\n"
    )
    assert own(imported(module)) == {"web.session.PoliteSession"}
    assert foreign(imported(module)) == {"duckdb"}
