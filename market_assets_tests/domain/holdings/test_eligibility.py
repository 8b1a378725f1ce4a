"""What may newly be bought: whole lists are compared, and a short one says nothing."""

from collections.abc import Iterable

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from market_assets.domain.holdings.eligibility import SOUTHBOUND_ELIGIBILITY, eligibility_changes
from market_assets.domain.holdings.rows import ELIGIBLE
from market_assets_tests.domain.holdings.holding_rows import KNOWN, weekdays

DAYS = weekdays(5)


def listed(day: int, channel: str, codes: Iterable[str]) -> pl.DataFrame:
    page = {"session": DAYS[day], "channel": channel, "known_at": KNOWN}
    rows = [page | {"code": code, "name": f"N{code}"} for code in codes]
    return pl.DataFrame(rows, schema=ELIGIBLE)


def long(day: int, count: int, *, first=1, channel="shanghai") -> pl.DataFrame:
    return listed(day, channel, (f"{first + k:05}" for k in range(count)))


def changes(*lists: pl.DataFrame) -> pl.DataFrame:
    result = eligibility_changes(pl.concat(lists))
    assert result.schema == SOUTHBOUND_ELIGIBILITY
    return result


def test_lists_of_a_channel_are_compared_with_its_last_one():
    told = changes(
        listed(0, "shanghai", ["00001", "00002"]),
        listed(3, "shanghai", ["00002", "00003"]),
        listed(3, "shenzhen", ["00001"]),
        listed(4, "shanghai", ["00002", "00003"]),
    )
    assert told.rows() == [
        (DAYS[3], "shanghai", "00001", "N00001", "removed", DAYS[0]),
        (DAYS[3], "shanghai", "00003", "N00003", "added", DAYS[0]),
    ]


@pytest.mark.parametrize("short", [(79,), (50, 48), (50, 48, 60), (10, 30, 79)])
def test_short_lists_change_nothing_however_many_come_in_a_row(short):
    parts = [long(day, count) for day, count in enumerate(short, start=1)]
    other = [long(day, 5, channel="shenzhen") for day in range(5)]
    assert changes(long(0, 100), *parts, long(4, 100), *other).is_empty()
    told = changes(long(0, 100), *parts, long(4, 100, first=2), *other)
    assert_frame_equal(told, changes(long(0, 100), long(4, 100, first=2)))
    assert told.select("code", "change", "list_before").rows() == [
        ("00001", "removed", DAYS[0]),
        ("00101", "added", DAYS[0]),
    ]


def test_a_list_that_lacks_a_fifth_is_whole_and_is_what_the_next_is_compared_with():
    told = changes(long(0, 100), long(1, 80), long(2, 64), long(3, 51))
    assert told.group_by("session", "change", "list_before").len().sort("session").rows() == [
        (DAYS[1], "removed", DAYS[0], 20),
        (DAYS[2], "removed", DAYS[1], 16),
    ]
