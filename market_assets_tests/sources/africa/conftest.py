"""What the tests of the neighbours' sources share."""

from collections.abc import Callable

import pytest

COLUMNS = ("ticker", "session", "status", "high", "low", "close", "volume", "turnover", "trades")


@pytest.fixture(scope="session")
def quotes() -> Callable:
    """The rows of a parse, in the columns given."""

    def rows(parsed, *columns):
        return parsed.tables["african_quotes"].select(columns or COLUMNS).rows()

    return rows
