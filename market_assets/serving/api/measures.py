"""What the service counts about itself, for Prometheus; nothing about who asked."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5)


class Measures:
    """The counters of one service."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answered = Counter(
            "market_assets_api_answers",
            "Answers by route, status and whether they were kept.",
            ["route", "status", "kept"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "market_assets_api_seconds",
            "From a request to its answer.",
            ["kept"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._counters: dict[tuple[str, int, bool], tuple[Counter, Histogram]] = {}

    def count(self, route: str, status: int, seconds: float, *, kept: bool) -> None:
        """One answer."""
        known = self._counters.get((route, status, kept))
        if known is None:
            mark = "yes" if kept else "no"
            known = self._answered.labels(route, str(status), mark), self._seconds.labels(mark)
            self._counters[route, status, kept] = known
        answered, took = known
        answered.inc()
        took.observe(seconds)

    def text(self, beside: Iterable[Metric]) -> bytes:
        """All counts, and what is told ``beside`` them, in the format of Prometheus."""
        return generate_latest(self._registry) + text_of(beside)


class _Told(Collector):
    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def text_of(metrics: Iterable[Metric]) -> bytes:
    """``metrics`` in the format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Told(list(metrics)))
    return generate_latest(registry)
