"""Every number that a running tellfirst shows, named once; fed once per batch and per round from the counts that they return."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from contracts.event import DeadReason, Fate
from contracts.message import Outcome
from contracts.notice import Answer, Notice, NoticePhase, Reason
from contracts.problem import Phase
from contracts.promise import PromiseState
from contracts.times import SECOND
from notifiers.courier import HandedOver, Happening, Held, News, Told, Tried, Withheld
from streams.batch import Committed

disable_created_metrics()  # type: ignore[no-untyped-call]

CHECKS = ("store", "source", "rules", "outbox")
STAGES = ("shadow", "partial", "live", "paused")
STEPS = ("decode", "detect", "commit")
ANSWERS = (Answer.TOLD, Answer.HELD, Answer.WITHHELD, Answer.CANCELLED)
OUTCOMES = tuple(outcome for outcome in Outcome if outcome is not Outcome.SENDING)
PROMISES = tuple(state for state in PromiseState if state is not PromiseState.MADE)
DECISION_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
SENT_SECONDS = (0.1, 0.5, 1, 5, 15, 30, 60, 300, 900, 3600, 14400, 43200, 86400)
FOUND_LATE_SECONDS = (1, 60, 120, 300, 900, 3600, 21600, 86400, 604800)


class Metrics:
    """rules, sources, channels: what is configured; every closed label set stands at 0 from the start."""

    def __init__(self, *, rules: Iterable[str], sources: Iterable[str], channels: Iterable[str], version: str) -> None:
        self.registry = CollectorRegistry()
        self._name_sources()
        self._name_rules()
        self._name_telling()
        self._name_process(version)
        self._start_at_zero(tuple(rules), tuple(sources), tuple(channels))

    def _name_sources(self) -> None:
        self.events = self._counter("events", "Records read, each once, by what became of them", "topic", "outcome")
        self.late_events = self._counter("late_events", "Applied records with an event behind the watermark", "topic")
        self.dead_letters = self._counter("dead_letters", "Records that could not be taken as an event", "topic", "reason")
        self.watermark = self._gauge("watermark_timestamp_seconds", "Certainly seen up to", "topic", "partition")
        self.decision = self._histogram("event_to_decision_seconds", "From arrival to commit", DECISION_SECONDS)
        self.batch = self._histogram("batch_seconds", "One batch", DECISION_SECONDS, "stage")
        self.commits = self._counter("commits", "Transactions of the batch step", "outcome")
        self.last_commit = self._gauge("last_commit_timestamp_seconds", "When a batch was last committed")
        self.limit_hits = self._counter("limit_hits", "How often a limit cut something", "limit")

    def _name_rules(self) -> None:
        self.rules = self._gauge("rules", "Loaded rules", "stage")
        self.problems = self._counter("problems", "Phases of problems", "rule", "phase")
        self.problems_open = self._gauge("problems_open", "Problems that are open now", "rule")
        self.found_late = self._histogram("found_late_seconds", "From becoming true to being found", FOUND_LATE_SECONDS, "rule")
        self.breaker_open = self._gauge("breaker_open", "1: a person must decide about this rule", "rule")

    def _name_telling(self) -> None:
        self.notices = self._counter("notices", "Answers to notices", "rule", "answer", "reason")
        self.due_to_sent = self._histogram("due_to_sent_seconds", "From found to sent", SENT_SECONDS, "channel", "urgency")
        self.attempts = self._counter("attempts", "Tries to send", "channel", "provider", "outcome")
        self.resting = self._gauge("provider_resting", "1: a provider does not answer, and is left alone for a while", "channel")
        self.promises = self._counter("promises", "Promises that are over", "rule", "outcome")
        self.corrections = self._counter("corrections", "Corrections told", "rule")
        self.hand_overs = self._counter("hand_overs", "Problems handed to people", "rule")

    def _name_process(self, version: str) -> None:
        self.ready_check = self._gauge("ready_check", "1: this part is ready", "check")
        self.draining = self._gauge("draining", "1: nothing more is taken in")
        self._gauge("build_info", "Which version runs", "version").labels(version).set(1)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"tellfirst_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"tellfirst_{name}", meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"tellfirst_{name}", meaning, labels, buckets=buckets, registry=self.registry)

    def _start_at_zero(self, rules: tuple[str, ...], sources: tuple[str, ...], channels: tuple[str, ...]) -> None:
        """A counter born at 1 is invisible to `increase()`."""
        for source in sources:
            _touch(self.events, (source,), Fate)
            _touch(self.dead_letters, (source,), DeadReason)
            self.late_events.labels(source)
        for rule in rules:
            _touch(self.problems, (rule,), Phase)
            _touch(self.promises, (rule,), PROMISES)
            self._touch_rule(rule)
        for channel in channels:
            for outcome in OUTCOMES:
                self.attempts.labels(channel, channel, outcome)
        _touch(self.commits, (), ("ok", "fenced", "failed"))
        _touch(self.limit_hits, (), ("case_memory",))
        _touch(self.batch, (), STEPS)
        _touch(self.rules, (), STAGES)
        _touch(self.ready_check, (), CHECKS)

    def _touch_rule(self, rule: str) -> None:
        for family in (self.problems_open, self.found_late, self.breaker_open, self.corrections, self.hand_overs):
            family.labels(rule)
        for answer in (Answer.TOLD, Answer.CANCELLED):
            self.notices.labels(rule, answer, "")
        for answer in (Answer.HELD, Answer.WITHHELD):
            _touch(self.notices, (rule, answer), Reason)

    def committed(self, committed: Committed, *, now: int, arrived: int | None) -> None:
        """Add what one batch came to. now: when it was committed; arrived: its oldest record; microseconds."""
        counts = committed.counts
        for source, fates in counts.fates.items():
            for fate, number in fates.items():
                self.events.labels(source, fate).inc(number)
        for source, number in counts.late.items():
            self.late_events.labels(source).inc(number)
        for letter, number in counts.letters.items():
            self.dead_letters.labels(*letter).inc(number)
        self._found(committed)
        self.commits.labels("ok").inc()
        self.last_commit.set(now / SECOND)
        if arrived is not None:
            self.decision.observe((now - arrived) / SECOND)

    def _found(self, committed: Committed) -> None:
        counts = committed.counts
        for phase, number in counts.phases.items():
            self.problems.labels(*phase).inc(number)
        for rule, late in counts.found_late:
            self.found_late.labels(rule).observe(late / SECOND)
        for rule, number in counts.cancelled.items():
            self.notices.labels(rule, Answer.CANCELLED, "").inc(number)
        for rule in counts.breakers:
            self.breaker_open.labels(rule).set(1)
        self.limit_hits.labels("case_memory").inc(counts.limit_hits)

    def told(self, happenings: Iterable[Happening]) -> None:
        """Add what one round of the courier did."""
        for happening in happenings:
            notice = happening.notice
            match happening:
                case Told(at=at):
                    self.notices.labels(notice.rule, Answer.TOLD, "").inc()
                    self._sent(notice, at)
                case Held(reason=reason):
                    self.notices.labels(notice.rule, Answer.HELD, reason).inc()
                case Withheld(reason=reason):
                    self.notices.labels(notice.rule, Answer.WITHHELD, reason).inc()
                case News(at=at):
                    self.promises.labels(notice.rule, PromiseState.KEPT).inc()
                    self._sent(notice, at)
                case HandedOver():
                    self.hand_overs.labels(notice.rule).inc()
                case Tried(outcome=outcome):
                    self.attempts.labels(notice.channel or "", notice.channel or "", outcome).inc()

    def _sent(self, notice: Notice, at: int) -> None:
        channel = notice.channel or ""
        self.due_to_sent.labels(channel, notice.urgency).observe(max(0, at - notice.found_at) / SECOND)
        if notice.phase is NoticePhase.CORRECTED:
            self.corrections.labels(notice.rule).inc()

    def show_watermarks(self, marks: Mapping[str, int | None]) -> None:
        for source, w in marks.items():
            if w is not None:
                self.watermark.labels(source, "0").set(w / SECOND)

    def show_resting(self, providers: Mapping[str, bool]) -> None:
        for channel, rests in providers.items():
            self.resting.labels(channel).set(rests)

    def show_open(self, problems: Mapping[str, int]) -> None:
        for rule, number in problems.items():
            self.problems_open.labels(rule).set(number)

    def show_ready(self, checks: Mapping[str, bool]) -> None:
        for check, ready in checks.items():
            self.ready_check.labels(check).set(ready)


def _touch(family: Counter | Gauge | Histogram, before: tuple[str, ...], values: Iterable[str]) -> None:
    for value in values:
        family.labels(*before, value)
