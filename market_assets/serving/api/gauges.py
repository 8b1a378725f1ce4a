"""How things stand, for Prometheus: the same numbers as ``market-assets status``."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from prometheus_client.core import GaugeMetricFamily, Metric

from market_assets.serving.api.standing import Standing

PREFIX = "market_assets_"


def gauges(told: Standing) -> Iterable[Metric]:
    """The gauges of one standing; what is not known has no sample."""
    yield _gauge(
        "published_timestamp_seconds",
        "When the newest version was published.",
        [((), told.published_at.timestamp())],
    )
    yield _gauge("published_versions", "Published versions.", [((), told.versions)])
    for name, meaning, days in (
        (
            "table_newest_timestamp_seconds",
            "Midnight UTC of the table's newest day.",
            {each.table: each.newest for each in told.tables},
        ),
        (
            "table_due_timestamp_seconds",
            "Midnight UTC of the day that is due.",
            {each.table: each.due for each in told.tables},
        ),
    ):
        samples = [((table,), _seconds(day)) for table, day in days.items() if day]
        yield _gauge(name, meaning, samples, "table")
    yield _gauge(
        "table_sessions_behind",
        "Sessions that are due and missing.",
        [
            ((each.table,), each.sessions_behind)
            for each in told.tables
            if each.sessions_behind is not None
        ],
        "table",
    )
    yield _gauge(
        "table_stale",
        "1 where the table lacks a day that is due; never of what one source said.",
        [((each.table,), each.late) for each in told.tables],
        "table",
    )
    yield _gauge(
        "quality_score",
        "Mean score of the market's sources in its newest session, 0 to 1.",
        [((market,), score) for market, score in told.quality.items()],
        "market",
    )
    yield _gauge(
        "source_answered_timestamp_seconds",
        "When something last came from the source.",
        [((name,), row.fetched_at.timestamp()) for name, row in told.sources.items()],
        "source",
    )
    yield _gauge(
        "source_last_status",
        "HTTP status of what last came from the source.",
        [((name,), row.status) for name, row in told.sources.items()],
        "source",
    )
    yield _gauge(
        "disk_bytes",
        "What a part of the data directory takes.",
        [((part,), size) for part, size in told.disk.items()],
        "part",
    )


def _gauge(
    name: str, meaning: str, samples: Iterable[tuple[tuple[str, ...], float]], *labels: str
) -> Metric:
    family = GaugeMetricFamily(PREFIX + name, meaning, labels=labels)
    for values, value in samples:
        family.add_metric(values, float(value))
    return family


def _seconds(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp()
