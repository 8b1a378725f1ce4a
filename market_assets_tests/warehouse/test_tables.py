"""The laws of the warehouse's tables."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from market_assets.warehouse.failures import TableRefused, WarehouseBusy
from market_assets.warehouse.tables import Replacement, Warehouse

TABLE = "casablanca.daily_quotes"
MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)
EVERY_TYPE = pl.DataFrame(
    {
        "session": [MONDAY, MONDAY, TUESDAY],
        "ticker": ["IAM", "ATW", None],
        "volume": [1, None, 3],
        "close": [1.5, 2.25, None],
        "is_active": [True, None, False],
        "sources": [["a", "b"], [], None],
        "known_at": [
            datetime(2026, 3, 2, 16, 40, 1, 5, UTC),
            None,
            datetime(2026, 3, 3, tzinfo=UTC),
        ],
    },
    schema_overrides={"known_at": pl.Datetime("us", "UTC")},
)


def closes(*rows: tuple[date | None, str, float]) -> pl.DataFrame:
    schema = {"session": pl.Date, "ticker": pl.String, "close": pl.Float64}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def test_every_type_is_read_back_as_it_was_written(warehouse):
    warehouse.replace_sessions(TABLE, EVERY_TYPE, first=MONDAY, last=TUESDAY)
    assert_frame_equal(warehouse.read(TABLE), EVERY_TYPE)
    with warehouse.connected() as connection:
        assert connection.sql(f"DESCRIBE {TABLE}").pl()["column_type"].to_list() == [
            "DATE",
            "VARCHAR",
            "BIGINT",
            "DOUBLE",
            "BOOLEAN",
            "VARCHAR[]",
            "TIMESTAMP WITH TIME ZONE",
        ]


def test_an_empty_frame_creates_the_table_and_empties_its_range_only(warehouse):
    warehouse.replace_sessions(TABLE, EVERY_TYPE.clear(), first=MONDAY, last=FRIDAY)
    assert_frame_equal(warehouse.read(TABLE), EVERY_TYPE.clear())
    warehouse.replace_sessions(TABLE, EVERY_TYPE, first=MONDAY, last=FRIDAY)
    warehouse.replace_sessions(TABLE, EVERY_TYPE.clear(), first=TUESDAY, last=FRIDAY)
    assert_frame_equal(warehouse.read(TABLE), EVERY_TYPE.head(2))


def test_the_last_row_of_its_range_may_go_and_the_table_stays(warehouse):
    warehouse.replace_sessions(TABLE, EVERY_TYPE, first=MONDAY, last=FRIDAY)
    warehouse.replace_sessions(TABLE, EVERY_TYPE.clear(), first=MONDAY, last=FRIDAY)
    assert warehouse.sessions(TABLE) == []
    assert_frame_equal(warehouse.read(TABLE), EVERY_TYPE.clear())


def test_rows_are_kept_by_session_then_in_the_given_order(warehouse):
    given_order = closes((TUESDAY, "B", 1), (MONDAY, "Z", 2), (TUESDAY, "A", 3), (MONDAY, "Y", 4))
    warehouse.replace_sessions(TABLE, given_order, first=MONDAY, last=TUESDAY)
    expected = closes((MONDAY, "Z", 2), (MONDAY, "Y", 4), (TUESDAY, "B", 1), (TUESDAY, "A", 3))
    assert_frame_equal(warehouse.read(TABLE), expected)


def test_an_old_session_written_late_is_still_read_in_its_place(warehouse):
    for session in (TUESDAY, MONDAY):
        frame = closes((session, "ATW", 1))
        warehouse.replace_sessions(TABLE, frame, first=session, last=session)
    expected = closes((MONDAY, "ATW", 1), (TUESDAY, "ATW", 1))
    assert_frame_equal(warehouse.read(TABLE), expected)


def test_columns_are_matched_by_name_whatever_their_order(warehouse):
    warehouse.replace_sessions(TABLE, closes((MONDAY, "ATW", 1)), first=MONDAY, last=MONDAY)
    turned = closes((TUESDAY, "IAM", 2)).select("close", "ticker", "session")
    warehouse.replace_sessions(TABLE, turned, first=TUESDAY, last=TUESDAY)
    expected = closes((MONDAY, "ATW", 1), (TUESDAY, "IAM", 2))
    assert_frame_equal(warehouse.read(TABLE), expected)


def test_a_new_column_is_added_and_a_missing_one_is_null(warehouse):
    warehouse.replace_sessions(TABLE, closes((MONDAY, "ATW", 1)), first=MONDAY, last=MONDAY)
    wider = closes((TUESDAY, "IAM", 2)).with_columns(trades=pl.lit(7, pl.Int64)).drop("close")
    warehouse.replace_sessions(TABLE, wider, first=TUESDAY, last=TUESDAY)
    expected = closes((MONDAY, "ATW", 1), (TUESDAY, "IAM", None)).with_columns(
        trades=pl.Series([None, 7], dtype=pl.Int64)
    )
    assert_frame_equal(warehouse.read(TABLE), expected)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (closes((FRIDAY, "ATW", 1)), "1 of the new rows are outside .* the first of 2026-03-06"),
        (closes((None, "ATW", 1)), "the first of no session at all"),
        (closes((MONDAY, "ATW", 1)).cast({"close": pl.String}), "DOUBLE in the warehouse and VARC"),
        (closes((MONDAY, "ATW", 1)).cast({"session": pl.String}), "'session' .* is not a Date"),
        (closes((MONDAY, "ATW", 1)).drop("session"), "'session' .* is not a Date"),
        (
            closes((MONDAY, "ATW", 1)).with_columns(at=datetime(2026, 3, 2)),  # noqa: DTZ001 -- is refused
            "'at' is Datetime.*not kept; cast it",
        ),
        (closes((MONDAY, "ATW", 1)).with_columns(nothing=None), "'nothing' is Null, which is not"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(warehouse, frame, message):
    before = closes((MONDAY, "IAM", 3), (TUESDAY, "IAM", 4))
    warehouse.replace_sessions(TABLE, before, first=MONDAY, last=TUESDAY)
    with pytest.raises(TableRefused, match=message):
        warehouse.replace_sessions(TABLE, frame, first=MONDAY, last=TUESDAY)
    assert_frame_equal(warehouse.read(TABLE), before)


def test_several_tables_change_together_or_not_at_all(warehouse):
    fits = Replacement(table=TABLE, frame=closes((MONDAY, "ATW", 1)), first=MONDAY, last=MONDAY)
    trends = Replacement(
        table="casablanca.trends",
        frame=closes((MONDAY, "ATW", 1)).rename({"session": "period_start"}),
        first=MONDAY,
        last=MONDAY,
        column="period_start",
    )
    warehouse.replace_many([fits, trends])
    assert warehouse.sessions("casablanca.trends", column="period_start") == [MONDAY]
    changed = Replacement(table=TABLE, frame=closes((MONDAY, "ATW", 9)), first=MONDAY, last=MONDAY)
    unfit = Replacement(
        table="casablanca.trends",
        frame=trends.frame.cast({"close": pl.Int64}),
        first=MONDAY,
        last=MONDAY,
        column="period_start",
    )
    with pytest.raises(TableRefused, match=r"casablanca\.trends"):
        warehouse.replace_many([changed, unfit])
    assert_frame_equal(warehouse.read(TABLE), fits.frame)


def test_a_whole_table_is_replaced_with_its_columns(warehouse):
    warehouse.replace_table("casablanca.lines", closes((None, "ATW", 1)))
    lines = pl.DataFrame({"ticker": ["IAM", "ATW"], "shares": [3, 4]})
    warehouse.replace_table("casablanca.lines", lines)
    assert_frame_equal(warehouse.read("casablanca.lines"), lines)
    with pytest.raises(TableRefused, match="'shares' is Int8"):
        warehouse.replace_table("casablanca.lines", lines.cast({"shares": pl.Int8}))
    assert_frame_equal(warehouse.read("casablanca.lines"), lines)


def test_reading_takes_columns_and_bounds(warehouse):
    rows = closes((MONDAY, "ATW", 1), (TUESDAY, "ATW", 2), (FRIDAY, "ATW", 3))
    warehouse.replace_sessions(TABLE, rows, first=MONDAY, last=FRIDAY)
    middle = warehouse.read(TABLE, columns=["close"], first=TUESDAY, last=TUESDAY)
    assert_frame_equal(middle, pl.DataFrame({"close": [2.0]}))
    assert_frame_equal(warehouse.read(TABLE, first=TUESDAY), rows.tail(2))
    assert_frame_equal(warehouse.read(TABLE, last=TUESDAY), rows.head(2))


def test_a_table_that_is_not_there_has_no_rows_and_no_sessions(warehouse):
    assert warehouse.read("casablanca.nothing") is None
    assert warehouse.sessions("casablanca.nothing") == []
    assert warehouse.newest_sessions("casablanca.nothing", before=MONDAY, count=3) == []


def test_a_span_is_from_the_first_to_the_last_session_that_is_not_for_nothing(warehouse):
    rows = [
        (MONDAY, "ATW", 0.0),
        (TUESDAY, "ATW", 2.0),
        (TUESDAY, "IAM", 1.0),
        (FRIDAY, "IAM", 1.0),
    ]
    warehouse.replace_sessions(
        TABLE, closes(*rows, (MONDAY, "ADH", 0.0)), first=MONDAY, last=FRIDAY
    )
    spans = warehouse.spans(TABLE, key="ticker", amount="close", before=FRIDAY)
    assert spans.rows() == [("ATW", TUESDAY, TUESDAY), ("IAM", TUESDAY, TUESDAY)]
    unknown = closes((MONDAY, "ATW", 0.0)).with_columns(close=pl.lit(None, pl.Float64))
    warehouse.replace_sessions(TABLE, unknown, first=MONDAY, last=FRIDAY)
    spans = warehouse.spans(TABLE, key="ticker", amount="close", before=FRIDAY)
    assert spans.rows() == [("ATW", MONDAY, MONDAY)]
    assert warehouse.spans("other.table", key="ticker", amount="close", before=FRIDAY).is_empty()


@pytest.mark.parametrize("gap", [3, 400])
def test_the_newest_sessions_are_the_last_of_all_of_them(warehouse, gap):
    days = [date(2026, 3, 2) - timedelta(days=gap * number) for number in range(30)]
    rows = closes(*[(day, "ATW", 1) for day in days])
    warehouse.replace_sessions(TABLE, rows, first=days[-1], last=days[0])
    known = warehouse.sessions(TABLE)
    assert known == sorted(days)
    for wanted in (0, 1, 5, 29, 30, 31):
        found = warehouse.newest_sessions(TABLE, before=days[0], count=wanted)
        assert found == known[:-1][max(0, 29 - wanted) :]
    assert warehouse.newest_sessions(TABLE, before=date.max, count=1) == [days[0]]


def test_any_name_may_be_a_column_or_a_table(warehouse):
    odd = (
        closes((MONDAY, "ATW", 1)).rename({"ticker": 'order "by'}).with_columns(select=pl.lit("'"))
    )
    table = 'sch"ema.from; DROP'
    warehouse.replace_sessions(table, odd, first=MONDAY, last=MONDAY)
    assert_frame_equal(warehouse.read(table, columns=odd.columns), odd)


@pytest.mark.parametrize(
    "name", ["daily_quotes", "a.b.c", ".b", "a.", "", "meta.warehouse", "META.x"]
)
def test_a_table_has_a_schema_and_a_name_and_is_not_the_warehouse_s_own(warehouse, name):
    with pytest.raises(TableRefused, match="is not a table's name"):
        warehouse.replace_sessions(name, closes(), first=MONDAY, last=MONDAY)


def test_a_range_must_not_end_before_it_begins(warehouse):
    with pytest.raises(TableRefused, match="end before they begin"):
        warehouse.replace_sessions(TABLE, closes(), first=TUESDAY, last=MONDAY)


def test_one_connection_never_opens_inside_another(tmp_path):
    impatient = Warehouse(tmp_path / "warehouse.duckdb", mode="sandbox", patience=0)
    with impatient.connected(), pytest.raises(WarehouseBusy, match="already open in this process"):
        impatient.sessions(TABLE)
    assert impatient.sessions(TABLE) == []


def test_what_was_not_committed_is_undone_when_the_caller_fails(warehouse):
    def fails_half_way() -> None:
        with warehouse.connected() as connection:
            connection.execute("BEGIN")
            connection.execute("CREATE TABLE main.half AS SELECT 1")
            raise KeyError

    with pytest.raises(KeyError):
        fails_half_way()
    assert warehouse.read("main.half") is None


DAYS = st.integers(0, 9)
WRITES = st.tuples(DAYS, DAYS, st.lists(st.tuples(DAYS, st.sampled_from("ABC")), max_size=8))
NUMBERS = count()


@settings(max_examples=10, deadline=None)
@given(st.lists(WRITES, min_size=1, max_size=4))
def test_any_sequence_of_replacements_is_what_a_dict_would_hold(tmp_path_factory, writes):
    directory = tmp_path_factory.mktemp("law")
    warehouse = Warehouse(directory / "warehouse.duckdb", mode="sandbox", patience=10)
    model: dict[date, list[tuple[date, str, float]]] = {}
    for one, other, wanted in writes:
        first, last = (MONDAY + timedelta(days=day) for day in sorted((one, other)))
        rows = [
            (MONDAY + timedelta(days=day), ticker, float(next(NUMBERS)))
            for day, ticker in wanted
            if min(one, other) <= day <= max(one, other)
        ]
        warehouse.replace_sessions(TABLE, closes(*rows), first=first, last=last)
        model = {day: kept for day, kept in model.items() if not first <= day <= last}
        for row in rows:
            model.setdefault(row[0], []).append(row)
    expected = closes(*[row for day in sorted(model) for row in model[day]])
    assert_frame_equal(warehouse.read(TABLE), expected)
    assert warehouse.sessions(TABLE) == sorted(model)


def test_of_a_shared_table_each_writer_replaces_its_own_rows_only(warehouse):
    def rows(asset: str, text: str) -> Replacement:
        frame = pl.DataFrame({"asset": [asset], "session": [MONDAY], "text": [text]})
        return Replacement(
            table="quality.quarantine",
            frame=frame,
            first=MONDAY,
            last=MONDAY,
            owner=("asset", asset),
        )

    warehouse.replace_many([rows("a", "old"), rows("b", "kept")])
    warehouse.replace_many([rows("a", "new")])
    kept = warehouse.read("quality.quarantine").sort("asset")
    assert kept.select("asset", "text").rows() == [("a", "new"), ("b", "kept")]
