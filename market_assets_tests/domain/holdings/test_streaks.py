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


def told(shares: list[int | None], *, unknown: list[int]) -> pl.DataFrame:
    """``line`` of ``shares``, and rows without shares of the days ``unknown``."""
    days = [DAYS[k] for k in unknown]
    rows = line([0] * len(days), days=days).with_columns(shares=pl.lit(None, pl.Int64))
    return pl.concat([line(shares, days=DAYS[: len(shares)]), rows])


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


@pytest.mark.parametrize(
    ("shares", "unknown", "streak", "changed"),
    [
        ([5, 5, None, 5], [2], [0, 0, 0, 0], [None] * 4),
        ([5, 6, None, 7], [2], [0, 1, 1, 2], [None, 1, 1, 3]),
        ([5, 6, None, None, 5], [2, 3], [0, 1, 1, 1, -1], [None, 1, 1, 1, 4]),
        ([5, 6, None, None, 7], [2], [0, 1, 1, 0], [None, 1, 1, 4]),
        ([5, None, None, 7, 8], [2], [0, 0, 0, 1], [None, 2, 2, 4]),
        ([None, 7, 8], [0], [0, 0, 1], [None, None, 2]),
    ],
)
def test_a_row_without_a_total_is_stepped_over_and_a_missing_row_is_not(
    shares, unknown, streak, changed
):
    rows = pl.concat([told(shares, unknown=unknown), OTHER])
    assert column(rows, "streak") == streak
    assert column(rows, "last_change") == [None if k is None else DAYS[k] for k in changed]


def test_where_the_total_is_unknown_the_last_stated_one_is_carried_on():
    rows = pl.concat([told([5, 6, None, 7], unknown=[2]), OTHER])
    assert column(rows, "shares") == [5, 6, 6, 7]


def test_a_session_without_a_total_of_any_code_is_none():
    rows = pl.concat([told([5, 6, None, 7], unknown=[2]), line([1, 2, None, 3], code="00001")])
    assert column(rows, "streak") == [0, 1, 2]


def test_a_split_is_a_change_but_no_rise():
    rows = pl.concat([line([5, 6, 60, 61, 62], days=DAYS[:5]), OTHER])
    split = pl.DataFrame({"code": ["00700"], "session": [DAYS[2]]})
    result = of(rows, suspects=split).filter(pl.col("code") == "00700")
    assert result["streak"].to_list() == [0, 1, 0, 1, 2]
    assert result["last_change"].to_list() == [None, *DAYS[1:5]]


UNKNOWN = -1
held = st.lists(st.one_of(st.none(), st.just(UNKNOWN), st.integers(1, 3)), min_size=10, max_size=10)


@settings(max_examples=50)
@given(held, held, st.integers(1, 9))
def test_a_window_goes_on_where_the_history_stopped(a, b, cut):
    rows = pl.concat([line(a), line(b, code="00002"), OTHER])
    rows = rows.with_columns(pl.col("shares").replace(UNKNOWN, None))
    early, late = (
        rows.filter(pl.col("session") < DAYS[cut]),
        rows.filter(pl.col("session") >= DAYS[cut]),
    )
    first = of(early)
    before = first.filter(pl.col("session") == DAYS[cut - 1])
    assert_frame_equal(pl.concat([first, of(late, before=before)]), of(rows))


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
