"""All metrics there are, by what they are about; pages, alerts, dashboards and the process itself read them from here."""

from contracts.event import DeadReason, Fate
from contracts.message import Outcome
from contracts.notice import Answer, Reason, Urgency
from contracts.problem import Phase
from contracts.promise import PromiseState
from contracts.receipt import ReceiptFate, ReceiptKind
from contracts.telling import Stage
from streams.kafka.outgoing import Fate as Sent
from streams.kafka.patience import By
from streams.metrics.metric import Label, Metric, counter, gauge, histogram, one_of

DECISION_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
AGE_SECONDS = (1, 5, 30, 60, 120, 300, 900, 3600, 21600, 86400, 604800)
SENT_SECONDS = (0.1, 0.5, 1, 5, 15, 30, 60, 300, 900, 3600, 14400, 43200, 86400)
FOUND_LATE_SECONDS = (1, 60, 120, 300, 900, 3600, 21600, 86400, 604800)
LOOP_SECONDS = (0.001, 0.005, 0.025, 0.1, 0.25, 1, 5)

DUE = "due"
MEMORY, WINDOW = "case_memory", "window"
TAKE, COMMIT = "take", "commit"
OK, RETRIED, FENCED, FAILED = "ok", "retried", "fenced", "failed"
CHECKS = ("store", "source", "rules", "outbox")
ROLES = (WORKER, COURIER, INTAKE) = ("worker", "courier", "intake")
OVER = tuple(state for state in PromiseState if state is not PromiseState.MADE)
SAID = tuple(
    [(answer, "") for answer in (Answer.TOLD, Answer.CANCELLED)]
    + [(answer, reason) for answer in (Answer.HELD, Answer.WITHHELD) for reason in Reason]
)

TOPIC = Label(("topic",), None, "a source by its name: `http`, `stdin`, a file's, or a topic of Kafka")
RULE = Label(("rule",), None, "a loaded rule")
CHANNEL = Label(("channel",), None, "a channel that some rule names")
PROVIDER = Label(("channel", "provider"), None, "a channel, and who carries it")
PARTITION = Label(("partition",), None, "of the topic; `0` of a source that is none")
VERSION = Label(("version",), None, "of tellfirst")

EVENTS = counter("events_total", "Records read, each once, by what became of them", TOPIC, one_of("outcome", tuple(Fate)))
LATE_EVENTS = counter("late_events_total", "Applied records with an event behind the watermark", TOPIC)
DEAD_LETTERS = counter(
    "dead_letters_total", "Records that could not be taken as an event", TOPIC, one_of("reason", tuple(DeadReason))
)
DEAD_LETTERS_WAITING = gauge("dead_letters_waiting", "Dead letters neither taken in again nor thrown away", TOPIC, of_store=True)
EVENT_AGE = histogram(
    "event_age_seconds", "From an event's time to its arrival: of each batch the oldest event of the source", AGE_SECONDS, TOPIC
)
CLAMPED = counter("clamped_times_total", "Event times up to 5 minutes ahead, set to their arrival", TOPIC)
WILD = counter("wild_times_total", "Event times in a file too far ahead to be believed", TOPIC)
WATERMARK = gauge(
    "watermark_timestamp_seconds", "The source has certainly been seen up to here", TOPIC, PARTITION, from_start=False
)
SOURCE_PARTITIONS = gauge(
    "source_partitions", "Partitions that a topic of Kafka has, whoever reads them", TOPIC, from_start=False
)
LAG = gauge(
    "consumer_lag_events", "Records of a partition that are written and not applied; shown by the worker that has it", TOPIC,
    PARTITION, from_start=False,
)  # fmt: skip
SOURCE_DELAY = gauge(
    "source_delay_seconds", "How far the watermark stays behind the clock by intent; files follow no clock and have none",
    TOPIC, from_start=False,
)  # fmt: skip
LAST_EVENT = gauge(
    "source_last_event_timestamp_seconds", "When a record of the source was committed last; 0: not since the start", TOPIC
)
QUIET = gauge("source_quiet", "1: nothing comes any more, so what is missing there is not found", TOPIC)
PATIENCE = gauge(
    "source_quiet_after_seconds", "How long nothing may come at this hour of the week before a topic counts as quiet", TOPIC,
    one_of("by", tuple(By), "`set` in the settings, or `learned` from the last four weeks"), from_start=False,
)  # fmt: skip
WAITING = gauge("records_waiting", "Records taken in and not yet committed")
TAKEN = counter("intake_records_total", "Records taken in for Kafka, by what became of them", one_of("fate", tuple(Sent)))
DECISION = histogram("event_to_decision_seconds", "From arrival to commit, of each batch its oldest record", DECISION_SECONDS)
BATCH = histogram(
    "batch_seconds", "One batch: taking its records (decode and detect), and its commit", DECISION_SECONDS,
    one_of("stage", (TAKE, COMMIT)),
)  # fmt: skip
COMMITS = counter(
    "commits_total", "Transactions of the batch step; retried: a batch that failed, again or in halves; fenced: another worker "
    "had claimed the slot; failed: nothing of the slot was written, it was claimed again",
    one_of("outcome", (OK, RETRIED, FENCED, FAILED)),
)  # fmt: skip
LAST_COMMIT = gauge("last_commit_timestamp_seconds", "When a batch was committed last; 0: not since the start")

