"""Runs the product's core alone, without store and courier, on the inputs of the oracle, and answers in the oracle's words."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from contracts.event import Event
from contracts.ids import mark_of
from contracts.problem import Finding, ProblemPhase
from contracts.values import day_in
from rules.catalogue import Catalogue
from rules.compiler import RuleSet, compile_rules
from rules.loader import load_choices, load_events, read_rule
from rules.memory import Memory
from rules.packing import pack, unpack
from rules.step import apply, forget, settle, wake
from streams.due import in_order
from streams.watermark import FileWatermark
from tests.oracle.case import Phase
from tests.oracle.catalogue import Catalogue as OracleCatalogue
from tests.oracle.catalogue import Event as OracleEvent
from tests.oracle.catalogue import Plain
from tests.oracle.interpreter import Line
from tests.oracle.values import Day as OracleDay

SEMANTICS = Path(__file__).parent.parent / "semantics"
CATALOGUE = load_events(SEMANTICS / "events.yaml", Catalogue(()))
CHOICES = load_choices(SEMANTICS / "choices.yaml")


def compiled(text: str) -> RuleSet:
    return compile_rules([read_rule(text, "rules/trace.yaml", CATALOGUE, choices=CHOICES)], CATALOGUE)


class CoreRun:
    """The core with W and clock in hand. repacks: every memory goes through its packed form after each step."""

    def __init__(self, rules: RuleSet, plain_catalogue: Plain, zone: str, *, repacks: bool = False) -> None:
        self.rules, self.zone, self.repacks = rules, zone, repacks
        self.oracle_catalogue = OracleCatalogue(plain_catalogue, zone)
        self.memories: dict[str, Memory] = {}
        self.clock = self.w = 0

    def event(self, plain: Plain) -> Event:
        event = self.oracle_catalogue.event(plain)
        kinds = CATALOGUE[event.type].cases
        cases = tuple(f"{kind}/{event.data[field]}" for kind, field in kinds if event.data.get(field) is not None)
        return Event(event.id, event.source, event.type, event.time, cases, self._data(event), mark_of(event.source, event.id))

    def _data(self, event: OracleEvent) -> Plain:
        """The oracle's days become the product's."""
        zone = ZoneInfo(event.data.get("zone") or self.zone)
        return {
            name: day_in(value.day.isoformat(), zone) if isinstance(value, OracleDay) else value
            for name, value in event.data.items()
        }

    def apply(self, event: Event, w: int) -> Iterator[Finding]:
        for case in event.cases:
            plan = self.rules.plans.get(case.partition("/")[0])
            if plan is not None and event.type in plan.readings:
                memory = self.memories.get(case) or plan.new_memory(case)
                yield from apply(plan, memory, event, w=w).findings
                self._keep(memory)

    def fire(self) -> Iterator[Finding]:
        for memory in self.memories.values():
            forget(self.rules.plans[memory.case.partition("/")[0]], memory, w=self.w)
        for case in in_order(list(self.memories), lambda case: self.memories[case].ripe_due(self.w)):
            memory = self.memories[case]
            yield from wake(self.rules.plans[case.partition("/")[0]], memory, w=self.w)
            self._keep(memory)

    def _keep(self, memory: Memory) -> None:
        plan = self.rules.plans[memory.case.partition("/")[0]]
        self.memories[memory.case] = (
            unpack(plan, memory.case, pack(plan, memory), plan.layout) if self.repacks and not memory.gone else memory
        )

    def next_ripe(self) -> int | None:
        for memory in self.memories.values():
            settle(self.rules.plans[memory.case.partition("/")[0]], memory)
        return min((memory.ripe_at for memory in self.memories.values() if memory.ripe_at is not None), default=None)

    def said(self, findings: Iterable[Finding]) -> Iterator[Phase]:
        for finding in findings:
            if isinstance(finding, ProblemPhase):
                name = finding.detector or finding.ended_by or ""
                whose = (finding.case, finding.rule, finding.watch_start, finding.number)
                yield Phase(finding.phase.value, name, finding.at, self.clock, *whose)


def phases_of_file(run: CoreRun, events: Iterable[Plain], *, disorder: int) -> Iterator[Phase]:
    mark = FileWatermark(disorder=disorder)
    for plain in events:
        event = run.event(plain)
        mark.saw(event)
        assert mark.greatest is not None
        run.clock = max(run.clock, mark.greatest)
        yield from run.said(run.apply(event, mark.greatest - disorder))
        run.w = mark.greatest - disorder
        yield from run.said(run.fire())
    run.w = run.clock
    yield from run.said(run.fire())


def phases_of_lines(run: CoreRun, lines: Iterable[Line], *, until: int) -> Iterator[Phase]:
    for line in lines:
        yield from _walk(run, line.at)
        run.w = run.clock = line.at
        yield from run.said(run.apply(run.event(line.event), line.at))
    yield from _walk(run, until)


def _walk(run: CoreRun, to: int) -> Iterator[Phase]:
    while (ripe_at := run.next_ripe()) is not None and ripe_at <= to:
        run.w = run.clock = max(run.clock, ripe_at)
        yield from run.said(run.fire())
