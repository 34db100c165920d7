"""One rule at one look: corrections, until, from, letting go, taking hold, in this order (S5), and what the problem becomes."""

from collections.abc import Sequence
from typing import Any

from contracts.event import Event
from contracts.problem import Finding, Phase
from contracts.times import DAY
from rules.detectors.sight import Change, Sight
from rules.memory import Watch
from rules.plan import CompiledDetector, CompiledRule
from rules.problem import TRANSITIONS, State, next_phase
from rules.reporting import Line, report_facts, report_phase

CORRECTED_WITHIN = 7 * DAY
NOBODY: tuple[int, ...] = ()


class Watching:
    """One look of one rule at one case; findings is what came of it, in order."""

    __slots__ = ("findings", "fired", "memory", "rule", "sight", "states", "watch")

    def __init__(self, rule: CompiledRule, position: int, sight: Sight) -> None:
        memory = sight.memory
        self.rule, self.sight, self.memory = rule, sight, memory
        self.watch: Watch = memory.watches[position]
        self.states: list[Any] = memory.detectors[position]
        self.fired = memory.fired[position]
        self.findings: list[Finding] = []
        sight.start, sight.opening = self.watch.start or 0, False

    def at_event(self, event: Event, altered: int) -> Sequence[Finding]:
        """altered: a bit for each fact's slot whose value is another than before the event."""
        rule, watch, event_type = self.rule, self.watch, event.type
        for number, detector in rule.counting.get(event_type, ()):
            detector.remember(self.states[number], event, self.memory)
        concerned = rule.concerned.get(event_type, NOBODY)
        if watch.problem_state == State.OPEN:
            self._correct(event, concerned)
        if watch.closed_at is None and event_type in rule.ends_by and watch.start is not None:
            self._close(event)
        if (watch.start is None or event_type in rule.opens_on) and self._opens(event_type, event.time):
            self._open(event)
            concerned = rule.everyone
        if concerned and watch.closed_at is None and watch.start is not None:
            self._look(event, concerned)
        if altered & rule.fact_bits:
            self._report_facts(event, altered)
        return self.findings

    def _look(self, event: Event, concerned: Sequence[int]) -> None:
        detectors, states, changes = self.rule.detectors, self.states, []
        for number in concerned:
            change = detectors[number].at_event(states[number], event, self.sight)
            if change is not None:
                changes.append((detectors[number], change))
        self._conclude(changes)

    def at_wake(self, due: int) -> Sequence[Finding]:
        """Fire what is ripe and due at this moment, all of it as one look."""
        w, changes = self.sight.w, []
        for detector, state in zip(self.rule.detectors, self.states, strict=True):
            if any(due == each and ripe_at <= w for each, ripe_at in state.timers()):
                change = detector.at_wake(state, self.sight, due)
                if change is not None:
                    changes.append((detector, change))
        self._conclude(changes)
        return self.findings

    def _conclude(self, changes: Sequence[tuple[CompiledDetector, Change]]) -> None:
        self._arm()
        if changes:
            self._judge(changes)

    def rearm(self) -> None:
        """Work out anew when every detector takes hold or lets go: its rule has changed."""
        if self.watch.is_open:
            for detector, state in zip(self.rule.detectors, self.states, strict=True):
                detector.arm(state, self.sight)
            self._arm()

    def _arm(self) -> None:
        ripe_at = None
        for state in self.states:
            if state.ripe_at is not None and (ripe_at is None or state.ripe_at < ripe_at):
                ripe_at = state.ripe_at
        self.watch.ripe_at = ripe_at

    def _correct(self, event: Event, concerned: Sequence[int]) -> None:
        """Late truth (S17): the event refutes every detector that holds, so there never was a problem."""
        detectors, states = self.rule.detectors, self.states
        refuted = [number for number in concerned if detectors[number].refutes(states[number], event, self.memory)]
        if not refuted or self.watch.opened_at < self.sight.w - CORRECTED_WITHIN:
            return
        if len(refuted) < sum(state.holds for state in states):
            return
        for number in refuted:
            states[number].holds = False
        self._turn(Phase.CORRECTED, event.time, detector=detectors[refuted[-1]].name)

    def _close(self, event: Event) -> None:
        if event.time < self.sight.start:
            return
        if self.watch.problem_state == State.OPEN:
            phase = Phase.SOLVED if event.type in self.rule.solved_by else Phase.MOOT
            self._turn(phase, event.time, ended_by=event.type)
        self._shut(event.time)

    def _open(self, event: Event) -> None:
        watch = self.watch
        watch.start, watch.closed_at, watch.problems, watch.problem_state = event.time, None, 0, State.NONE
        self.sight.start, self.sight.opening = event.time, True
        for detector, state in zip(self.rule.detectors, self.states, strict=True):
            detector.reset(state)
        ended = [time for slot in self.rule.until_slots if (time := self.memory.t[slot]) is not None and time >= event.time]
        if ended:
            self._shut(max(ended))

    def _opens(self, event_type: str, time: int) -> bool:
        watch = self.watch
        if watch.start is None:
            return not self.rule.opens_on or event_type in self.rule.opens_on
        if watch.closed_at is None or self.rule.once or event_type not in self.rule.opens_on:
            return False
        return time > watch.closed_at

    def _shut(self, at: int) -> None:
        self.watch.closed_at, self.watch.ripe_at = at, None
        for detector, state in zip(self.rule.detectors, self.states, strict=True):
            detector.reset(state)

    def _judge(self, changes: Sequence[tuple[CompiledDetector, Change]]) -> None:
        """Let go, take hold, then ask whether anything still holds; what took hold at one look counts as one, the gravest."""
        took = [(detector, change.at) for detector, change in changes if change.took_hold]
        let_go = [(detector, change.at) for detector, change in changes if not change.took_hold]
        if took:
            self._took_hold(*took[-1])
        if let_go and self.watch.problem_state == State.OPEN and not any(state.holds for state in self.states):
            detector, at = max(reversed(let_go), key=lambda each: each[1])
            self.watch.cleared_at = max(at, self.watch.opened_at)
            self._turn(Phase.CLEARED, self.watch.cleared_at, detector=detector.name)

    def _took_hold(self, detector: CompiledDetector, at: int) -> None:
        watch, rank = self.watch, self.rule.detectors.index(detector)
        state = State(watch.problem_state)
        graver = rank > watch.peak
        phase = next_phase(
            state, at=at, cleared_at=watch.cleared_at, again=self.rule.again, had_one=watch.problems > 0, graver=graver
        )
        if phase is None:
            return
        if phase is Phase.OPENED:
            watch.problems, watch.opened_at, watch.peak = watch.problems + 1, at, -1
            self.fired.clear()
        watch.peak, watch.speaker = max(watch.peak, rank), rank
        self._keep_deadline(detector)
        self._turn(phase, at, detector=detector.name, graver=graver and phase is Phase.UPDATED, reopened=state is State.CLEARED)

    def _keep_deadline(self, detector: CompiledDetector) -> None:
        fact = self.rule.deadlines.get(detector.name)
        if fact is not None:
            slot = self.rule.facts[fact]
            self.fired[fact] = (self.memory.v[slot], self.memory.cites[slot])

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
        watch = self.watch
        watch.problem_state = TRANSITIONS[State(watch.problem_state), phase]
        line = Line(phase, at, detector=detector, ended_by=ended_by, graver=graver, reopened=reopened and phase is Phase.UPDATED)
        self.findings.append(report_phase(self.rule, self.memory, watch, self.fired, line=line, event=self.sight.event))

    def _report_facts(self, event: Event, altered: int) -> None:
        """Say which facts an open problem has now, unless a phase of this look already did."""
        if not self.findings and self.watch.problem_state == State.OPEN:
            self.findings.append(report_facts(self.rule, self.memory, self.watch, altered=altered, at=event.time))
