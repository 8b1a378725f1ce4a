"""A rate leads back to page and API: its value, its digest, its place."""

import gzip
import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from market_assets_tests.built import invoked
from market_assets_tests.built_central_bank import FIGURES, LAST


def explained(data: Path, *what: object) -> str:
    told = invoked("explain", *what, "--data-dir", data)
    assert told.status == 0, told.err
    return told.out


def block(text: str, source: str, *, saying: str) -> str:
    """What is told of the statement of ``source`` that says ``saying``."""
    blocks = re.findall(rf"\n  {source}: known at .*?(?=\n\n|\Z)", text, re.DOTALL)
    (found,) = [each for each in blocks if saying in each]
    return found


def body(block: str) -> bytes:
    """The bytes of the answer behind a statement; their digest is the one that is told."""
    digest = re.search(r"sha256 +([0-9a-f]{64})\n", block)[1]
    file = re.search(r"archive +(/.*\.warc\.gz)\n", block)[1]
    offset, length = map(int, re.search(r"offset +(\d+), (\d+) bytes", block).groups())
    record = gzip.decompress(Path(file).read_bytes()[offset : offset + length])
    _, _, answer = record.removesuffix(b"\r\n\r\n").split(b"\r\n\r\n", 2)
    assert sha256(answer).hexdigest() == digest
    return answer


def test_a_rate_of_exchange_is_what_the_archived_page_and_answer_state(bank_built):
    told = explained(bank_built, "central_bank.exchange_rates", "eur", LAST)
    mid = FIGURES.reference(LAST)["EUR"]
    rows = json.loads(body(block(told, "bkam_api", saying="kind reference")))
    assert [row["moyen"] for row in rows if row["libDevise"] == "EUR"] == [mid]
    page = body(block(told, "bkam", saying="kind reference")).decode()
    assert f"{mid:.4f}".replace(".", ",") in page
    assert f"mid {mid}" in told


def test_an_indicator_leads_to_the_page_that_states_it(bank_built):
    told = explained(bank_built, "central_bank.indicators", "policy.rate")
    day, rate = FIGURES.decisions(LAST)[0]
    said = block(told, "bkam_seldom", saying=f"value {rate}")
    assert f"{day:%d/%m/%Y}" in body(said).decode()
    assert re.search(rf"reference_date +{day}\n", told)


def test_a_column_of_a_subject_is_explained_as_its_indicator(bank_built):
    day, rate = FIGURES.decisions(LAST)[0]
    for line in ("rate", "policy.rate"):
        told = explained(bank_built, "central_bank.policy_rate", line, day)
        assert f"central_bank.policy_rate policy.rate {day}" in told
        assert f"value {rate}" in block(told, "bkam_seldom", saying=f"value {rate}")


def test_a_status_is_computed_from_its_indicator(bank_built):
    told = explained(bank_built, "central_bank.indicator_status", "policy.rate")
    assert "It is computed from central_bank.indicators of policy.rate" in told
    assert re.search(r"status +current\n", told)
    assert "bkam_seldom: known at" in told


@pytest.mark.parametrize(
    ("table", "line", "near"),
    [
        ("exchange_rates", "EUX", "no such currency is known; did you mean EUR?"),
        ("monia", "volum", "no such indicator_id is known; did you mean monia.volume"),
        ("indicators", "policy.rat", "no such indicator_id is known; did you mean policy.rate"),
    ],
)
def test_what_is_unknown_is_refused_with_what_is_near(bank_built, table, line, near):
    refused = invoked("explain", f"central_bank.{table}", line, "--data-dir", bank_built)
    assert (refused.status, refused.out) == (2, "")
    assert near in refused.err
