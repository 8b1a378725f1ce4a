"""What the service counts about itself, for Prometheus; nothing about who asked."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

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
        self._published = Gauge(
            "market_assets_published_timestamp_seconds",
            "When the newest version was published.",
            registry=self._registry,
        )

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

    def text(self, published: float) -> bytes:
        """All counts in the format of Prometheus; ``published`` in seconds since 1970."""
        self._published.set(published)
        return generate_latest(self._registry)
