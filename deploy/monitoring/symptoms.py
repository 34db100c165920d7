"""What must wake somebody at once, or be looked at tomorrow, whatever the budgets say; and which alert silences which."""

from deploy.monitoring.alert import NONE, PAGE, TICKET, Alert, Rule
from deploy.monitoring.objectives import BEHIND

DOWN = Rule(
    'absent(up{job="tellfirst"} == 1)',
    alert=Alert("TellfirstDown", PAGE, "No tellfirst answers: nobody watches, nobody tells.", "oncall", hold="2m"),
)
ROLE_DOWN = Rule(
    'max by (role) (max_over_time(tellfirst_role{role=~"courier|intake"}[1d])) == 1'
    "\nunless on (role) max by (role) (tellfirst_role) == 1"
    '\nand on () max(up{job="tellfirst"}) == 1',
    alert=Alert(
        "TellfirstRoleDown",
        PAGE,
        "No {{ $labels.role }} answers any more, though others of us do.",
        "oncall",
        hold="2m",
    ),
)
WATERMARK_STALLED = Rule(
    f"{BEHIND} > 600",
    alert=Alert(
        "TellfirstWatermarkStalled",
        PAGE,
        "{{ $labels.topic }} was seen only up to {{ $value | humanizeDuration }} ago: what is missing is found late.",
        "pipeline",
        hold="5m",
    ),
)
SOURCE_QUIET = Rule(
    "max by (topic) (tellfirst_source_quiet) == 1",
    alert=Alert(
        "TellfirstSourceQuiet",
        PAGE,
        "Nothing comes from {{ $labels.topic }} any more: what is missing there is not found.",
        "pipeline",
        hold="1m",
    ),
)
BREAKER_OPEN = Rule(
    "max by (rule) (tellfirst_breaker_open) == 1",
    alert=Alert(
        "TellfirstBreakerOpen",
        PAGE,
        "Rule {{ $labels.rule }} found far more than usual and is stopped: a person must decide.",
        "rules",
    ),
)
PARTITION_UNREAD = Rule(
    "max by (topic) (max_over_time(tellfirst_source_partitions[1d]))"
    "\n- (count by (topic) (count by (topic, partition) (tellfirst_consumer_lag_events))"
    "\n   or max by (topic) (max_over_time(tellfirst_source_partitions[1d])) * 0) > 0",
    alert=Alert(
        "TellfirstPartitionUnread",
        PAGE,
        "Partitions of {{ $labels.topic }} are read by nobody, {{ $value }} of them: their cases are neither seen nor told of.",
        "pipeline",
        hold="5m",
    ),
)
WORKER_FENCED = Rule(
    'sum by (instance) (increase(tellfirst_commits_total{outcome="fenced"}[30m])) > 3',
    alert=Alert(
        "TellfirstWorkerFenced",
        TICKET,
        "{{ $labels.instance }} loses its slots to another worker again and again.",
        "pipeline",
    ),
)
COMMITS_STOPPED = Rule(
    'time() - (tellfirst_last_commit_timestamp_seconds > 0 or process_start_time_seconds{job="tellfirst"}) > 300'
    "\nand on (job, instance) (tellfirst_records_waiting > 0"
    "\n   or sum by (job, instance) (tellfirst_consumer_lag_events) > 0)",
    alert=Alert(
        "TellfirstCommitsStopped",
        PAGE,
        "Records wait, and {{ $labels.instance }} has committed nothing for {{ $value | humanizeDuration }}.",
        "pipeline",
        hold="1m",
    ),
)
OUTBOX_STUCK = Rule(
    "time() - max(tellfirst_outbox_oldest_due_timestamp_seconds > 0) > 900",
    alert=Alert(
        "TellfirstOutboxStuck",
        PAGE,
        "What is due to be told has waited for {{ $value | humanizeDuration }}.",
        "telling",
        hold="5m",
    ),
)
CHANNEL_DOWN = Rule(
    "max by (channel) (tellfirst_provider_resting) == 1",
    alert=Alert(
        "TellfirstChannelDown",
        PAGE,
        "The provider of {{ $labels.channel }} does not answer: what it should carry waits, or goes by the next channel.",
        "telling",
        hold="5m",
    ),
)
NOTICES_MISSED = Rule(
    'sum by (rule) (increase(tellfirst_notices_total{answer="withheld",reason="missed"}[15m])) > 0',
    alert=Alert(
        "TellfirstNoticesMissed",
        PAGE,
        "{{ $labels.rule }}: problems were found so late that they were over; customers were not told.",
        "rules",
    ),
)
RECORD_POISONED = Rule(
    'sum by (topic) (increase(tellfirst_dead_letters_total{reason="poison"}[15m])) > 0',
    alert=Alert(
        "TellfirstRecordPoisoned",
        PAGE,
        "A record of {{ $labels.topic }} broke the rules and was put aside: there is a fault in tellfirst or in a rule.",
        "pipeline",
    ),
)
PROMISE_BROKEN = Rule(
    'max by (rule) (increase(tellfirst_promises_total{outcome="broken"}[1h])) > 0',
    alert=Alert(
        "TellfirstPromiseBroken",
        TICKET,
        "{{ $labels.rule }}: a customer did not hear from us by the time we had named.",
        "telling",
    ),
)
DEAD_LETTERS_WAITING = Rule(
    "max by (topic) (tellfirst_dead_letters_waiting) > 0",
    alert=Alert(
        "TellfirstDeadLettersWaiting",
        TICKET,
        "{{ $value }} dead letters of {{ $labels.topic }} have waited for more than a day.",
        "pipeline",
        hold="1d",
    ),
)
SENDS_AMBIGUOUS = Rule(
    'sum by (channel) (increase(tellfirst_attempts_total{outcome="ambiguous"}[1h]))'
    "\n/ sum by (channel) (increase(tellfirst_attempts_total[1h])) > 0.01",
    alert=Alert(
        "TellfirstSendsAmbiguous",
        TICKET,
        "{{ $labels.channel }}: {{ $value | humanizePercentage }} of sends were not answered; nobody knows if they arrived.",
        "telling",
        hold="30m",
    ),
)
CORRECTIONS_HIGH = Rule(
    "sum by (rule) (increase(tellfirst_corrections_total[1d]))"
    '\n/ sum by (rule) (increase(tellfirst_notices_total{answer="told"}[1d])) > 0.01',
    alert=Alert(
        "TellfirstCorrectionsHigh",
        TICKET,
        "{{ $labels.rule }}: {{ $value | humanizePercentage }} of what was told had to be corrected.",
        "rules",
        hold="1h",
    ),
)
RELAY_STUCK = Rule(
    "max(tellfirst_relay_stuck_seconds) > 300",
    alert=Alert(
        "TellfirstRelayStuck",
        TICKET,
        "Nothing has gone on to Kafka's topics for {{ $value | humanizeDuration }}: workers wait for each other's copies.",
        "pipeline",
    ),
)
RESTART_LOOP = Rule(
    'changes(process_start_time_seconds{job="tellfirst"}[30m]) > 3',
    alert=Alert("TellfirstRestartLoop", TICKET, "{{ $labels.instance }} starts again and again.", "oncall"),
)
SERIES_OVER_BUDGET = Rule(
    'scrape_samples_post_metric_relabeling{job="tellfirst"} > 5000',
    alert=Alert(
        "TellfirstSeriesOverBudget",
        TICKET,
        "{{ $labels.instance }} shows {{ $value }} series, more than the 5,000 that were planned.",
        "oncall",
        hold="15m",
    ),
)
WATCHDOG = Rule(
    "vector(1)",
    alert=Alert("TellfirstWatchdog", NONE, "Always fires: when it stops, alerting itself is broken.", "oncall"),
)

