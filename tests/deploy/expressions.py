"""What a PromQL expression asks for and what its answer carries, by a real parser and the catalogue of metrics."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from streams.metrics.catalogue import CATALOGUE
from streams.metrics.metric import Kind, Metric

promql = pytest.importorskip("promql_parser", reason="make install brings promql-parser")

SCRAPED = frozenset({"job", "instance"})
FOREIGN = {
    "up": SCRAPED,
    "scrape_samples_post_metric_relabeling": SCRAPED,
    "process_start_time_seconds": SCRAPED,
    "process_cpu_seconds_total": SCRAPED,
    "process_resident_memory_bytes": SCRAPED,
    "ALERTS": SCRAPED | {"alertname", "alertstate", "severity"},
}
METRICS: Mapping[str, Metric] = {name: metric for metric in CATALOGUE for name in metric.series_names()}
STAND_INS = {"$__rate_interval": "5m"}


@dataclass(frozen=True)
class Asked:
    """One series selector. within: the innermost aggregation around it, such as max; empty for none."""

    name: str
    matchers: tuple[tuple[str, str, str], ...]
    within: str


def parsed(text: str) -> Any:
    for word, value in STAND_INS.items():
        text = text.replace(word, value)
    return promql.parse(text)


def asked(node: Any, within: str = "") -> Iterator[Asked]:
    if isinstance(node, promql.VectorSelector):
        yield Asked(node.name, tuple((each.name, str(each.op), each.value) for each in node.matchers.matchers), within)
    if isinstance(node, promql.AggregateExpr):
        within = str(node.op)
    for child in children(node):
        yield from asked(child, within)


def children(node: Any) -> Iterator[Any]:
    for name in ("lhs", "rhs", "expr", "args", "vector_selector"):
        child = getattr(node, name, None)
        yield from child if isinstance(child, list) else [child] if child is not None else []


def faults(text: str, recorded: Mapping[str, str]) -> Iterator[str]:
    """Yield what in an expression the code does not export. recorded: the expressions of recording rules, by name."""
    for each in asked(parsed(text)):
        if each.name in recorded:
            continue
        labels = labels_of_series(each.name)
        if labels is None:
            yield f"nothing exports {each.name}"
            continue
        for label, how, value in each.matchers:
            if label not in labels:
                yield f"{each.name} has no label {label}"
            elif wrong := [word for word in words_of(how, value) if not may_be(each.name, label, word)]:
                yield f"{label} of {each.name} is never {', '.join(wrong)}"
    yield from lost_labels(parsed(text), recorded)


def words_of(how: str, value: str) -> list[str]:
    return value.split("|") if "Re" in how else [value]


def may_be(name: str, label: str, value: str) -> bool:
    metric = METRICS.get(name)
    if metric is None or value == "":
        return True
    if label == "le":
        return value in ("+Inf", *(str(float(bound)) for bound in metric.buckets))
    for each in metric.labels:
        if label in each.names and (values := each.values_of(label)) is not None:
            return value in values
    return re.fullmatch(r"[\w.+-]+", value) is not None


def labels_of_series(name: str) -> frozenset[str] | None:
    """Return the labels of an exported series, None where there is none of this name."""
    metric = METRICS.get(name)
    if metric is None:
        return FOREIGN.get(name)
    bounds = {"le"} if metric.kind is Kind.HISTOGRAM and name.endswith("_bucket") else set()
    return SCRAPED | set(metric.label_names) | bounds


def lost_labels(node: Any, recorded: Mapping[str, str]) -> Iterator[str]:
    """Yield labels by which something is grouped that does not have them."""
    if isinstance(node, promql.AggregateExpr) and node.modifier is not None:
        missing = set(node.modifier.labels) - labels_of(node.expr, recorded)
        if missing:
            yield f"grouped by {', '.join(sorted(missing))}, which nothing inside has"
    for child in children(node):
        yield from lost_labels(child, recorded)


def labels_of(node: Any, recorded: Mapping[str, str]) -> frozenset[str]:
    """Return the labels that the answer to an expression carries."""
    if isinstance(node, promql.VectorSelector):
        return (
            labels_of(parsed(recorded[node.name]), recorded)
            if node.name in recorded
            else labels_of_series(node.name) or frozenset()
        )
    if isinstance(node, promql.AggregateExpr):
        return frozenset(node.modifier.labels) if node.modifier is not None else frozenset()
    if isinstance(node, promql.Call):
        if node.func.name == "absent":
            return frozenset()
        inner = frozenset().union(*(labels_of(each, recorded) for each in node.args))
        return inner - {"le"} if node.func.name == "histogram_quantile" else inner
    if isinstance(node, promql.BinaryExpr):
        return labels_of(node.lhs, recorded) or labels_of(node.rhs, recorded)
    return frozenset().union(*(labels_of(each, recorded) for each in children(node)))
