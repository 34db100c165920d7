"""A trace file of tests/semantics becomes a rule, and each of its tests the events and the phases that must happen."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from tests.oracle.catalogue import Catalogue, Plain
from tests.oracle.interpreter import Line
from tests.oracle.values import duration, instant, local_day

SEMANTICS = Path(__file__).parent.parent / "semantics"
PHASES = ("opened", "updated", "cleared", "corrected", "solved", "moot")
OF_A_TEST = {"at", "time", "event", "id", "source"}


@dataclass(frozen=True)
class Trace:
    """One test of one rule file; times in microseconds since 1970, `then` as it stands there."""

    rule: Plain
    test: Plain
    zone: str
    start: int

    @property
    def name(self) -> str:
        return f"{self.rule['rule']}: {self.test['name']}"

    @property
    def disorder(self) -> int | None:
        return duration(self.test["disorder"]) if "disorder" in self.test else None

    @property
    def until(self) -> int | None:
        return self.start + duration(self.test["until"]) if "until" in self.test else None

    def lines(self) -> list[Line]:
        """Return the given lines with whole events: examples for what is left out, and ids that grow."""
        catalogue, ids = Catalogue(read(SEMANTICS / "events.yaml"), self.zone), count(1)
        return [self._line(given, catalogue, next(ids)) for given in self.test["given"]]

    def _line(self, given: Plain, catalogue: Catalogue, number: int) -> Line:
        at = self.start + duration(given["at"])
        time = self.start + duration(given["time"]) if "time" in given else at
        own = {name: self._value(value, time, given, name, catalogue) for name, value in given.items() if name not in OF_A_TEST}
        data = catalogue.examples(given["event"]) | own
        identity = {"id": given.get("id", f"e{number:06d}"), "source": given.get("source", "test")}
        return Line(at, identity | {"type": given["event"], "time": time, "data": data})

    def _value(self, value: str, time: int, given: Plain, name: str, catalogue: Catalogue) -> Any:
        """Return the value; `+3d` counts from the event's own time."""
        if not value.startswith("+"):
            return value
        moment = time + duration(value[1:])
        is_day = catalogue.field_kind(given["event"], name) == "date"
        return local_day(moment, given.get("zone", self.zone)) if is_day else moment

    def expected(self) -> list[Plain]:
        """Return the lines of `then` that are phases of this rule's problems; what a fact brings belongs to notices."""
        mine = [line for line in self.test["then"] if line.get("rule", self.rule["rule"]) == self.rule["rule"]]
        facts = self.rule.get("facts", {})
        own = [line for line in mine if line.get("updated") not in facts and line.get("corrected") not in facts]
        return [line for line in own if any(phase in line for phase in PHASES)]


def read(path: Path) -> Any:
    """Parse YAML with every scalar as text."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def all_traces() -> Iterator[Trace]:
    for path in sorted(SEMANTICS.glob("*.yaml")):
        if path.name not in ("events.yaml", "choices.yaml"):
            rule = read(path)
            yield from (trace(rule, test) for test in rule["tests"])


def trace(rule: Plain, test: Plain) -> Trace:
    return Trace(rule, test, test.get("zone", "UTC"), instant(test.get("start", "2026-03-02T09:00:00Z")))
