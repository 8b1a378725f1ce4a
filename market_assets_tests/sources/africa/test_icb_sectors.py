"""The map from publishers' sectors to ICB industries."""

import csv
from importlib.resources import files

import pytest

from market_assets.sandbox.africa.lines import lines
from market_assets.sources.africa.icb_sectors import INDUSTRIES, icb_industries


def rows():
    text = files("market_assets.sources.africa").joinpath("icb_sectors.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize(
    ("source", "sector", "industry"),
    [
        ("ngx", "OIL AND GAS", "Oil & Gas"),
        ("ngx", "ICT", None),
        ("ngx", "CONSTRUCTION/REAL ESTATE", None),
        ("egx_beta", "Real Estate", "Financials"),
        ("egx_beta", "Paper & Packaging", None),
        ("african_lists", "Telecom", "Telecom"),
        ("ngx", "Oil and Gas", None),
        ("egx_beta", "ICT", None),
        ("afx", "Banks", None),
    ],
)
def test_a_sector_is_one_industry_or_none(source, sector, industry):
    assert icb_industries().get((source, sector)) == industry


def test_each_row_names_an_industry_or_none_and_its_reason_once():
    stated = [(row["source"], row["sector"]) for row in rows()]
    assert len(set(stated)) == len(stated)
    assert {row["icb_industry"] for row in rows()} <= {"", *INDUSTRIES}
    assert all(row["reason"] for row in rows())


def test_all_known_words_are_in_the_map():
    known = {
        name: [r["sector"] for r in rows() if r["source"] == name] for name in ("ngx", "egx_beta")
    }
    assert len(known["ngx"]) == 12
    assert len(known["egx_beta"]) == 18
    assert {line.sector for line in lines("XNSA")} <= set(known["ngx"])
    assert {line.sector for line in lines("XCAI")} == set(known["egx_beta"])
    assert tuple(r["sector"] for r in rows() if r["source"] == "african_lists") == INDUSTRIES
