"""One rule at one look: corrections, until, from, letting go, taking hold, in this order (S5), and what the problem becomes."""

from collections.abc import Iterable, Sequence
from typing import Any

from contracts.event import Event
from contracts.problem import Finding, Phase
from contracts.times import DAY
from rules.detectors.sight import Change, Sight
from rules.detectors.states import holds
from rules.memory import Problems
from rules.plan import CompiledDetector, CompiledRule
from rules.problem import TRANSITIONS, State, next_phase
from rules.reporting import Line, report_facts, report_phase

CORRECTED_WITHIN = 7 * DAY
NOBODY: tuple[int, ...] = ()
NOTHING: tuple[Finding, ...] = ()
NO_PROBLEMS = Problems(0)


class Watching:
    """One look of one rule at one case; findings is what came of it, in order."""

    __slots__ = ("findings", "memory", "rule", "sight", "states")

    def __init__(self, rule: CompiledRule, sight: Sight) -> None:
        self.rule, self.sight, self.memory = rule, sight, sight.memory
        self.states: dict[int, Any] = sight.memory.states
        self.findings: list[Finding] = []

    @property
    def problems(self) -> Problems:
        return self.memory.problems.get(self.rule.position, NO_PROBLEMS)

    def at_event(self, event: Event, altered: int) -> Sequence[Finding]:
        """altered: a bit for each fact's slot whose value is another than before the event."""
        rule, sight = self.rule, self.sight
        concerned = rule.concerned.get(event.type, NOBODY)
        self.correct(event)
        if sight.closing:
            self.close(event)
        if sight.opening:
            self.memory.problems.pop(rule.position, None)
            concerned = rule.everyone
        if concerned and sight.is_open:
            self._look(event, concerned)
        if altered & rule.fact_bits:
            self.report_facts(event, altered)
        return self.findings

    def _look(self, event: Event, concerned: Sequence[int]) -> None:
        changes = [(self.rule.detectors[number], self.ask(number, event)) for number in concerned]
        self.judge([(detector, change) for detector, change in changes if change is not None])

    def ask(self, number: int, event: Event) -> Change | None:
        """Let a detector of the rule look at an event."""
        state = self._state(number)
        change = self.rule.detectors[number].at_event(state, event, self.sight)
        self._keep(number, state)
        return change

    def at_wake(self, due: int, numbers: Iterable[int]) -> Sequence[Finding]:
        """Fire the detectors with these numbers, which are ripe and due at this moment, as one look."""
        changes = []
        for number in [number - self.rule.first for number in numbers]:
            detector, state = self.rule.detectors[number], self._state(number)
            change = detector.at_wake(state, self.sight, due)
            self._keep(number, state)
            if change is not None:
                changes.append((detector, change))
        return self.judge(changes) if changes else NOTHING

    def rearm(self) -> None:
        """Work out anew when every detector takes hold or lets go: its rule has changed."""
        for number, detector in enumerate(self.rule.detectors):
            state = self._state(number)
            detector.arm(state, self.sight)
            self._keep(number, state)

    def _state(self, number: int) -> Any:
        """Return in full how a detector of the rule stands; at the opening of the watch nobody has looked yet."""
        place = self.rule.first + number
        if self.sight.opening and place not in self.states:
            return self.rule.detectors[number].new_state()
        return self.rule.state(self.memory, place, self.sight.start)

    def _keep(self, number: int, state: Any) -> None:
        """Keep of a state what memory does not tell."""
        kept = self.rule.detectors[number].kept(state, self.memory, self.sight.start)
        if kept is None:
            self.states.pop(self.rule.first + number, None)
        else:
            self.states[self.rule.first + number] = kept

    def correct(self, event: Event) -> Sequence[Finding]:
        """Late truth (S17): the event refutes every detector that holds, so there never was a problem."""
        if self.problems.state != State.OPEN or self.problems.opened_at < self.sight.w - CORRECTED_WITHIN:
            return self.findings
        refuted = self._refuted(event)
        if refuted and len(refuted) == self._holding():
            for number in refuted:
                self._state(number).holds = False
            self._turn(Phase.CORRECTED, event.time, detector=self.rule.detectors[refuted[-1]].name)
        return self.findings

    def _refuted(self, event: Event) -> list[int]:
        """Return the detectors that hold and would not have taken hold, had the event come in time."""
        rule, states = self.rule, self.states
        return [
            number
            for number in rule.concerned.get(event.type, NOBODY)
            if holds(states.get(place := rule.first + number))
            and rule.detectors[number].refutes(states[place], event, self.memory)
        ]

    def _holding(self) -> int:
        """Return how many detectors of the rule hold."""
        return sum(holds(self.states.get(number)) for number in self.rule.numbers)

    def close(self, event: Event) -> Sequence[Finding]:
        """The watch is over: an open problem ends, and every detector lets go."""
        if self.problems.state == State.OPEN:
            phase = Phase.SOLVED if event.type in self.rule.solved_by else Phase.MOOT
            self._turn(phase, event.time, ended_by=event.type)
        for number in self.rule.numbers:
            if number in self.states:
                self.rule.reset(self.states, number)
        return self.findings

    def judge(self, changes: Sequence[tuple[CompiledDetector, Change]]) -> Sequence[Finding]:
        """Let go, take hold, then ask whether anything still holds; what took hold at one look counts as one, the gravest."""
        took = [(detector, change.at) for detector, change in changes if change.took_hold]
        let_go = [(detector, change.at) for detector, change in changes if not change.took_hold]
        if took:
            self._took_hold(*took[-1])
        if let_go and self.problems.state == State.OPEN and not self._holding():
            detector, at = max(reversed(let_go), key=lambda each: each[1])
            self.problems.cleared_at = max(at, self.problems.opened_at)
            self._turn(Phase.CLEARED, self.problems.cleared_at, detector=detector.name)
        return self.findings

    def _took_hold(self, detector: CompiledDetector, at: int) -> None:
        problems, rank = self.problems, self.rule.detectors.index(detector)
        state, graver = State(problems.state), rank > problems.peak
        phase = next_phase(
            state, at=at, cleared_at=problems.cleared_at, again=self.rule.again, had_one=problems.count > 0, graver=graver
        )
        if phase is None:
            return
        if phase is Phase.OPENED:
            problems = Problems(self.sight.start, problems.count + 1, problems.state, opened_at=at)
            self.memory.problems[self.rule.position] = problems
        problems.peak, problems.speaker = max(problems.peak, rank), rank
        self._keep_deadline(detector)
        self._turn(phase, at, detector=detector.name, graver=graver and phase is Phase.UPDATED, reopened=state is State.CLEARED)

    def _keep_deadline(self, detector: CompiledDetector) -> None:
        fact = self.rule.deadlines.get(detector.name)
        if fact is not None:
            slot = self.rule.facts[fact]
            self.problems.fired[fact] = (self.memory.value(slot), self.memory.cite(slot))

    def _turn(
        self,
        phase: Phase,
        at: int,
        *,
        detector: str | None = None,
        ended_by: str | None = None,
        graver: bool = False,
        reopened: bool = False,
    ) -> None:
        """Move the problem on and report it."""
        problems = self.problems
        problems.state = TRANSITIONS[State(problems.state), phase]
        line = Line(phase, at, detector=detector, ended_by=ended_by, graver=graver, reopened=reopened and phase is Phase.UPDATED)
        self.findings.append(report_phase(self.rule, self.memory, problems, line=line, event=self.sight.event))

    def report_facts(self, event: Event, altered: int) -> Sequence[Finding]:
        """Say which facts a problem has now, open or ended, unless a phase of this look already did."""
        if not self.findings and self.problems.state != State.NONE:
            self.findings.append(report_facts(self.rule, self.memory, self.problems, altered=altered, at=event.time))
        return self.findings
