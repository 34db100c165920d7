"""The catalogue of metrics and the alerts in, metrics.md out. Run it with `make monitoring`; a test compares."""

import re
from collections.abc import Iterator
from pathlib import Path

from deploy.monitoring.generate import ALERTS, RULES
from streams.metrics.catalogue import CATALOGUE, CHAPTERS, NOT_MEASURED
from streams.metrics.metric import Kind, Label, Metric

PAGE = Path(__file__).parent / "metrics.md"
RECORDS = {rule.record: rule.expr for rule in RULES if rule.record is not None}
FOUND = re.compile(r"\{\{.*?\}\}")
NAME = re.compile(r"[a-z_:][a-z0-9_:]*")

OPENING = """\
# Metrics

What `/metrics` shows, each number defined once in `streams/metrics/catalogue.py`. `make monitoring` makes this page anew, and a \
test says when that is due. Alerts, dashboards and how to use them: [monitoring](monitoring.md).

Every label ends: rules, sources and channels are those of the project, all others have the values that stand here. No case, no \
customer and no address is ever a label. Every series is there from the start, at 0, so that `increase()` sees the first too. \
Times are seconds since 1970. What is marked *of the store* is counted there, at most once a minute: several processes on one \
store show the same number, so take the greatest, never the sum.

"""
BESIDE = """\
Beside them stand the usual `process_*` of prometheus-client: CPU, memory, open files, start.
"""


def page() -> str:
    chapters = [f"## {title}\n\n{_table(metrics)}" for title, metrics in CHAPTERS.items()]
    lacks = "\n".join(f"- {what}: {why}." for what, why in NOT_MEASURED.items())
    return "\n".join(
        [OPENING + _configured(), *chapters, BESIDE, f"## Alerts\n\n{_alerts()}", f"## What is not measured\n\n{lacks}\n"]
    )


def _configured() -> str:
    labels = dict.fromkeys(label for metric in CATALOGUE for label in metric.labels if label.values is None)
    return "".join(f"- {_label(label)}: {label.meaning}\n" for label in labels)


def _alerts() -> str:
    head = "| alert | | says |\n|---|---|---|\n"
    return head + "".join(f"| [{name}](runbooks/{name}.md) | {' · '.join(how)} | {says} |\n" for name, how, says in _each_alert())


def _each_alert() -> Iterator[tuple[str, list[str], str]]:
    for name in ALERTS:
        alerts = [rule.alert for rule in RULES if rule.alert is not None and rule.alert.name == name]
        severities = list(dict.fromkeys(alert.severity for alert in alerts))
        yield name, severities, FOUND.sub("…", alerts[0].summary)


def _table(metrics: tuple[Metric, ...]) -> str:
    head = "| metric | kind | labels | meaning | alerts |\n|---|---|---|---|---|\n"
    return head + "".join(f"| {' | '.join(_row(metric))} |\n" for metric in metrics)


def _row(metric: Metric) -> Iterator[str]:
    yield f"`{metric.name}`"
    yield f"{metric.kind}, of the store" if metric.of_store else metric.kind
    yield "; ".join(map(_label, metric.labels)) or "—"
    yield _meaning(metric)
    yield ", ".join(f"[{name}](runbooks/Tellfirst{name}.md)" for name in alerts_on(metric)) or "—"


def _label(label: Label) -> str:
    if label.values is None:
        return ", ".join(f"`{name}`" for name in label.names)
    return ", ".join(f"`{name}`: {_values(label, name)}" for name in label.names)


def _values(label: Label, name: str) -> str:
    return " · ".join(value or "none" for value in label.values_of(name) or ())


def _meaning(metric: Metric) -> str:
    bounds = (
        f" Bounds in seconds: {', '.join(f'{bound:g}' for bound in metric.buckets)}." if metric.kind is Kind.HISTOGRAM else ""
    )
    return f"{metric.meaning}.{bounds}"


def alerts_on(metric: Metric) -> list[str]:
    """Return the alerts that ask for a metric, also by a recorded expression, without the `Tellfirst` of their names."""
    found = {rule.alert.name.removeprefix("Tellfirst") for rule in RULES if rule.alert and asks(rule.expr, metric)}
    return sorted(found)


def asks(expr: str, metric: Metric) -> bool:
    names = set(NAME.findall(expr))
    recorded = [RECORDS[name] for name in names if name in RECORDS]
    return bool(names & set(metric.series_names())) or any(asks(each, metric) for each in recorded)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