PROBLEMS = counter("problems_total", "Phases of problems", RULE, one_of("phase", tuple(Phase)))
PROBLEMS_OPEN = gauge("problems_open", "Problems that are open now", RULE, of_store=True)
FOUND_LATE = histogram("found_late_seconds", "From becoming true to being found", FOUND_LATE_SECONDS, RULE)
TIMERS_FIRED = counter("timers_fired_total", "Problems found because time had passed, not because an event came", RULE)
TIMERS_ARMED = gauge("timers_armed", "Cases that wait for a moment", of_store=True)
BREAKER_OPEN = gauge("breaker_open", "1: a person must decide about this rule", RULE)
BREAKER_HELD = gauge("breaker_held", "Notices that wait for that decision", RULE, of_store=True)
RULES = gauge("rules", "Loaded rules", one_of("stage", tuple(Stage)))
CASES_CACHED = gauge("cases_cached", "Case memories kept in this process")
LIMIT_HITS = counter(
    "limit_hits_total", "Window entries that a limit cut: of a memory that grew too large, or that came too late to be counted",
    one_of("limit", (MEMORY, WINDOW)),
)  # fmt: skip

NOTICES = counter("notices_total", "Answers to notices", RULE, Label(("answer", "reason"), SAID))
NOTICES_WAITING = gauge(
    "notices_waiting", f"Notices not yet answered for good: held, by reason; `{DUE}`: to be asked next",
    one_of("reason", (DUE, *Reason)), of_store=True,
)  # fmt: skip
DUE_TO_SENT = histogram("due_to_sent_seconds", "From found to sent", SENT_SECONDS, CHANNEL, one_of("urgency", tuple(Urgency)))
OLDEST_DUE = gauge(
    "outbox_oldest_due_timestamp_seconds", "Since when the oldest due notice or promise waits; 0: none is due", of_store=True
)
ATTEMPTS = counter(
    "attempts_total", "Tries to send that came to an end", PROVIDER,
    one_of("outcome", tuple(outcome for outcome in Outcome if outcome is not Outcome.SENDING)),
)  # fmt: skip
RECEIPTS = counter(
    "receipts_total", "What providers said later of messages that they had taken", one_of("receipt", tuple(ReceiptKind)),
    one_of("fate", tuple(ReceiptFate)),
)  # fmt: skip
RESTING = gauge("provider_resting", "1: the channel's provider does not answer, and is left alone for a while", CHANNEL)
PROMISES = counter(
    "promises_total", "Promises that are over; broken: not over by the time that was named", RULE, one_of("outcome", OVER),
    of_store=True,
)  # fmt: skip
PROMISES_OPEN = gauge("promises_open", "Promises that still stand", RULE, of_store=True)
PROMISES_OLDEST = gauge(
    "promises_oldest_due_timestamp_seconds", "The earliest time by which a customer was promised to hear; 0: none", of_store=True
)
CORRECTIONS = counter("corrections_total", "Corrections told", RULE)
HAND_OVERS = counter("hand_overs_total", "Problems handed to people", RULE)
COMPLAINTS = counter(
    "complaints_total", "Cases and customers that complained; yes: they had heard from us about it before",
    one_of("preceded", ("yes", "no")), of_store=True,
)  # fmt: skip

OUTGOING_WAITING = gauge("outgoing_waiting", "Records for topics of Kafka that no broker has yet", of_store=True)
RELAY_STUCK = gauge(
    "relay_stuck_seconds", "For how long this process, whose turn it is, could bring nothing to Kafka's topics; 0: all goes on"
)

READY_CHECK = gauge("ready_check", "1: this part is ready", one_of("check", CHECKS))
DRAINING = gauge("draining", "1: nothing more is taken in")
LOOP_DELAY = histogram("loop_delay_seconds", "How much later than asked the event loop woke", LOOP_SECONDS)
ROLE = gauge("role", "1: this process reads and decides, tells, or takes events in", one_of("role", ROLES))
BUILD_INFO = gauge("build_info", "Which version runs", VERSION)

CHAPTERS: dict[str, tuple[Metric, ...]] = {
    "Sources": (
        EVENTS, LATE_EVENTS, DEAD_LETTERS, DEAD_LETTERS_WAITING, EVENT_AGE, CLAMPED, WILD, WATERMARK, SOURCE_PARTITIONS,
        LAG, SOURCE_DELAY, LAST_EVENT, QUIET, PATIENCE, WAITING, TAKEN, DECISION, BATCH, COMMITS, LAST_COMMIT,
    ),
    "Rules": (
        PROBLEMS, PROBLEMS_OPEN, FOUND_LATE, TIMERS_FIRED, TIMERS_ARMED, BREAKER_OPEN, BREAKER_HELD, RULES, CASES_CACHED,
        LIMIT_HITS,
    ),
    "Telling": (
        NOTICES, NOTICES_WAITING, DUE_TO_SENT, OLDEST_DUE, ATTEMPTS, RECEIPTS, RESTING, PROMISES, PROMISES_OPEN,
        PROMISES_OLDEST, CORRECTIONS, HAND_OVERS, COMPLAINTS,
    ),
    "What goes on": (OUTGOING_WAITING, RELAY_STUCK),
    "The process": (READY_CHECK, DRAINING, LOOP_DELAY, ROLE, BUILD_INFO),
}  # fmt: skip
CATALOGUE = tuple(metric for chapter in CHAPTERS.values() for metric in chapter)

NOT_MEASURED = {
    "the disk, the database's server, the brokers": "theirs to tell: node_exporter, postgres_exporter and Kafka's own have it",
    "a commit that fails without Kafka": "the run ends by it: `TellfirstDown` and `TellfirstRestartLoop` see it",
    "errors by rule": "a record that breaks a rule becomes a dead letter, reason `poison`, and its detail names the fault",
    "rules that no longer load": "a run reads its rules at the start, and does not start with broken ones",
    "how long before a complaint the customer had heard": "`tellfirst demo` and a replay's score tell it",
    "the size of the cache in bytes, single questions to the store": "`cases_cached` and `batch_seconds` stand for them",
}
