"""What the archive says it is about: the sessions of its answers."""

from datetime import timedelta

import pytest

from market_assets.web.archive import Archive
from market_assets.web.warc import Answered, Asked
from market_assets_tests.web.scene import NOON, SESSION, SOURCE

DAY = timedelta(days=1)


@pytest.fixture
def keep(archive):
    """``keep(first, last, kind, source)``: one record about these sessions."""

    def kept(first, last, kind="answer", source=SOURCE) -> None:
        with archive.writing(source, first, last) as writing:
            writing.add(
                key="page",
                kind=kind,
                asked=Asked(method="GET", url="https://publisher.example/page"),
                answered=Answered(status=200),
                body=b"page",
                fetched_at=NOON,
            )

    return kept


def test_an_archive_without_an_answer_is_about_nothing(archive, keep):
    assert archive.ranges([SOURCE]) == []
    keep(SESSION, SESSION, kind="attempt")
    keep(SESSION, SESSION, kind="robots")
    assert archive.ranges([SOURCE]) == []


def test_the_ranges_are_of_the_named_sources_each_once_and_ascending(archive, keep):
    keep(SESSION, SESSION)
    keep(SESSION, SESSION)
    keep(SESSION - 700 * DAY, SESSION - 699 * DAY, source="casablanca_bourse")
    keep(SESSION - 9 * DAY, SESSION + DAY, source="wafabourse")
    keep(SESSION - 1000 * DAY, SESSION + 1000 * DAY, kind="attempt")
    long_ago = (SESSION - 700 * DAY, SESSION - 699 * DAY)
    assert archive.ranges([SOURCE, "casablanca_bourse"]) == [long_ago, (SESSION, SESSION)]
    assert archive.ranges(["wafabourse"]) == [(SESSION - 9 * DAY, SESSION + DAY)]


def test_the_ranges_are_the_same_from_an_index_made_again(archive, keep):
    keep(SESSION - 5 * DAY, SESSION - 4 * DAY)
    keep(SESSION, SESSION)
    ranges = archive.ranges([SOURCE])
    assert ranges == [(SESSION - 5 * DAY, SESSION - 4 * DAY), (SESSION, SESSION)]
    archive.rebuild_index()
    assert archive.ranges([SOURCE]) == ranges
    other = Archive(archive.directory)
    assert other.ranges([SOURCE]) == ranges
    other.close()
