"""How long a holding has gone one way, and how much the largest participants hold."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.holdings.concentration import CONCENTRATION, concentration
from market_assets.domain.holdings.rows import PARTICIPANTS
from market_assets.domain.holdings.streaks import STREAKS, streaks
from market_assets_tests.domain.holdings.holding_rows import KNOWN, START, line, weekdays

DAYS = weekdays(10)
NOTHING = pl.DataFrame(schema=STREAKS)
OTHER = line([1, 2] * 5, code="00001")


NO_SUSPECT = pl.DataFrame(schema={"code": pl.String, "session": pl.Date})


def of(rows: pl.DataFrame, before=NOTHING, suspects=NO_SUSPECT) -> pl.DataFrame:
    result = streaks(rows, before=before, suspects=suspects)
    assert result.schema == STREAKS
    return result


def column(rows: pl.DataFrame, name: str) -> list:
    return of(rows).filter(pl.col("code") == "00700")[name].to_list()


def test_a_streak_counts_sessions_of_one_direction_and_a_stand_ends_it():
    rows = pl.concat([line([5, 6, 7, 7, 6, 5, 4, 9, 9, 10]), OTHER])
    assert column(rows, "streak") == [0, 1, 2, 0, -1, -2, -3, 1, 0, 1]
    dates = [None, *(DAYS[k] for k in (1, 2, 2, 4, 5, 6, 7, 7, 9))]
    assert column(rows, "last_change") == dates


def test_a_session_on_which_nobody_moved_is_stepped_over():
    rows = pl.concat([line([5, 6, 6, 7], days=DAYS[:4]), line([9, 8, 8, 8], code="00001")])
    assert column(rows, "streak") == [0, 1, 1, 2]


def test_an_entry_is_a_change_but_no_rise():
    rows = pl.concat([line([5, 6, None, 7, 8], days=DAYS[:5]), OTHER])
    assert column(rows, "streak") == [0, 1, 0, 1]
    assert column(rows, "last_change") == [None, DAYS[1], DAYS[3], DAYS[4]]


def test_a_split_is_a_change_but_no_rise():
    rows = pl.concat([line([5, 6, 60, 61, 62], days=DAYS[:5]), OTHER])
    split = pl.DataFrame({"code": ["00700"], "session": [DAYS[2]]})
    result = of(rows, suspects=split).filter(pl.col("code") == "00700")
    assert result["streak"].to_list() == [0, 1, 0, 1, 2]
    assert result["last_change"].to_list() == [None, *DAYS[1:5]]


held = st.lists(st.one_of(st.none(), st.integers(1, 3)), min_size=10, max_size=10)


@settings(max_examples=25)
@given(held, held, st.integers(1, 9))
def test_a_window_goes_on_where_the_history_stopped(a, b, cut):
    rows = pl.concat([line(a), line(b, code="00002"), OTHER])
    early, late = (
        rows.filter(pl.col("session") < DAYS[cut]),
        rows.filter(pl.col("session") >= DAYS[cut]),
    )
    first = of(early)
    before = first.filter(pl.col("session") == DAYS[cut - 1])
    assert_frame_equal(
        pl.concat([first, of(late, before=before)]).drop("last_change"),
        of(rows).drop("last_change"),
    )


def test_concentration_is_the_part_of_the_largest():
    rows = pl.DataFrame(
        [
            {
                "code": "00700",
                "session": START,
                "participant_id": f"A0000{k}" if k else None,
                "shares": 10 - k,
                "known_at": KNOWN,
            }
            for k in range(10)
        ]
        + [
            {
                "code": "00700",
                "session": START,
                "participant_id": "B1",
                "shares": 45,
                "known_at": KNOWN,
            }
        ],
        schema=PARTICIPANTS,
    )
    result = concentration(rows)
    assert result.schema == CONCENTRATION
    row = result.row(0, named=True)
    assert (row["participants"], row["total_shares"]) == (11, 100)
    assert row["top5_share"] == pytest.approx(0.79)
    assert row["top10_share"] == pytest.approx(0.99)
    assert row["full_circulation_share"] == pytest.approx(0.05)
