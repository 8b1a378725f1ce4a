"""``market-assets alerts``, ``digest`` and ``deliver`` as people type them."""

from pathlib import Path

import pytest

from market_assets_tests.built import invoked
from market_assets_tests.serving.api.tables import made
from market_assets_tests.serving.digests.tables import DIGESTED, LONG_AGO

SURE = {"DELIVERY__CONFIDENCE": "0.5"}


@pytest.fixture
def data(tmp_path) -> Path:
    made(tmp_path, DIGESTED)
    return tmp_path


def test_what_is_seen_to_is_listed_no_more(data):
    """Six alerts of three lines; RDS's volume nobody stated, but its confidence is as the rest."""
    before = invoked("alerts", "list", "--data-dir", data, **SURE)
    assert before.out.splitlines()[-1] == "6 of 6 alerts of 2026-11-20; --all shows all"
    done = invoked("alerts", "ack", "atw", "--type", "volume_drop", "--data-dir", data)
    assert done.out == "seen to: volume_drop, a message\n"
    after = invoked("alerts", "list", "--data-dir", data, **SURE)
    assert after.out.splitlines()[-1].startswith("5 of 6 alerts")
    every = invoked("alerts", "list", "--all", "--data-dir", data)
    assert every.out.splitlines()[-1] == "6 of 6 alerts of 2026-11-20"
    assert [line.split()[:2] for line in every.out.splitlines() if " yes " in line] == [
        ["ATW", "volume_drop"]
    ]


def test_doubtful_alerts_are_listed_only_if_all_are(data):
    assert invoked("alerts", "list", "--data-dir", data).out.splitlines()[-1].startswith("0 of 6")


def test_a_line_without_an_alert_cannot_be_seen_to(data):
    refused = invoked("alerts", "ack", "BCP", "--data-dir", data)
    assert (refused.status, refused.err) == (2, "error: BCP has no alert on 2026-11-20\n")


def test_a_back_test_uses_the_thresholds_of_now(data):
    """Every ratio of the published analysis is 1.0, whatever alerts were published."""
    quiet = invoked("alerts", "backtest", "--days", "10", "--data-dir", data)
    assert quiet.out.splitlines()[0] == "10 sessions, 2026-11-11 to 2026-11-20"
    rules = {line.split()[0]: line.split()[1] for line in quiet.out.splitlines()[2:6]}
    assert rules == {"high_volume": "0", "volume_spike": "0", "low_volume": "0", "volume_drop": "0"}
    keen = invoked(
        *("alerts", "backtest", "--days", "10", "--data-dir", data),
        ALERTS__HIGH="0.9",
        ALERTS__LOW="0.1",
    )
    rows = [line.split() for line in keen.out.splitlines()]
    assert ["high_volume", "30", "0", "10", "3.00", "3", "3"] in rows


def test_a_back_test_says_when_history_is_short(data):
    said = invoked("alerts", "backtest", "--data-dir", data).out.splitlines()
    assert said[0] == "30 sessions, 2026-10-22 to 2026-11-20"
    assert said[1].startswith("Only so many are published: ")


def test_a_digest_is_made_by_hand_and_nobody_is_told(data):
    done = invoked("digest", "hkex", "--until", "2026-11-20", "--data-dir", data)
    assert done.status == 0, done.out + done.err
    first, *files = done.out.splitlines()
    assert first == "[SANDBOX, invented figures] Southbound holdings of 20 Nov 2026"
    assert [line.split()[0] for line in files] == ["html", "txt", "xlsx", "eml"]
    assert all(Path(line.split()[1]).is_file() for line in files)
    assert invoked("deliver", "--data-dir", data).out.startswith("nobody is to be told")


def test_a_digest_of_nothing_says_why(data, tmp_path_factory):
    early = invoked("digest", "hkex", "--until", "2020-01-01", "--data-dir", data)
    assert early.status == 1
    assert "hkex: hkex.southbound_holdings has nothing on or before 2020-01-01" in early.out
    empty = invoked("digest", "hkex", "--data-dir", tmp_path_factory.mktemp("empty"))
    assert empty.status == 2
    assert "nothing is published in" in empty.err


def test_what_cannot_be_sent_is_said_and_listed(tmp_path):
    made(tmp_path, LONG_AGO)
    told = {
        "DELIVERY__TARGETS__OPS": "json://127.0.0.1:9/t0kent0ken",
        "DELIVERY__ALERTS__LATE": '["ops"]',
    }
    sent = invoked("deliver", "--data-dir", tmp_path, **told)
    assert sent.status == 1
    assert sent.out.splitlines()[0] == "2 new, 0 sent"
    listed = invoked("deliver", "--list", "--data-dir", tmp_path, **told).out
    assert "waiting" in listed
    assert "t0kent0ken" not in sent.out + sent.err + listed
