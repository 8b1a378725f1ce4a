"""What is new and what came back."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.holdings.code_changes import CODE_CHANGES
from market_assets.domain.holdings.newcomers import NEW_HOLDINGS, SEEN, new_holdings, seen
from market_assets_tests.domain.holdings.holding_rows import line, weekdays

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


@pytest.mark.parametrize(
    ("earlier", "later", "entry", "status"),
    [
        ({"name": "ACME"}, {"name": "OTHER"}, "first", "recycled_code_suspect"),
        ({"name": "ACME"}, {"name": "Acme -HKD TRADED SHARES"}, "re_entry", "new"),
        ({"name": "ACME-OLD"}, {"name": "ACME"}, "re_entry", "new"),
        ({"name": "ACME"}, {"name": "长和", "source": "sse_southbound"}, "re_entry", "new"),
    ],
)
def test_a_code_that_comes_back_under_another_name_is_another_company(
    earlier, later, entry, status
):
    """Names of two publishers, or of the counters of one stock, are no two companies."""
    old, new = line([5, 5, None, None], **earlier), line([None, None, None, 6], **later)
    (found,) = entries(pl.concat([line([1] * 4, code="00001"), old, new])).to_dicts()
    assert (found["entry"], found["status"]) == (entry, status)
    assert found["first_seen"] == (DAYS[3] if entry == "first" else DAYS[0])
    assert (found["previous_last_seen"], found["previous_name"]) == (DAYS[1], earlier["name"])


def test_a_name_that_changes_while_held_is_a_company_renamed():
    renamed = line([5, 5, None, 6], names=["ACME", "NEW", "", "NEW"])
    (found,) = entries(pl.concat([line([1] * 4, code="00001"), renamed])).to_dicts()
    assert (found["entry"], found["status"], found["first_seen"]) == ("re_entry", "new", DAYS[0])


def test_a_code_that_goes_on_from_another_under_a_new_name_is_not_recycled():
    away = line([5, None, None, 50], names=["ACME", "", "", "ACME LIMITED"])
    stand_in = line([None, 5, 5, None], code="02950", name="ACME-TEMPORARY COUNTER")
    rows = pl.concat([line([1] * 4, code="00001"), away, stand_in])
    pairs = [(DAYS[3], "02950", "00700", "ratio")]
    changes = pl.DataFrame(pairs, schema=CODE_CHANGES, orient="row")
    found = entries(rows, changes=changes).filter(pl.col("code") == "00700")
    assert found.select("entry", "status", "first_seen").rows() == [
        ("re_entry", "code_change_suspect", DAYS[0])
    ]


def test_a_temporary_code_is_lent_to_one_company_after_the_other():
    lent = line([5, None, None, 6], code="02950", names=["ACME", "", "", "OTHER"])
    (found,) = entries(pl.concat([line([1] * 4, code="00001"), lent])).to_dicts()
    assert (found["entry"], found["status"], found["first_seen"]) == (
        "first",
        "code_change_suspect",
        DAYS[3],
    )


def spans(rows: pl.DataFrame) -> pl.DataFrame:
    lines = rows.filter(pl.col("shares").ne_missing(0)).sort("session").group_by("code")
    return lines.agg(
        first=pl.col("session").first(),
        last=pl.col("session").last(),
        last_name=pl.col("name").last(),
        last_source=pl.col("source").last(),
    )


UNKNOWN = -1
held = st.lists(st.one_of(st.none(), st.integers(UNKNOWN, 9)), min_size=8, max_size=8)


@settings(max_examples=25)
@given(held, held, st.lists(st.sampled_from("XY"), min_size=8, max_size=8), st.integers(1, 7))
def test_a_window_with_what_was_seen_gives_what_all_history_gives(a, b, names, cut):
    named = line(a, code="02950", names=names)
    rows = pl.concat([named, line(b, code="00002"), line([1] * 8)])
    rows = rows.with_columns(pl.col("shares").replace(UNKNOWN, None))
    early, late = (
        rows.filter(p) for p in (pl.col("session") < DAYS[cut], pl.col("session") >= DAYS[cut])
    )
    known = entries(early)
    parts = pl.concat([known, entries(late, before=seen(spans(early), entries=known))])
    assert_frame_equal(parts, entries(rows))
