"""The README says of each source what the source declares."""

import re
import tomllib
from pathlib import Path

import pytest

from market_assets.sources.registry import SOURCES

README = Path(__file__).parents[1] / "README.md"
ROWS = {
    cells[1].strip(" `"): [cell.strip() for cell in cells]
    for cells in (line.split("|") for line in README.read_text("utf-8").splitlines())
    if len(cells) == 9
}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_table_says_what_the_source_declares(source):
    volume, turnover, default = ROWS[source.name][3], ROWS[source.name][4], ROWS[source.name][6]
    assert volume.startswith("yes") == ("volume" in source.gives)
    assert turnover.startswith("yes") == ("turnover" in source.gives)
    assert default == ("on" if source.live else "off")


def test_no_source_is_called_verified_live():
    text = README.read_text("utf-8")
    assert "Nothing below was seen live" in text
    assert re.search(r"Live-verified: none", text)


def test_the_package_describes_itself_in_the_first_sentence():
    project = tomllib.loads(README.with_name("pyproject.toml").read_text("utf-8"))["project"]
    first = README.read_text("utf-8").splitlines()[2]
    assert first.startswith(project["description"] + " ")
    assert project["description"].count(".") == 1


def test_no_example_of_explain_is_pinned_to_a_day():
    lines = README.read_text("utf-8").splitlines()
    examples = [line.partition("#")[0] for line in lines if "market-assets explain " in line]
    assert examples
    assert not [line for line in examples if re.search(r"\d{4}-\d{2}", line)]
