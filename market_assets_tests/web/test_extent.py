"""What the archive says it is about: from the first to the last session of its answers."""

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


def test_an_archive_without_an_answer_has_no_extent(archive, keep):
    assert archive.extent() is None
    keep(SESSION, SESSION, kind="attempt")
    keep(SESSION, SESSION, kind="robots")
    assert archive.extent() is None


def test_one_answer_is_its_own_extent(archive, keep):
    keep(SESSION - 3 * DAY, SESSION)
    assert archive.extent() == (SESSION - 3 * DAY, SESSION)


def test_the_extent_is_of_all_sources_whatever_the_order(archive, keep):
    keep(SESSION, SESSION)
    keep(SESSION - 700 * DAY, SESSION - 699 * DAY, source="casablanca_bourse")
    keep(SESSION - 9 * DAY, SESSION + DAY, source="wafabourse")
    keep(SESSION - 1000 * DAY, SESSION + 1000 * DAY, kind="attempt")
    assert archive.extent() == (SESSION - 700 * DAY, SESSION + DAY)


def test_the_extent_is_the_same_from_an_index_made_again(archive, keep):
    keep(SESSION - 5 * DAY, SESSION - 4 * DAY)
    keep(SESSION, SESSION)
    archive.rebuild_index()
    assert archive.extent() == (SESSION - 5 * DAY, SESSION)
    other = Archive(archive.directory)
    assert other.extent() == (SESSION - 5 * DAY, SESSION)
    other.close()
