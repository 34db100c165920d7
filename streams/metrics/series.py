"""One series of a metric: a number or a spread, and the lines that show it, of which all but the numbers is written once."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import accumulate
from math import inf

from streams.metrics.metric import Metric

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


class Number:
    """Of a counter or a gauge."""

    def __init__(self, metric: Metric, labels: tuple[str, ...]) -> None:
        self._line = f"{metric.name}{_labels(metric, labels)} "
        self.value = 0.0

    def lines(self) -> Iterator[str]:
        yield f"{self._line}{self.value!r}"


class Spread:
    """Of a histogram. Times in seconds."""

    def __init__(self, metric: Metric, labels: tuple[str, ...]) -> None:
        self._bounds = metric.buckets
        self._counts = [0] * (len(metric.buckets) + 1)
        self._total = 0.0
        self._examples: dict[int, str] = {}
        name, bounds = metric.name, (*map(float, metric.buckets), inf)
        self._lines = [f"{name}_bucket{_labels(metric, labels, {'le': _bound(bound)})} " for bound in bounds]
        self._count, self._sum = (f"{name}_{part}{_labels(metric, labels)} " for part in ("count", "sum"))

    def observe(self, seconds: float, trace: str | None) -> None:
        """trace: of which this is an example; the newest of each bucket is shown."""
        place = bisect_left(self._bounds, seconds)
        self._counts[place] += 1
        self._total += seconds
        if trace is not None:
            self._examples[place] = f' # {{trace_id="{trace}"}} {seconds!r}'

    def lines(self) -> Iterator[str]:
        count = 0
        for place, (line, count) in enumerate(zip(self._lines, accumulate(self._counts), strict=True)):
            yield f"{line}{float(count)}{self._examples.get(place, '')}"
        yield f"{self._count}{float(count)}"
        yield f"{self._sum}{self._total!r}"


def _labels(metric: Metric, labels: tuple[str, ...], more: Mapping[str, str] | None = None) -> str:
    """Return them as they stand behind a name, in the order of the alphabet."""
    values = dict(zip(metric.label_names, labels, strict=True)) | dict(more or {})
    said = ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in sorted(values.items()))
    return f"{{{said}}}" if said else ""


def _bound(bound: float) -> str:
    return "+Inf" if bound == inf else str(bound)
