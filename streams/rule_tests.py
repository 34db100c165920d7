"""The tests in a rule, run on the real core, store and courier with a virtual clock: what happened against what was expected."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import closing
from zoneinfo import ZoneInfo

from msgspec import Struct

from contracts.ids import kind_of
from contracts.telling import RuleState, Stage
from contracts.times import DAY, find_zone
from rules.compiler import RuleSet, compile_rules
from rules.memory import Memory
from rules.model import Rule, RuleTest
from storage.sqlite import open_memory
from storage.store import CustomerRow
from streams.batch import Core
from streams.given import SOURCE, Unreadable, cloud_event, data_of
from streams.intake import Intake
from streams.lines import Happened, difference
from streams.project import Project
from streams.proof import is_armed
from streams.rehearsal import Rehearsal
from streams.story import Story
from streams.telling import Reach, asking, courier_of
from streams.watermark import ClockWatermark, FileWatermark

UNTESTED = "no detector was ever armed, so the test proves nothing — let it begin with an event that opens the watch and arms one"
MOST_STEPS = 10_000


class TestResult(Struct, frozen=True, kw_only=True):
    """difference: what was expected (-) and what happened (+), None when the test passed."""

    __test__ = False

    rule: str
    name: str
    passed: bool
    difference: str | None


def run_rule_tests(project: Project, *, rules: Iterable[str] | None = None) -> list[TestResult]:
    """Run the tests of these rules, of all where none are named, in the order of the files."""
    wanted = set(rules) if rules is not None else {rule.name for rule in project.rules}
    return asyncio.run(_run(project, [rule for rule in project.rules if rule.name in wanted]))


async def _run(project: Project, rules: Sequence[Rule]) -> list[TestResult]:
    results = []
    for rule in rules:
        for test in rule.tests:
            found = await _difference(project, rule, test)
            results.append(TestResult(rule=rule.name, name=test.name, passed=found is None, difference=found))
    return results


async def _difference(project: Project, rule: Rule, test: RuleTest) -> str | None:
    with closing(Trial(project, rule, test)) as trial:
        try:
            await trial.run()
        except Unreadable as wrong:
            return str(wrong)
        return difference(test.then, trial.happened, start=test.start) or (None if trial.armed else UNTESTED)


class Trial:
    """One test on its way, in a store of its own. armed: whether any detector of the rule ever had something to go by."""

    def __init__(self, project: Project, rule: Rule, test: RuleTest) -> None:
        self._project, self._rule, self._test = project, rule, test
        self._zone = (find_zone(test.zone) if test.zone else None) or project.settings.zone
        self._ruleset = _live_rules(project, rule, test)
        self.store = open_memory()
        self._core = Core(self._ruleset, self.store)
        self._mark = ClockWatermark(test.start) if test.disorder is None else FileWatermark(disorder=test.disorder)
        self._intake = Intake(project.catalogue, source=SOURCE, mapping=None, zone=self._zone)
        self._story = Story()
        self._cases: dict[str, None] = {}
        self._last_due = test.start
        self.armed = False

    @property
    def happened(self) -> list[Happened]:
        return self._story.lines

    async def run(self) -> None:
        self._prepare()
        rehearsal = self._rehearsal()
        for number, line in enumerate(self._test.given, 1):
            if self._test.disorder is None:
                await rehearsal.advance(self._test.start + line.at)
            raw = cloud_event(
                line, self._project.catalogue[line.event_type], start=self._test.start, number=number, zone=self._zone
            )
            await self._take(rehearsal, raw, number)
        await self._run_on(rehearsal)

    def close(self) -> None:
        self.store.close()

    def _rehearsal(self) -> Rehearsal:
        courier = courier_of(
            self._project,
            self._ruleset,
            self.store,
            Reach(),
            sight=lambda case: (self._mark.w, self._mark.lag),
            says_when_late=True,
            zone=self._customer_zone(),
        )
        ask = asking(courier, self._story.told)
        return Rehearsal(self._core, self.store, ask, source=SOURCE, mark=self._mark, on_commit=self._story.committed)

    def _prepare(self) -> None:
        """Every rule of the test is live, and every customer whom the lines name is known (unless the test says otherwise)."""
        test = self._test
        with self.store.transaction() as tx:
            for name in self._ruleset.rules:
                live_since = test.start + test.live if name == self._rule.name and test.live is not None else 0
                tx.save_rule(RuleState(rule=name, stage=Stage.LIVE, live_since=live_since))
            for customer in self._customers():
                tx.save_customers([self._profile(customer)])

    def _customers(self) -> Iterable[str]:
        if self._test.customer is None:
            return ()
        named: dict[str, None] = {}
        for line in self._test.given:
            data = data_of(line, self._project.catalogue[line.event_type], time=self._test.start + line.time, zone=self._zone)
            if isinstance(customer := data.get("customer_id"), str):
                named[customer] = None
        return named

    def _profile(self, customer: str) -> CustomerRow:
        fields = {"zone": self._customer_zone().key, **(self._test.customer or {})}
        return CustomerRow(customer, {name: [value, 0, ""] for name, value in fields.items()}, [])

    def _customer_zone(self) -> ZoneInfo:
        return (find_zone(self._test.zone) if self._test.zone else None) or ZoneInfo("UTC")

    async def _take(self, rehearsal: Rehearsal, raw: bytes, number: int) -> None:
        record = self._intake.read(raw, arrived=None, position=number)
        if record.letter is not None:
            place = self._test.given[number - 1].place
            raise Unreadable(f"{place}  this event becomes a dead letter: {record.letter.detail} — give the fields their types")
        self._cases.update(dict.fromkeys(case for event in record.events for case in event.cases if self._watched(case)))
        await rehearsal.take(record)
        self._look(rehearsal.clock)

    def _watched(self, case: str) -> bool:
        return kind_of(case) in self._ruleset.plans

    def _look(self, now: int) -> None:
        """Note what is armed: the clock must run past every due time of a detector, also one that an event then moved."""
        for case in self._cases:
            memory = self._core.memory(case)
            self._last_due = max([self._last_due, *_dues(memory)])
            kind = kind_of(case)
            if not self.armed and kind == self._rule.watch:
                self.armed = is_armed(self._ruleset.plans[kind], memory, self._rule.name, now=now)

    async def _run_on(self, rehearsal: Rehearsal) -> None:
        """Run on to `until`, else past everything that is armed, and a day more."""
        await rehearsal.finish()
        if self._test.until is not None:
            await rehearsal.advance(self._test.start + self._test.until)
            return
        for _ in range(MOST_STEPS):
            ripe_at = self._core.next_ripe()
            if ripe_at is None or not any(_dues(self._core.memory(case)) for case in self._cases):
                break
            await rehearsal.advance(ripe_at)
            self._look(rehearsal.clock)
        await rehearsal.advance(max(rehearsal.clock, self._last_due + DAY))


def _live_rules(project: Project, rule: Rule, test: RuleTest) -> RuleSet:
    """Return the rule and those that the test names beside it; no other is there."""
    beside = [other for other in project.rules if other.name in test.with_rules and other.name != rule.name]
    return compile_rules([rule, *beside], project.catalogue, forgetting=project.settings.forgetting)


def _dues(memory: Memory) -> list[int]:
    return [due for due, _ in memory.timers()]
