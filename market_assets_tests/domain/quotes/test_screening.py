"""Which rows may testify: every reason once on each side of its line."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.domain.quotes.rows import QUOTES
from market_assets.domain.quotes.screening import REASONS, current_rows, revisions, screened
from market_assets.domain.refusals import REFUSED

DAYS = [date(2026, 10, d) for d in (6, 7, 8)]
EARLY = datetime(2026, 10, 8, 18, tzinfo=UTC)
CLOSES = pl.DataFrame(
    {
        "session": DAYS,
        "closed_at": [datetime(d.year, d.month, d.day, 15, 30, tzinfo=UTC) for d in DAYS],
    },
    schema_overrides={"closed_at": pl.Datetime("us", "UTC")},
)


def row(**values) -> dict:
    return {
        "ticker": "ATW",
        "session": DAYS[2],
        "source": "cdg_capital",
        "capture_id": "c1",
        "known_at": EARLY,
        "close": 670.0,
        "volume": 49319,
        "dated": True,
    } | values


def judge(*rows: dict, copied: tuple[str, ...] = ()):
    return screened(
        pl.DataFrame(list(rows), schema=QUOTES),
        closes=CLOSES,
        tickers=[f"L{i}" for i in range(25)] + ["ATW"],
        copied_captures=copied,
    )


def reasons(*rows: dict, **kwargs) -> list[str]:
    return judge(*rows, **kwargs).refused["reason"].to_list()


def test_a_plain_row_is_kept_as_it_is():
    result = judge(row())
    assert result.kept.rows(named=True) == [dict.fromkeys(QUOTES) | row()]
    assert result.refused.schema == REFUSED
    assert result.refused.height == 0


@pytest.mark.parametrize("day", [date(2026, 10, 10), date(2026, 9, 17)])
def test_a_saturday_and_a_cancelled_session_are_no_sessions(day):
    assert reasons(row(session=day)) == ["not a session"]


def test_an_unknown_line_is_refused_with_its_text():
    refused = judge(row(ticker="XYZ")).refused.row(0, named=True)
    assert refused["reason"] == "unknown line"
    assert refused["text"] == (
        "XYZ 2026-10-08 open - high - low - close 670.0 volume 49319 turnover -"
    )


def test_bytes_that_came_under_two_names_are_nobodys_testimony():
    assert reasons(row(), copied=("c1",)) == ["same bytes as another source"]
    assert reasons(row(), copied=("c2",)) == []


def test_a_repeated_row_counts_once_and_contradicting_ones_not_at_all():
    assert reasons(row(), row()) == ["duplicate row"]
    assert reasons(row(), row(volume=1)) == ["conflicting rows"] * 2


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"low": 670.0, "high": 680.0, "open": 675.0}, []),
        ({"low": 671.0, "high": 680.0}, ["impossible price"]),
        ({"low": 660.0, "high": 669.0}, ["impossible price"]),
        ({"low": 660.0, "high": 680.0, "open": 681.0}, ["impossible price"]),
        ({"close": 0.0}, ["impossible price"]),
        ({"volume": -1}, ["impossible price"]),
    ],
)
def test_prices_must_be_possible(values, fault):
    assert reasons(row(**values)) == fault


@pytest.mark.parametrize(
    ("turnover", "kept_volume"),
    [
        (49319 * 670.0, 49319),
        (49319 * 680.0, 49319),
        (49319 * 680.0 + 0.5, 49319),
        (49319 * 680.0 + 1, None),
        (49319 * 670.0 - 1, None),
        (49319.0, None),
    ],
)
def test_the_mean_price_lies_between_low_and_high_or_volume_and_turnover_are_dropped(
    turnover, kept_volume
):
    result = judge(row(low=670.0, high=680.0, turnover=turnover))
    kept = result.kept.row(0, named=True)
    assert kept["close"] == 670.0
    assert kept["volume"] == kept_volume
    assert kept["turnover"] == (turnover if kept_volume else None)
    assert result.refused["reason"].to_list() == ([] if kept_volume else ["unit rule"])


def market(session: date, shift: dict[str, float]) -> list[dict]:
    tickers = [f"L{i}" for i in range(20)]
    return [row(ticker=t, session=session, close=100 + shift.get(t, 0.0)) for t in tickers]


def test_a_source_that_replays_the_session_before_is_a_ghost():
    replay = [*market(DAYS[0], {}), *market(DAYS[1], {"L0": 1.0})]
    assert reasons(*replay) == ["ghost session"] * 20
    alive = [*market(DAYS[0], {}), *market(DAYS[1], {"L0": 1.0, "L1": 1.0})]
    assert reasons(*alive) == []


def test_a_few_unmoved_lines_are_no_ghost_and_neither_is_the_session_after_a_gap():
    assert reasons(*market(DAYS[0], {})[:19], *market(DAYS[1], {})[:19]) == []
    gap = [*market(DAYS[0], {}), row(session=DAYS[1]), *market(DAYS[2], {})]
    assert reasons(*gap) == []


def test_the_latest_capture_wins():
    later = EARLY + timedelta(hours=14)
    rows = pl.DataFrame([row(), row(volume=50000, known_at=later)], schema=QUOTES)
    assert current_rows(rows, "ticker", "session")["volume"].to_list() == [50000]


def test_no_exchange_waits_for_the_capture_of_another():
    later = EARLY + timedelta(hours=14)
    both = [{"mic": "XNSA", **row()}, {"mic": "XJSE", **row(known_at=later)}]
    rows = pl.DataFrame(both, schema={"mic": pl.String, **QUOTES})
    assert_frame_equal(current_rows(rows, "mic", "ticker", "session"), rows)


def test_a_changed_value_is_kept_with_the_time_it_was_known_and_replaced():
    hours = [EARLY + timedelta(hours=h) for h in range(4)]
    volumes = [10, 10, 12, 12]
    rows = [row(volume=v, known_at=h) for v, h in zip(volumes, hours, strict=True)]
    history = revisions(pl.DataFrame(rows[::-1], schema=QUOTES), closes=CLOSES)
    assert history.select("volume", "known_at", "replaced_at").rows() == [
        (10, hours[0], hours[2]),
        (12, hours[2], None),
    ]


@given(st.lists(st.sampled_from([None, 1, 2]), min_size=1, max_size=8))
def test_revisions_lose_no_change_and_add_none(volumes):
    rows = [row(volume=v, known_at=EARLY + timedelta(hours=h)) for h, v in enumerate(volumes)]
    history = revisions(pl.DataFrame(rows, schema=QUOTES), closes=CLOSES)["volume"].to_list()
    known = [v for v in volumes if v is not None]
    changes = [v for v, before in zip(known, [None, *known], strict=False) if v != before]
    assert history == ([None] if volumes[0] is None else []) + changes


def test_a_page_that_shows_less_of_the_same_takes_nothing_back():
    later = EARLY + timedelta(hours=1)
    rows = [row(high=680.0), row(high=None, volume=None, known_at=later, capture_id="c2")]
    history = revisions(pl.DataFrame(rows, schema=QUOTES), closes=CLOSES)
    assert history.select("high", "volume", "capture_id", "replaced_at").rows() == [
        (680.0, 49319, "c1", None)
    ]


def test_a_statement_that_differs_stands_alone():
    later = EARLY + timedelta(hours=1)
    rows = [row(high=680.0), row(close=690.0, volume=None, known_at=later, capture_id="c2")]
    history = revisions(pl.DataFrame(rows, schema=QUOTES), closes=CLOSES)
    assert history.select("close", "high", "volume", "capture_id", "replaced_at").rows() == [
        (670.0, 680.0, 49319, "c1", later),
        (690.0, None, None, "c2", None),
    ]


NOON = datetime(2026, 10, 8, 12, tzinfo=UTC)


def test_what_is_repeated_after_the_close_is_stated_anew_and_may_testify():
    said = [row(known_at=NOON), row(known_at=EARLY, capture_id="evening")]
    history = revisions(pl.DataFrame(said, schema=QUOTES), closes=CLOSES)
    assert history.select("capture_id", "known_at", "replaced_at").rows() == [
        ("c1", NOON, EARLY),
        ("evening", EARLY, None),
    ]
    standing = history.filter(pl.col("replaced_at").is_null()).select(QUOTES.names())
    assert reasons(*standing.rows(named=True)) == []


def test_what_was_said_before_the_close_alone_is_of_part_of_a_day():
    said = [row(known_at=NOON), row(known_at=NOON + timedelta(hours=1))]
    standing = revisions(pl.DataFrame(said, schema=QUOTES), closes=CLOSES).drop("replaced_at")
    assert reasons(*standing.rows(named=True)) == ["before the close"]


def test_a_field_of_part_of_a_day_does_not_fill_the_whole_one():
    said = [row(known_at=NOON, trades=9), row(known_at=EARLY)]
    history = revisions(pl.DataFrame(said, schema=QUOTES), closes=CLOSES)
    assert history["trades"].to_list() == [9, None]


def test_a_row_known_before_its_session_closed_is_of_part_of_a_day():
    noon = datetime(2026, 10, 8, 12, tzinfo=UTC)
    assert reasons(row(known_at=noon)) == ["before the close"]
    assert reasons(row(known_at=noon.replace(hour=15, minute=30))) == []


@pytest.mark.parametrize(("kind", "reason"), REASONS.items())
def test_each_refusal_says_its_kind(kind, reason):
    rows = {
        "not_a_session": [row(session=date(2026, 10, 10))],
        "before_close": [row(known_at=datetime(2026, 10, 8, 12, tzinfo=UTC))],
        "unknown_line": [row(ticker="XYZ")],
        "same_bytes": [row(capture_id="copied")],
        "conflicting_rows": [row(), row(volume=1)],
        "duplicate_row": [row(), row()],
        "impossible_price": [row(close=0.0)],
        "ghost_session": [*market(DAYS[0], {}), *market(DAYS[1], {})],
        "unit_rule": [row(low=670.0, high=680.0, turnover=49319.0)],
    }
    refused = judge(*rows[kind], copied=("copied",)).refused
    assert refused.select("kind", "reason").unique().rows() == [(kind, reason)]


def known(*pages: dict) -> list[tuple]:
    """What stands and what stood after ``pages``, an hour apart, and whether it is dated."""
    rows = [
        row(capture_id=f"c{hour}", known_at=EARLY + timedelta(hours=hour)) | page
        for hour, page in enumerate(pages)
    ]
    history = revisions(pl.DataFrame(rows, schema=QUOTES), closes=CLOSES)
    return history.select("capture_id", "volume", "dated").rows()


def test_a_dated_page_that_repeats_an_undated_one_makes_it_dated_whichever_came_first():
    assert known({"dated": False}) == [("c0", 49319, False)]
    assert known({"dated": False}, {"dated": True}) == [("c0", 49319, True)]
    assert known({"dated": True}, {"dated": False}) == [("c0", 49319, True)]


def test_a_dated_page_that_says_something_else_dates_only_itself():
    assert known({"dated": False}, {"volume": 7}) == [("c0", 49319, False), ("c1", 7, True)]


def test_a_dated_page_without_the_volume_does_not_date_the_volume():
    assert known({"dated": False}, {"volume": None}) == [("c0", 49319, False)]
    assert known({"volume": None}, {"dated": False}) == [("c0", None, True), ("c1", 49319, False)]


pages = st.fixed_dictionaries(
    {
        "close": st.sampled_from([670.0, 671.0]),
        "volume": st.sampled_from([None, 1, 2]),
        "dated": st.booleans(),
    }
)


@given(st.lists(pages, min_size=1, max_size=6))
def test_what_is_dated_was_said_on_dated_pages(said):
    told = {p["dated"] for p in said}
    stated = {(p["close"], p["volume"]) for p in said if p["dated"]}
    rows = [page | {"known_at": EARLY + timedelta(hours=h)} for h, page in enumerate(said)]
    history = revisions(pl.DataFrame([row(**page) for page in rows], schema=QUOTES), closes=CLOSES)
    for close, volume, dated in history.select("close", "volume", "dated").iter_rows():
        if dated:
            assert close in {c for c, _ in stated}
            assert volume is None or volume in {v for _, v in stated}
    assert told == {True, False} or set(history["dated"]) == told


def test_a_saturday_row_of_one_source_does_not_hide_the_replay_of_another():
    saturday = row(source="other", session=date(2026, 10, 10), known_at=EARLY + timedelta(days=3))
    replay = [*market(DAYS[0], {}), *market(DAYS[1], {})]
    assert sorted(set(reasons(saturday, *replay))) == ["ghost session", "not a session"]
