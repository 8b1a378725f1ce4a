"""Who did not answer stays on record, however often the sessions are built again."""

import shutil
from datetime import date

from market_assets_tests.built import LAST, Built, copied, invoked, published, tampered

SILENT = "source = 'african_markets'"


def test_a_source_that_was_silent_stays_so_in_a_run_from_the_captures(built: Built, tmp_path):
    data = copied(built.first, tmp_path / "data")
    shutil.rmtree(data / "sandbox/captures/african_markets")
    never_asked = f"{SILENT} AND session = '2026-11-12'"
    tampered(data, f"DELETE FROM casablanca.volume_data_quality WHERE {never_asked}")
    again = invoked(
        "run",
        "--market",
        "casablanca",
        "--from-captures",
        "--days",
        3,
        "--until",
        LAST,
        "--data-dir",
        data,
    )
    assert again.status == 0, again.out
    rows = published(
        data,
        "SELECT session, expected, stated, validity, score, issues "
        f"FROM casablanca.volume_data_quality WHERE {SILENT} AND session >= '2026-11-11' "
        "ORDER BY session",
    )
    assert rows.rows() == [
        (session, 81, 0, None, 0.0, "no rows") for session in (date(2026, 11, 11), LAST)
    ]
