"""What is repeated is no news: a statement is as old as the capture that first made it."""

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from market_assets.domain.news import newest_said

FIRST = datetime(2026, 7, 10, 9, tzinfo=UTC)
VALUES = st.lists(st.sampled_from([1.0, 2.0, None]), min_size=1, max_size=8)


def captured(values: list[float | None], *, thing: str) -> pl.DataFrame:
    """One statement a day; its capture is named after the thing and the day's number."""
    days = range(len(values))
    return pl.DataFrame(
        {
            "thing": [thing for _ in days],
            "value": values,
            "known_at": [FIRST + timedelta(days=day) for day in days],
            "capture_id": [f"{thing}{day}" for day in days],
        },
        schema_overrides={"value": pl.Float64},
    )


def stands(*statements: pl.DataFrame) -> list[tuple]:
    rows = newest_said(pl.concat(statements), by=["thing"], fields=["value"])
    return rows.select("thing", "value", "capture_id").rows()


def test_a_value_that_was_replaced_and_comes_back_is_new_again():
    assert stands(captured([1.0, 2.0, 2.0], thing="a")) == [("a", 2.0, "a1")]
    assert stands(captured([1.0, 2.0, 1.0, 1.0], thing="a")) == [("a", 1.0, "a2")]


@given(VALUES, VALUES)
def test_the_newest_value_stands_since_the_capture_that_first_gave_it(one, other):
    since = {
        name: max(n for n in range(len(x)) if n == 0 or x[n] != x[n - 1])
        for name, x in (("a", one), ("b", other))
    }
    expected = [("a", one[-1], f"a{since['a']}"), ("b", other[-1], f"b{since['b']}")]
    together = captured(one, thing="a"), captured(other, thing="b")
    assert stands(*together) == expected
    assert stands(*(rows.reverse() for rows in together)) == expected
