"""What a metric is: its name, its kind, what it means, and labels of which every value is known before the process starts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import product

PREFIX = "tellfirst_"
Values = Sequence[tuple[str, ...]]


class Kind(StrEnum):
    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True)
class Label:
    """One label, or several whose values belong together. values: all there are; None: what the project configures."""

    names: tuple[str, ...]
    values: Values | None
    meaning: str = ""

    def values_of(self, name: str) -> tuple[str, ...] | None:
        """Return the values of one of its names, None where the project configures them."""
        place = self.names.index(name)
        return None if self.values is None else tuple(dict.fromkeys(value[place] for value in self.values))


@dataclass(frozen=True)
class Metric:
    """buckets: upper bounds of a histogram, in seconds. from_start: whether all its series stand at 0 from the start.

    of_store: read from the store, so that several processes on one store show the same number, not each its own part.
    """

    bare_name: str
    kind: Kind
    meaning: str
    labels: tuple[Label, ...] = ()
    buckets: tuple[float, ...] = ()
    from_start: bool = True
    of_store: bool = False

    @cached_property
    def name(self) -> str:
        return PREFIX + self.bare_name

    @property
    def label_names(self) -> tuple[str, ...]:
        return tuple(name for label in self.labels for name in label.names)

    @property
    def unit(self) -> str:
        if self.bare_name.endswith("_timestamp_seconds"):
            return "seconds since 1970"
        return "seconds" if self.bare_name.endswith("_seconds") else ""

    def series_names(self) -> tuple[str, ...]:
        """Return the names under which its series are found."""
        if self.kind is Kind.HISTOGRAM:
            return tuple(f"{self.name}_{part}" for part in ("bucket", "sum", "count"))
        return (self.name,)

    def series(self, configured: Mapping[tuple[str, ...], Values]) -> Iterator[tuple[str, ...]]:
        """Yield the label values of each series that there can be. configured: by the names of a label."""
        sets = [configured[label.names] if label.values is None else label.values for label in self.labels]
        for parts in product(*sets):
            yield tuple(value for part in parts for value in part)


def one_of(name: str, values: Sequence[str], meaning: str = "") -> Label:
    return Label((name,), tuple((str(value),) for value in values), meaning)


def counter(name: str, meaning: str, *labels: Label, of_store: bool = False) -> Metric:
    return Metric(name, Kind.COUNTER, meaning, labels, of_store=of_store)


def gauge(name: str, meaning: str, *labels: Label, from_start: bool = True, of_store: bool = False) -> Metric:
    return Metric(name, Kind.GAUGE, meaning, labels, from_start=from_start, of_store=of_store)


def histogram(name: str, meaning: str, buckets: tuple[float, ...], *labels: Label) -> Metric:
    return Metric(name, Kind.HISTOGRAM, meaning, labels, buckets)
