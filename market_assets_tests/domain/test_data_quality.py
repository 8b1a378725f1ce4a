"""How well a source served a session: judged by what came, what was put aside and who dissents."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
from polars.testing import assert_frame_equal

from market_assets.domain.data_quality import DATA_QUALITY, EXPECTED, data_quality
from market_assets.domain.refusals import REFUSED

DAY, BEFORE = date(2026, 10, 8), date(2026, 10, 7)
OUT = datetime(2026, 10, 8, 16, tzinfo=UTC)
KEPT = pl.Schema({name: DATA_QUALITY[name] for name in ("source", "session")}) | {
    "known_at": pl.Datetime("us", "UTC")
}
DISSENT = {"source": pl.String, "session": pl.Date, "dissent": pl.Int64}


def judged(*rows, refused=(), dissent=(), sources=("bank",)) -> pl.DataFrame:
    """What ``rows`` (source, session) that came an hour late are worth on DAY."""
    late = OUT + timedelta(hours=1)
    put_aside = [{"source": name, "session": DAY, "reason": why} for name, why in refused]
    return data_quality(
        pl.DataFrame([(*row, late) for row in rows], schema=KEPT, orient="row"),
        refused=pl.DataFrame(put_aside, schema=REFUSED),
        dissent=pl.DataFrame(list(dissent), schema=DISSENT, orient="row"),
        expected=pl.DataFrame(
            [(name, DAY, OUT) for name in sources], schema=EXPECTED, orient="row"
        ),
    )


def as_judged(*rows) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=DATA_QUALITY, orient="row")


def test_a_source_without_fault_scores_one_and_has_no_issue():
    found = judged(("bank", DAY), ("bank", DAY))
    assert_frame_equal(found, as_judged(("bank", DAY, 2, 0, 1.0, 1.0, 1.0, None)))


def test_a_source_that_was_due_and_said_nothing_scores_nothing():
    found = judged(("bank", BEFORE), ("other", DAY))
    assert_frame_equal(found, as_judged(("bank", DAY, 0, 0, None, None, 0.0, "no rows")))


def test_rows_put_aside_and_dissent_each_cost_their_part_and_are_told_by_number():
    rows = [("bank", DAY)] * 3
    refused = [("bank", "two rates"), ("bank", "no rate"), ("bank", "two rates")]
    found = judged(*rows, refused=refused, dissent=[("bank", DAY, 1)])
    score = (1 - 1 / 3) * 3 / 6
    said = "2 x two rates; 1 x no rate"
    assert_frame_equal(found, as_judged(("bank", DAY, 3, 3, 1 - 1 / 3, 1.0, score, said)))


def test_one_source_is_never_blamed_for_another():
    found = judged(
        ("bank", DAY), ("other", DAY), refused=[("other", "no rate")], sources=("bank", "other")
    )
    assert found.select("source", "score", "issues").rows() == [
        ("bank", 1.0, None),
        ("other", 0.5, "1 x no rate"),
    ]
