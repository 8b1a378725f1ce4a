"""When these tests play and of which source they speak."""

from datetime import UTC, date, datetime

SESSION = date(2026, 10, 9)
NOON = datetime(2026, 10, 9, 12, 0, tzinfo=UTC)
SOURCE = "cdg_capital"
