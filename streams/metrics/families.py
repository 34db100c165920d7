"""The catalogue as Prometheus reads it, every series at 0 from the start; numbers go in under a metric's definition.

Forms: Prometheus text 0.0.4, and OpenMetrics 1.0, which has examples. A batch adds to some twenty series and a scrape shows
thousands, so what a series looks like is written when it is made.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Generic, TypeVar

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as openmetrics
from prometheus_client.process_collector import ProcessCollector

from streams.metrics.metric import Kind, Metric, Values
from streams.metrics.series import Number, Spread

S = TypeVar("S")


class Family(dict[tuple[str, ...], S], Generic[S]):
    """The series of a metric, by the values of their labels; one that is asked for is there."""

    def __init__(self, make: Callable[[tuple[str, ...]], S]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, labels: tuple[str, ...]) -> S:
        made = self[labels] = self._make(labels)
        return made


class Families:
    """configured: the values of labels that the project decides, by the names of the label.

    A counter born at 1 is invisible to `increase()`, so every series that is known is there from the start.
    """

    def __init__(self, catalogue: Iterable[Metric], configured: Mapping[tuple[str, ...], Values]) -> None:
        self._process = CollectorRegistry()
        ProcessCollector(registry=self._process)
        self._catalogue = tuple(catalogue)
        spreads = [metric for metric in self._catalogue if metric.kind is Kind.HISTOGRAM]
        self._spreads = {metric.name: Family(partial(Spread, metric)) for metric in spreads}
        self._numbers = {metric.name: Family(partial(Number, metric)) for metric in self._catalogue if metric not in spreads}
        self._totals: dict[tuple[str, ...], float] = {}
        self._has_examples = False
        for metric in self._catalogue:
            for labels in metric.series(configured) if metric.from_start else ():
                self._family(metric)[labels]

    def text(self) -> bytes:
        """Return all of it as a scrape gets it: as plain text, with examples as OpenMetrics, which ends with `# EOF`."""
        own = "".join(f"{line}\n" for line in self._lines()).encode()
        return own + (openmetrics if self._has_examples else generate_latest)(self._process)

    def _lines(self) -> Iterator[str]:
        for metric in self._catalogue:
            family = metric.name.removesuffix("_total") if self._has_examples else metric.name
            yield f"# HELP {family} {metric.meaning}"
            yield f"# TYPE {family} {metric.kind}"
            for series in self._family(metric).values():
                yield from series.lines()

    def _family(self, metric: Metric) -> Family[Number] | Family[Spread]:
        return self._spreads[metric.name] if metric.kind is Kind.HISTOGRAM else self._numbers[metric.name]

    def add(self, metric: Metric, number: float, *labels: str) -> None:
        if number:
            self._numbers[metric.name][labels].value += number

    def show(self, metric: Metric, number: float, *labels: str) -> None:
        self._numbers[metric.name][labels].value = float(number)

    def hide(self, metric: Metric, *labels: str) -> None:
        """Take one series away: it is not ours to show any more."""
        self._numbers[metric.name].pop(labels, None)

    def observe(self, metric: Metric, seconds: float, *labels: str, trace: str | None = None) -> None:
        """trace: of which this is an example."""
        self._has_examples = self._has_examples or trace is not None
        self._spreads[metric.name][labels].observe(seconds, trace)

    def reach(self, metric: Metric, total: float, *labels: str) -> None:
        """Bring a counter up to a total that somebody else counts; one that became less leaves it where it is."""
        key = (metric.name, *labels)
        if total > (before := self._totals.get(key, 0)):
            self.add(metric, total - before, *labels)
            self._totals[key] = total