SYMPTOMS = (
    DOWN, ROLE_DOWN, SOURCE_QUIET, PARTITION_UNREAD, BREAKER_OPEN, COMMITS_STOPPED, OUTBOX_STUCK, CHANNEL_DOWN, NOTICES_MISSED,
    RECORD_POISONED, PROMISE_BROKEN, DEAD_LETTERS_WAITING, SENDS_AMBIGUOUS, CORRECTIONS_HIGH, WORKER_FENCED,
    RELAY_STUCK, RESTART_LOOP, SERIES_OVER_BUDGET, WATCHDOG,
)  # fmt: skip

LATE = ("TellfirstFreshnessBudgetBurn", "TellfirstDecisionBudgetBurn")
UNTOLD = ("TellfirstSendBudgetBurn", "TellfirstPromiseBudgetBurn", "TellfirstPromiseBroken")
SILENCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "TellfirstDown": (("TellfirstRestartLoop", *LATE, *UNTOLD), ()),
    "TellfirstPartitionUnread": (("TellfirstWatermarkStalled", *LATE), ()),
    "TellfirstCommitsStopped": (("TellfirstWatermarkStalled", *LATE), ()),
    "TellfirstSourceQuiet": (("TellfirstWatermarkStalled",), ("topic",)),
    "TellfirstWatermarkStalled": (("TellfirstFreshnessBudgetBurn",), ()),
    "TellfirstChannelDown": (("TellfirstOutboxStuck", "TellfirstSendBudgetBurn", "TellfirstSendsAmbiguous"), ()),
    "TellfirstOutboxStuck": (UNTOLD, ()),
}
"""Alert to those that say nothing new while it fires, and the labels in which the two must be equal."""
