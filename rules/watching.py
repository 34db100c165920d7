"""One rule at one look: corrections, until, from, letting go, taking hold, in this order (S5), and what the problem becomes."""

from collections.abc import Iterable, Sequence
from typing import Any

from contracts.event import Citation
from contracts.ids import problem_id
from contracts.problem import Fact, FactsChanged, Finding, Phase, ProblemPhase
from contracts.times import DAY
from rules.detectors.sight import Change, Sight
from rules.detectors.when import WhenDetector
from rules.memory import Watch, timers_of
from rules.plan import CompiledDetector, CompiledRule
from rules.problem import TRANSITIONS, State, next_phase

CORRECTED_WITHIN = 7 * DAY


class Watching:
    """One look of one rule at one case; findings is what came of it, in order."""

    def __init__(self, rule: CompiledRule, position: int, sight: Sight) -> None:
        memory = sight.memory
        self.rule, self.sight, self.memory = rule, sight, memory
        self.watch: Watch = memory.watches[position]
        self.states: list[Any] = memory.detectors[position]
        self.fired = memory.fired[position]
        self.findings: list[Finding] = []
        sight.start, sight.opening = self.watch.start or 0, False

    def at_event(self, altered: int) -> Sequence[Finding]:
        """altered: a bit for each fact's slot whose value is another than before the event."""
        event = self.sight.event
        assert event is not None
        for detector, state in self._detectors():
            detector.remember(state, event, self.memory)
        self._correct()
        self._close()
        self._open()
        if self.watch.is_open:
            self._judge((detector, detector.look(state, self.sight)) for detector, state in self._detectors())
        self._arm()
        self._report_facts(altered & self.rule.fact_bits)
        return self.findings

    def at_wake(self, due: int) -> Sequence[Finding]:
        """Fire what is ripe and due at this moment, all of it as one look."""
        ripe = [
            pair for pair in self._detectors() if any(due == d and ripe_at <= self.sight.w for d, ripe_at in timers_of(pair[1]))
        ]
        if ripe:
            self._judge([(detector, detector.wake(state, self.sight, due)) for detector, state in ripe])
            self._arm()
        return self.findings

    def _detectors(self) -> Iterable[tuple[CompiledDetector, Any]]:
        return zip(self.rule.detectors, self.states, strict=True)

    def _correct(self) -> None:
        """Late truth (S17): the event refutes every detector that holds, so there never was a problem."""
        refuted = [pair for pair in self._detectors() if pair[1].holds and pair[0].refutes(pair[1], self.sight)]
        if not refuted or self.watch.problem_state != State.OPEN or self.watch.opened_at < self.sight.w - CORRECTED_WITHIN:
            return
        if len(refuted) < sum(state.holds for _, state in self._detectors()):
            return
        for _, state in refuted:
            state.holds = False
        assert self.sight.event is not None
        self._turn(Phase.CORRECTED, self.sight.event.time, detector=refuted[-1][0].name)

    def _close(self) -> None:
        event, watch = self.sight.event, self.watch
        assert event is not None
        if not watch.is_open or event.time < self.sight.start:
            return
        phase = Phase.SOLVED if event.type in self.rule.solved_by else Phase.MOOT if event.type in self.rule.moot_by else None
        if phase is None:
            return
        if watch.problem_state == State.OPEN:
            self._turn(phase, event.time, ended_by=event.type)
        self._shut(event.time)

    def _open(self) -> None:
        event, watch = self.sight.event, self.watch
        assert event is not None
        if not self._opens(event.type, event.time):
            return
        watch.start, watch.closed_at, watch.problems, watch.problem_state = event.time, None, 0, State.NONE
        self.sight.start, self.sight.opening = event.time, True
        for detector, state in self._detectors():
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
        self.watch.closed_at = at
        for detector, state in self._detectors():
            detector.reset(state)

    def _judge(self, looks: Iterable[tuple[CompiledDetector, Change | None]]) -> None:
        """Let go, take hold, then ask whether anything still holds; what took hold at one look counts as one, the gravest."""
        changes = [(detector, change) for detector, change in looks if change is not None]
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
        watch.peak = max(watch.peak, rank)
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
        watch, memory = self.watch, self.memory
        watch.problem_state = TRANSITIONS[State(watch.problem_state), phase]
        self.findings.append(
            ProblemPhase(
                problem=self._problem(),
                rule=self.rule.name,
                case=memory.case,
                customer=memory.customer,
                watch_start=self.sight.start,
                number=watch.problems - 1,
                phase=phase,
                detector=detector,
                ended_by=ended_by,
                says=self.rule.detectors[watch.peak].says,
                at=at,
                opened_at=watch.opened_at,
                graver=graver,
                reopened=reopened and phase is Phase.UPDATED,
                tries=self._tries(at),
                facts=self._facts(),
                fired={name: Fact(value, cite) for name, (value, cite) in self.fired.items()},
                cites=self._cites(),
            )
        )

    def _problem(self) -> str:
        return problem_id(self.rule.name, self.memory.case, self.sight.start, self.watch.problems - 1)

    def _tries(self, at: int) -> int | None:
        detector = self.rule.detectors[self.watch.peak]
        if isinstance(detector, WhenDetector):
            return detector.tries(self.memory, at)
        return len(steps) if (steps := getattr(detector, "steps", None)) else None

    def _facts(self) -> dict[str, Fact]:
        return {name: Fact(self.memory.v[slot], self.memory.cites[slot]) for name, slot in self.rule.facts.items()}

    def _cites(self) -> tuple[Citation, ...]:
        event = self.sight.event
        return (event.cite(),) if event is not None else tuple(cite for cite in self.memory.sights if cite is not None)

    def _arm(self) -> None:
        if self.watch.is_open:
            for detector, state in self._detectors():
                detector.arm(state, self.sight, self.sight.w)

    def _report_facts(self, altered: int) -> None:
        """Say which facts an open problem has now, unless a phase of this look already did."""
        event = self.sight.event
        if not altered or self.findings or self.watch.problem_state != State.OPEN or event is None:
            return
        changed = tuple(name for name, slot in self.rule.facts.items() if altered >> slot & 1)
        self.findings.append(
            FactsChanged(
                problem=self._problem(),
                rule=self.rule.name,
                case=self.memory.case,
                at=event.time,
                changed=changed,
                facts=self._facts(),
            )
        )
