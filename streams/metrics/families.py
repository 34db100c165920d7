"""The catalogue as families of prometheus-client, every series at 0 from the start; numbers go in under a metric's definition."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as openmetrics
from prometheus_client.process_collector import ProcessCollector

from streams.metrics.metric import Kind, Metric, Values

disable_created_metrics()  # type: ignore[no-untyped-call]

Family = Counter | Gauge | Histogram


class Families:
    """configured: the values of labels that the project decides, by the names of the label.

    A counter born at 1 is invisible to `increase()`, so every series that is known is there from the start.
    """

    def __init__(self, catalogue: Iterable[Metric], configured: Mapping[tuple[str, ...], Values]) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._families = {metric.name: _family(metric, self.registry) for metric in catalogue}
        self._children: dict[tuple[str, ...], Family] = {}
        self._totals: dict[tuple[str, ...], float] = {}
        self._has_examples = False
        for metric in catalogue:
            if metric.from_start:
                for labels in metric.series(configured):
                    self._child(metric, labels)

    def text(self) -> bytes:
        """Return all of it as a scrape gets it: as plain text, with examples as OpenMetrics, which ends with `# EOF`."""
        form = openmetrics if self._has_examples else generate_latest
        return form(self.registry)

    def add(self, metric: Metric, number: float, *labels: str) -> None:
        if number:
            self._child(metric, labels).inc(number)  # type: ignore[union-attr]

    def show(self, metric: Metric, number: float, *labels: str) -> None:
        self._child(metric, labels).set(number)  # type: ignore[union-attr]

    def hide(self, metric: Metric, *labels: str) -> None:
        """Take one series away: it is not ours to show any more."""
        if self._children.pop((metric.name, *labels), None) is not None:
            self._families[metric.name].remove(*labels)

    def observe(self, metric: Metric, seconds: float, *labels: str, trace: str | None = None) -> None:
        """trace: of which this is an example."""
        self._has_examples = self._has_examples or trace is not None
        self._child(metric, labels).observe(seconds, {"trace_id": trace} if trace else None)  # type: ignore[union-attr]

    def reach(self, metric: Metric, total: float, *labels: str) -> None:
        """Bring a counter up to a total that somebody else counts; one that became less leaves it where it is."""
        key = (metric.name, *labels)
        if total > (before := self._totals.get(key, 0)):
            self.add(metric, total - before, *labels)
            self._totals[key] = total

    def _child(self, metric: Metric, labels: tuple[str, ...]) -> Family:
        key = (metric.name, *labels)
        child = self._children.get(key)
        if child is None:
            family = self._families[metric.name]
            child = self._children[key] = family.labels(*labels) if labels else family
        return child


def _family(metric: Metric, registry: CollectorRegistry) -> Family:
    match metric.kind:
        case Kind.COUNTER:
            return Counter(metric.name, metric.meaning, metric.label_names, registry=registry)
        case Kind.GAUGE:
            return Gauge(metric.name, metric.meaning, metric.label_names, registry=registry)
        case Kind.HISTOGRAM:
            return Histogram(metric.name, metric.meaning, metric.label_names, buckets=metric.buckets, registry=registry)
