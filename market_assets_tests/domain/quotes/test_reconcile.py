"""How statements of several sources become one row: laws of the choice and of the confidence."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.quotes.reconcile import (
    DAILY_QUOTES,
    DATED,
    DISAGREEMENTS,
    OFFICIAL,
    OFFICIAL_UNDATED,
    SOURCES,
    UNDATED,
    Reconciled,
    reconciled,
)
from market_assets.domain.quotes.rows import QUOTES

DAY, NEXT = date(2026, 10, 8), date(2026, 10, 9)
KNOWN = datetime(2026, 10, 8, 19, tzinfo=UTC)
LINES = pl.DataFrame(
    {"ticker": ["ATW", "IAM"], "isin": ["MA1", "MA2"], "name": ["Atw", "Iam"], "sector": ["B", "T"]}
)
WHO = pl.DataFrame(
    [
        ("first", "first", False, -1),
        ("exchange", "exchange", True, 0),
        ("cdg", "nt-soft", False, 1),
        ("wafa", "nt-soft", False, 2),
        ("bmce", "bmce", False, 3),
        ("investing", "investing", False, 4),
        ("medias", "medias", False, 5),
        ("scanner", "scanner", False, 6),
    ],
    schema=SOURCES,
    orient="row",
)
TRADED = {"open": 680.0, "high": 680.0, "low": 670.0, "close": 670.0, "volume": 49319}


def said(source: str, **values) -> dict:
    return {
        "ticker": "ATW",
        "session": DAY,
        "dated": source != "scanner",
        "source": source,
        "capture_id": f"{source}-1",
        "known_at": KNOWN,
    } | values


def agreed(*rows: dict) -> Reconciled:
    frame = pl.DataFrame(list(rows), schema=QUOTES)
    return reconciled(frame, sources=WHO, lines=LINES, mic="XCAS", currency="MAD")


def only(result: Reconciled) -> dict:
    return result.daily_quotes.row(0, named=True)


def test_the_exchange_alone_is_believed_as_far_as_its_weight():
    row = only(agreed(said("exchange", status="T", turnover=33070916.7, trades=113, **TRADED)))
    assert row["volume"] == 49319
    assert row["turnover"] == 33070916.7
    assert row["trades"] == 113
    assert (row["mic"], row["isin"], row["currency"]) == ("XCAS", "MA1", "MAD")
    assert (row["source"], row["sources"], row["capture_id"]) == ("exchange",) * 2 + ("exchange-1",)
    assert row["confidence"] == pytest.approx(OFFICIAL)


@pytest.mark.parametrize(
    ("source", "dated", "weight"),
    [
        ("exchange", True, OFFICIAL),
        ("exchange", False, OFFICIAL_UNDATED),
        ("cdg", True, DATED),
        ("cdg", False, UNDATED),
        ("cdg", None, UNDATED),
    ],
)
def test_a_row_weighs_by_who_says_it_and_whether_its_own_page_is_dated(source, dated, weight):
    row = only(agreed(said(source, dated=dated, turnover=33070916.7, **TRADED)))
    assert row["confidence"] == pytest.approx(weight)


def test_of_one_source_each_page_weighs_by_itself():
    rows = [said("wafa", close=670.0, dated=day == DAY, session=day) for day in (DAY, NEXT)]
    assert agreed(*rows).daily_quotes["close_confidence"].to_list() == [DATED, UNDATED]


def test_the_exchanges_undated_list_is_outvoted_by_two_dated_pages_and_not_by_one():
    live = said("exchange", close=670.0, volume=100, dated=False)
    cdg, bmce = (said(s, close=670.0, volume=49319) for s in ("cdg", "bmce"))
    assert only(agreed(live, cdg))["volume"] == 100
    assert only(agreed(live, cdg, bmce))["volume"] == 49319
    undated = [said(s, close=670.0, volume=49319, dated=False) for s in ("cdg", "bmce")]
    assert only(agreed(live, *undated))["volume"] == 100


def test_sources_of_one_engine_count_once():
    alone = only(agreed(said("cdg", **TRADED)))
    twins = only(agreed(said("cdg", **TRADED), said("wafa", **TRADED)))
    independent = only(agreed(said("cdg", **TRADED), said("bmce", **TRADED)))
    assert twins["confidence"] == alone["confidence"]
    assert independent["confidence"] > alone["confidence"]


def test_three_independent_pages_outvote_an_exchange_that_still_has_to_revise_and_two_do_not():
    wrong = said("exchange", close=670.0, volume=100)
    right = [said(s, close=670.0, volume=49319) for s in ("cdg", "bmce", "investing")]
    assert only(agreed(wrong, *right[:2]))["volume"] == 100
    result = agreed(wrong, *right)
    assert only(result)["volume"] == 49319
    assert only(result)["source"] == "cdg"
    expected = pl.DataFrame(
        [("ATW", DAY, "volume", "exchange", 100.0, 49319.0, 100 / 49319 - 1, "exchange-1")],
        schema=DISAGREEMENTS,
        orient="row",
    )
    assert_frame_equal(result.disagreements, expected)


def test_a_turnover_that_does_not_fit_the_agreed_volume_is_not_taken():
    shares_for_money = said("wafa", close=670.0, turnover=49319.0)
    result = agreed(said("exchange", **TRADED), shares_for_money)
    assert only(result)["turnover"] is None
    assert result.disagreements["field"].to_list() == ["turnover"]
    fits = agreed(said("exchange", **TRADED), said("wafa", close=670.0, turnover=33070916.7))
    assert only(fits)["turnover"] == 33070916.7
    assert fits.disagreements.height == 0


def test_an_unchecked_unit_rule_costs_confidence():
    checked = only(agreed(said("exchange", turnover=33070916.7, **TRADED)))
    unchecked = only(agreed(said("exchange", **TRADED)))
    assert unchecked["confidence"] == pytest.approx(checked["confidence"] * 0.9)


def test_a_suspended_line_has_no_volume_whoever_states_one():
    row = only(
        agreed(said("exchange", status="S", close=310.0), said("cdg", close=310.0, volume=0))
    )
    assert row["status"] == "S"
    assert row["volume"] is None
    assert row["confidence"] == row["close_confidence"]


def test_an_untraded_line_has_volume_zero_and_no_range():
    carried = {"open": None, "high": 680.0, "low": 670.0, "close": 670.0}
    row = only(
        agreed(
            said("exchange", status="NT", close=670.0, volume=0, turnover=0.0),
            said("bmce", volume=0, turnover=0.0, **carried),
        )
    )
    assert (row["status"], row["volume"], row["high"], row["low"]) == ("NT", 0, None, None)
    assert row["confidence"] == pytest.approx(1 - (1 - OFFICIAL) * (1 - DATED))


def test_rest_of_the_row_comes_only_from_sources_that_state_the_agreed_numbers():
    stale = said("cdg", open=600.0, high=610.0, low=590.0, close=600.0, volume=7, trades=1)
    row = only(agreed(said("exchange", close=670.0, volume=49319), stale))
    assert row["high"] is None
    assert row["trades"] is None


def test_a_close_without_any_volume_is_half_believed():
    row = only(agreed(said("exchange", close=670.0)))
    assert row["volume"] is None
    assert row["confidence"] == pytest.approx(OFFICIAL / 2)


def test_nothing_stated_gives_empty_tables_with_their_schemas():
    result = agreed()
    assert result.daily_quotes.schema == DAILY_QUOTES
    assert result.disagreements.schema == DISAGREEMENTS


def test_lines_and_sessions_do_not_mix():
    rows = [
        said("exchange", **TRADED),
        said("exchange", **TRADED) | {"ticker": "IAM", "volume": 5},
        said("exchange", **TRADED) | {"session": NEXT, "volume": 6},
    ]
    assert agreed(*rows).daily_quotes.select("ticker", "session", "volume").rows() == [
        ("ATW", DAY, 49319),
        ("IAM", DAY, 5),
        ("ATW", NEXT, 6),
    ]


statements = st.dictionaries(
    st.sampled_from(["exchange", "cdg", "wafa", "bmce", "investing", "scanner"]),
    st.fixed_dictionaries(
        {},
        optional={
            "close": st.sampled_from([670.0, 671.0, 672.5]),
            "volume": st.sampled_from([0, 10, 49319]),
            "high": st.just(680.0),
            "low": st.just(660.0),
            "turnover": st.sampled_from([6700.0, 49319.0, 33070916.7]),
            "trades": st.sampled_from([1, 3]),
            "dated": st.booleans(),
        },
    ),
    min_size=1,
)


@given(
    statements,
    st.sampled_from(["medias", "first"]),
    st.booleans(),
    st.sets(st.sampled_from(["high", "low", "turnover"])),
)
def test_confidence_stays_in_bounds_and_never_falls_when_another_independent_source_agrees(
    said_by, newcomer, dated, shown
):
    rows = [said(source, **values) for source, values in said_by.items()]
    before = agreed(*rows)
    row = only(before)
    assert 0 <= row["confidence"] <= 1
    echo = {c: row[c] for c in ("close", "volume", "turnover", "high", "low")}
    echo = {c: v for c, v in echo.items() if c in ("close", "volume") or c in shown}
    after = only(agreed(*rows, said(newcomer, dated=dated, **echo)))
    assert after["confidence"] >= row["confidence"] - 1e-9
    for column in ("close", "volume"):
        assert after[column] == row[column]


@given(statements, st.randoms())
def test_the_order_of_the_statements_does_not_matter(said_by, shuffle):
    rows = [said(source, **values) for source, values in said_by.items()]
    mixed = rows.copy()
    shuffle.shuffle(mixed)
    assert_frame_equal(agreed(*rows).daily_quotes, agreed(*mixed).daily_quotes)


def test_a_better_ranked_range_does_not_evict_a_turnover_that_fits_another():
    four = [said(s, close=100.0, volume=10) for s in ("bmce", "investing", "medias")]
    four.append(said("cdg", close=100.0, volume=10, high=110.0, low=99.0, turnover=1080.0))
    narrow = said("exchange", close=100.0, volume=10, high=100.0, low=99.0)
    before, after = only(agreed(*four)), only(agreed(*four, narrow))
    assert after["turnover"] == before["turnover"] == 1080.0
    assert after["confidence"] > before["confidence"]


def test_turnover_of_a_source_whose_volume_lost_is_not_taken():
    rows = [said("exchange", close=101.0, volume=1000), said("bmce", close=101.0, volume=1000)]
    result = agreed(*rows, said("cdg", close=101.0, volume=1010, turnover=102010.0))
    assert only(result)["turnover"] is None
    assert result.disagreements["field"].to_list() == ["turnover", "volume"]


def test_without_a_range_the_mean_price_must_be_near_the_close():
    near = agreed(said("cdg", close=100.0, volume=5), said("bmce", close=100.0, turnover=505.0))
    far = agreed(said("cdg", close=100.0, volume=5), said("bmce", close=100.0, turnover=33000.0))
    assert only(near)["turnover"] == 505.0
    assert only(far)["turnover"] is None


def test_a_line_without_volume_was_not_traded_whatever_a_source_calls_it():
    rows = [said("bmce", close=100.0, volume=0), said("wafa", status="T", close=100.0)]
    assert only(agreed(*rows))["status"] == "NT"


def test_what_others_say_of_a_suspended_line_is_a_disagreement():
    rows = [said("exchange", status="S", close=310.0), said("cdg", close=310.0, volume=500)]
    result = agreed(*rows, said("bmce", close=310.0, volume=0))
    assert result.disagreements.select("field", "source", "value", "chosen").rows() == [
        ("volume", "cdg", 500.0, None)
    ]
