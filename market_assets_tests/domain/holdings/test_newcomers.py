"""What is new, what came back, and what may newly be bought."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.holdings.code_changes import CODE_CHANGES
from market_assets.domain.holdings.eligibility import SOUTHBOUND_ELIGIBILITY, eligibility_changes
from market_assets.domain.holdings.newcomers import NEW_HOLDINGS, SEEN, new_holdings
from market_assets.domain.holdings.rows import ELIGIBLE
from market_assets_tests.domain.holdings.holding_rows import KNOWN, line, weekdays

DAYS = weekdays(8)
NOTHING = pl.DataFrame(schema=SEEN)
NO_CHANGES = pl.DataFrame(schema=CODE_CHANGES)


def entries(rows: pl.DataFrame, before=NOTHING, changes=NO_CHANGES) -> pl.DataFrame:
    new = new_holdings(rows, before=before, changes=changes)
    assert new.schema == NEW_HOLDINGS
    return new


def test_first_entries_are_told_from_returns_and_the_very_first_session_has_none():
    rows = pl.concat(
        [
            line([1] * 5, code="00001"),
            line([5, 5, None, 6, 6]),
            line([None, 3, 3, 3, 3], code="00002"),
        ]
    )
    new = entries(rows).select("session", "code", "entry", "first_seen", "previous_last_seen")
    assert new.rows() == [
        (DAYS[1], "00002", "first", DAYS[1], None),
        (DAYS[3], "00700", "re_entry", DAYS[0], DAYS[1]),
    ]


def test_another_code_for_the_same_holding_is_shown_and_marked():
    rows = pl.concat(
        [
            *(line([1, 1, 1], code=code) for code in ("00001", "00004")),
            line([5, None, None], code="00002"),
            *(line([None, 5, 5], code=code) for code in ("00003", "00005", "02950")),
        ]
    )
    pairs = [(DAYS[1], code, "00003", "shares") for code in ("00006", "00002")]
    changes = pl.DataFrame(pairs, schema=CODE_CHANGES, orient="row")
    marked = entries(rows, changes=changes).select("session", "code", "entry", "status", "replaces")
    assert marked.rows() == [
        (DAYS[1], "00003", "first", "code_change_suspect", "00002+00006"),
        (DAYS[1], "00005", "first", "new", None),
        (DAYS[1], "02950", "first", "code_change_suspect", None),
    ]


def test_no_shares_are_not_held_and_a_total_that_nobody_states_is():
    def told(shares: list[int | None]) -> list[tuple]:
        unknown = line([None, None, 7, None, None]).with_columns(shares=pl.lit(None, pl.Int64))
        rows = pl.concat([line([1] * 5, code="00001"), line(shares), unknown])
        new = entries(rows).filter(pl.col("code") == "00700")
        return new.select("session", "shares", "entry", "previous_last_seen").rows()

    assert told([5, 5, None, 6, 6]) == []
    assert told([5, 0, None, 6, 6]) == [(DAYS[2], None, "re_entry", DAYS[0])]
    assert told([0, 0, None, 0, 6]) == [
        (DAYS[2], None, "first", None),
        (DAYS[4], 6, "re_entry", DAYS[2]),
    ]


def test_a_session_for_which_nobody_states_a_total_is_none():
    one, other = line([5, None, 5]), line([1, None, 1], code="00001")
    unknown = line([None, 7], code="00001").with_columns(shares=pl.lit(None, pl.Int64))
    assert entries(pl.concat([one, other, unknown])).is_empty()


def seen(rows: pl.DataFrame) -> pl.DataFrame:
    spans = rows.filter(pl.col("shares") > 0).group_by("code")
    return spans.agg(first=pl.col("session").min(), last=pl.col("session").max())


held = st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=8, max_size=8)


@settings(max_examples=25)
@given(held, held, st.integers(1, 7))
def test_a_window_with_what_was_seen_gives_what_all_history_gives(a, b, cut):
    rows = pl.concat([line(a, code="00001"), line(b, code="00002"), line([1] * 8)])
    early, late = (
        rows.filter(p) for p in (pl.col("session") < DAYS[cut], pl.col("session") >= DAYS[cut])
    )
    parts = pl.concat([entries(early), entries(late, before=seen(early))])
    assert_frame_equal(parts, entries(rows))


def test_lists_of_a_channel_are_compared_with_its_last_one():
    def listed(day: int, channel: str, *codes: str) -> list[dict]:
        page = {"session": DAYS[day], "channel": channel, "known_at": KNOWN}
        return [page | {"code": code, "name": f"N{code}"} for code in codes]

    lists = pl.DataFrame(
        [
            *listed(0, "shanghai", "00001", "00002"),
            *listed(3, "shanghai", "00002", "00003"),
            *listed(3, "shenzhen", "00001"),
            *listed(4, "shanghai", "00002", "00003"),
        ],
        schema=ELIGIBLE,
    )
    changes = eligibility_changes(lists)
    assert changes.schema == SOUTHBOUND_ELIGIBILITY
    assert changes.rows() == [
        (DAYS[3], "shanghai", "00001", "N00001", "removed", DAYS[0]),
        (DAYS[3], "shanghai", "00003", "N00003", "added", DAYS[0]),
    ]
