"""What a batch and a round of the courier came to, and how things stand at a scrape: counts in, metrics moved."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from contracts.notice import Answer, Notice, NoticePhase, Reason
from contracts.receipt import ReceiptFate, ReceiptKind
from contracts.telling import RuleState, Stage
from contracts.times import SECOND
from notifiers.courier.happenings import HandedOver, Happening, Held, News, Told, Tried, Withheld
from storage.figures import Figures
from streams.batch import Committed
from streams.counts import Counts
from streams.kafka.outgoing import Fate as Sent
from streams.kafka.patience import By
from streams.metrics import catalogue as the
from streams.metrics.families import Families
from streams.metrics.metric import Metric, Values
from streams.watermark import FileWatermark, LiveWatermark


class Metrics:
    """rules, sources, channels: what is configured. Times come in as microseconds, and are shown in seconds."""

    def __init__(self, *, rules: Iterable[str], sources: Iterable[str], channels: Iterable[str], version: str) -> None:
        self._rules, channels = tuple(rules), tuple(channels)
        configured: dict[tuple[str, ...], Values] = {
            ("rule",): [(rule,) for rule in self._rules],
            ("topic",): [(source,) for source in sources],
            ("channel",): [(channel,) for channel in channels],
            ("channel", "provider"): [(channel, channel) for channel in channels],
            ("version",): [(version,)],
        }
        self._all = Families(the.CATALOGUE, configured)
        self._partitions: dict[str, set[tuple[str, str]]] = {}
        self._all.show(the.BUILD_INFO, 1, version)

    def text(self) -> bytes:
        """Return all of it as a scrape gets it."""
        return self._all.text()

    def committed(self, committed: Committed, *, now: int, arrived: int | None, trace: str | None = None) -> None:
        """Add what one batch came to. now: when it was committed; arrived: its oldest record; trace: of the batch."""
        self._read(committed.counts, now)
        self._found(committed.counts)
        self.transaction(the.OK)
        self._all.show(the.LAST_COMMIT, now / SECOND)
        if arrived is not None:
            self._all.observe(the.DECISION, (now - arrived) / SECOND, trace=trace)
            for stage, spent in committed.counts.spent.items():
                self._all.observe(the.BATCH, spent / SECOND, stage)

    def transaction(self, outcome: str) -> None:
        """outcome: one of OK, RETRIED, FENCED and FAILED of the catalogue."""
        self._all.add(the.COMMITS, 1, outcome)

    def _read(self, counts: Counts, now: int) -> None:
        for source, fates in counts.fates.items():
            self._all.show(the.LAST_EVENT, now / SECOND, source)
            for fate, number in fates.items():
                self._all.add(the.EVENTS, number, source, fate)
        for source, number in counts.late.items():
            self._all.add(the.LATE_EVENTS, number, source)
        for source, number in counts.clamped.items():
            self._all.add(the.CLAMPED, number, source)
        for source, age in counts.ages.items():
            self._all.observe(the.EVENT_AGE, age / SECOND, source)
        for letter, number in counts.letters.items():
            self._all.add(the.DEAD_LETTERS, number, *letter)

    def _found(self, counts: Counts) -> None:
        for phase, number in counts.phases.items():
            self._all.add(the.PROBLEMS, number, *phase)
        for rule, late in counts.found_late:
            self._all.observe(the.FOUND_LATE, late / SECOND, rule)
        for rule, number in counts.awaited.items():
            self._all.add(the.TIMERS_FIRED, number, rule)
        for rule, number in counts.cancelled.items():
            self._all.add(the.NOTICES, number, rule, Answer.CANCELLED, "")
        self._all.add(the.LIMIT_HITS, counts.limit_hits, the.MEMORY)
        self._all.add(the.LIMIT_HITS, counts.too_late, the.WINDOW)

    def told(self, happenings: Iterable[Happening], *, trace_of: Callable[[str], str | None] = lambda problem: None) -> None:
        """Add what one round of the courier did. trace_of: a problem's trace."""
        for happening in happenings:
            notice = happening.notice
            match happening:
                case Told(at=at) | News(at=at):
                    self._answered(notice, Answer.TOLD)
                    self._sent(notice, at, trace_of(notice.problem))
                case Held(reason=reason):
                    self._answered(notice, Answer.HELD, reason)
                case Withheld(reason=reason):
                    self._answered(notice, Answer.WITHHELD, reason)
                case HandedOver():
                    self._all.add(the.HAND_OVERS, 1, notice.rule)
                case Tried(outcome=outcome):
                    self._all.add(the.ATTEMPTS, 1, notice.channel or "", notice.channel or "", outcome)

    def taken(self, fates: Mapping[Sent, int]) -> None:
        """Add records that the brokers have, or that are none for them."""
        for fate, number in fates.items():
            self._all.add(the.TAKEN, number, fate)

    def receipt(self, kind: ReceiptKind, fate: ReceiptFate) -> None:
        self._all.add(the.RECEIPTS, 1, kind, fate)

    def _answered(self, notice: Notice, answer: Answer, reason: Reason | str = "") -> None:
        self._all.add(the.NOTICES, 1, notice.rule, answer, reason)

    def _sent(self, notice: Notice, at: int, trace: str | None) -> None:
        waited = max(0, at - notice.found_at) / SECOND
        self._all.observe(the.DUE_TO_SENT, waited, notice.channel or "", notice.urgency, trace=trace)
        if notice.phase is NoticePhase.CORRECTED:
            self._all.add(the.CORRECTIONS, 1, notice.rule)

    def loop_woke(self, late: float) -> None:
        """late: seconds after the moment that was asked for."""
        self._all.observe(the.LOOP_DELAY, max(0.0, late))

    def show_sources(self, marks: Mapping[str, LiveWatermark | FileWatermark], *, now: int) -> None:
        for source, mark in marks.items():
            if mark.w is not None:
                self._all.show(the.WATERMARK, mark.w / SECOND, source, "0")
            self._all.show(the.QUIET, mark.quiet(now), source)
            if isinstance(mark, LiveWatermark):
                self.show_delay(source, mark.lag)
            else:
                self._all.reach(the.WILD, mark.wild, source)

    def show_quiet(self, topics: Iterable[str], quiet: Collection[str]) -> None:
        """topics: those that are read; quiet: by which of them nothing comes any more."""
        for topic in topics:
            self._all.show(the.QUIET, topic in quiet, topic)

    def show_patience(self, in_force: Mapping[str, tuple[int, By]]) -> None:
        """in_force: of each topic of which it is known, how many microseconds nothing may come, and whence that is known."""
        for topic, (after, by) in in_force.items():
            self._all.show(the.PATIENCE, after / SECOND, topic, by)

    def show_topics(self, topics: Iterable[str], *, partitions: int) -> None:
        for topic in topics:
            self._all.show(the.SOURCE_PARTITIONS, partitions, topic)

    def show_partitions(self, metric: Metric, numbers: Mapping[tuple[str, int], float]) -> None:
        """Show a gauge of each partition that we have, by topic and number, and no more of those that we had."""
        now = {(topic, str(partition)): number for (topic, partition), number in numbers.items()}
        for gone in self._partitions.get(metric.name, set()) - now.keys():
            self._all.hide(metric, *gone)
        for labels, number in now.items():
            self._all.show(metric, number, *labels)
        self._partitions[metric.name] = set(now)

    def show_process(self, *, ready: Mapping[str, bool], draining: bool) -> None:
        for check, is_ready in ready.items():
            self._all.show(the.READY_CHECK, is_ready, check)
        self._all.show(the.DRAINING, draining)

    def show_role(self, *roles: str) -> None:
        """roles: what this process does, of ROLES of the catalogue."""
        for role in roles:
            self._all.show(the.ROLE, 1, role)

    def show_waiting(self, records: int) -> None:
        """records: taken in and not yet committed."""
        self._all.show(the.WAITING, records)

    def show_cached(self, cases: int) -> None:
        """cases: of which this process has the memory at hand."""
        self._all.show(the.CASES_CACHED, cases)

    def show_delay(self, source: str, lag: int) -> None:
        """lag: microseconds that its watermark stays behind the clock by intent."""
        self._all.show(the.SOURCE_DELAY, lag / SECOND, source)

    def show_rules(self, states: Iterable[RuleState]) -> None:
        """states: of all rules that the store knows; those that are not loaded any more show nothing."""
        loaded = [state for state in states if state.rule in self._rules]
        stages = Counter(state.stage for state in loaded)
        for stage in Stage:
            self._all.show(the.RULES, stages[stage], stage)
        for state in loaded:
            self._all.show(the.BREAKER_OPEN, state.breaker_open, state.rule)

    def show_resting(self, providers: Mapping[str, bool]) -> None:
        for channel, rests in providers.items():
            self._all.show(the.RESTING, rests, channel)

    def show_outbox(self, oldest_due: int | None) -> None:
        self._all.show(the.OLDEST_DUE, (oldest_due or 0) / SECOND)

    def show_relay(self, *, stuck_for: float) -> None:
        """stuck_for: seconds."""
        self._all.show(the.RELAY_STUCK, stuck_for)

    def show_figures(self, figures: Figures) -> None:
        """Show what the store counts."""
        for gauge, numbers in (
            (the.PROBLEMS_OPEN, figures.problems_open),
            (the.BREAKER_HELD, figures.breaker_held),
            (the.PROMISES_OPEN, figures.promises_open),
        ):
            for rule in self._rules:
                self._all.show(gauge, numbers.get(rule, 0), rule)
        for source, number in figures.dead_letters.items():
            self._all.show(the.DEAD_LETTERS_WAITING, number, source)
        for reason in (the.DUE, *Reason):
            self._all.show(the.NOTICES_WAITING, figures.notices_waiting.get(reason, 0), reason)
        self._all.show(the.TIMERS_ARMED, figures.timers_armed)
        self._all.show(the.OUTGOING_WAITING, figures.outgoing)
        self._all.show(the.PROMISES_OLDEST, (figures.promises_oldest_due or 0) / SECOND)
        for (rule, outcome), number in figures.promises_over.items():
            self._all.reach(the.PROMISES, number, rule, outcome)
        for preceded, number in figures.complaints.items():
            self._all.reach(the.COMPLAINTS, number, preceded)
