"""For each alert a past that fires it, and one that looks alike and does not: series as promtool writes them, one a minute."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from deploy.monitoring.objectives import BURNS, OBJECTIVES, Objective


@dataclass(frozen=True)
class Case:
    """series: selector to values; at: when it is looked at, in minutes. fires: the labels of each alert beside its severity, none
    for quiet. says: its summary, where that names what it found."""

    alert: str
    why: str
    series: Mapping[str, str]
    at: int
    fires: tuple[Mapping[str, str], ...] = ()
    says: str = ""


T = "tellfirst_"
UP = '{job="tellfirst",instance="a"}'
STUCK = f"{T}relay_stuck_seconds{UP}"
COURIER, WORKER = (f'{T}role{{role="{each}",{UP[1:]}' for each in ("courier", "worker"))
HTTP = '{topic="http",job="tellfirst",instance="a"}'
RULE = 'rule="late-parcel",job="tellfirst",instance="a"'
MARK = f'{T}watermark_timestamp_seconds{{topic="http",partition="0",job="tellfirst",instance="a"}}'
DELAY = f"{T}source_delay_seconds{HTTP}"
PARTS = f'{T}source_partitions{{topic="orders",job="tellfirst",instance="a"}}'
LAG = f'{T}consumer_lag_events{{{{topic="{{topic}}",partition="{{part}}",job="tellfirst",instance="a"}}}}'


def seen(behind: int) -> dict[str, str]:
    """Return a source that keeps so many seconds behind the clock, 120 of them by intent."""
    return {MARK: f"{-behind}+60x400", DELAY: "120x400"}


SYMPTOMS = (
    Case("TellfirstDown", "nothing answers", {f"up{UP}": "1x5 0x20"}, 9, ({},)),
    Case("TellfirstDown", "one of two still answers", {f"up{UP}": "0x20", 'up{job="tellfirst",instance="b"}': "1x20"}, 15),
    Case("TellfirstDown", "away for a minute only", {f"up{UP}": "1x5 0x0 1x20"}, 7),
    Case("TellfirstRoleDown", "the last courier is gone, workers answer", {COURIER: "1x5 _x20", WORKER: "1x30",
         f"up{UP}": "1x30"}, 14, ({"role": "courier"},), "No courier answers any more, though others of us do."),
    Case("TellfirstRoleDown", "one of two couriers is gone",
         {COURIER: "1x5 _x20", COURIER.replace('"a"', '"b"'): "1x30", f"up{UP}": "1x30"}, 14),
    Case("TellfirstRoleDown", "a courier is replaced", {COURIER: "1x5 _x6 1x20", f"up{UP}": "1x30"}, 14),
    Case("TellfirstRoleDown", "workers only, as ever", {COURIER: "0x30", WORKER: "1x5 _x20", f"up{UP}": "1x30"}, 14),
    Case("TellfirstRoleDown", "nobody answers, which is another page", {COURIER: "1x5 _x20", f"up{UP}": "1x5 0x20"}, 14),
    Case("TellfirstRoleDown", "after all were gone a worker answers a minute before the courier",
         {COURIER: "1x5 _x7 1x20", WORKER: "1x5 _x6 1x20", f"up{UP}": "1x5 0x6 1x20"}, 12),
    Case("TellfirstWatermarkStalled", "W stands still", {MARK: "0x60", DELAY: "120x60"}, 19, ({"topic": "http"},),
         "http was seen only up to 17m 0s ago: what is missing is found late."),
    Case("TellfirstWatermarkStalled", "ten minutes behind, and two by intent", seen(700), 60),
    Case("TellfirstWatermarkStalled", "a file follows no clock", {MARK: "0x60"}, 40),
    Case("TellfirstSourceQuiet", "nothing comes", {f"{T}source_quiet{HTTP}": "0x5 1x10"}, 8, ({"topic": "http"},),
         "Nothing comes from http any more: what is missing there is not found."),
    Case("TellfirstSourceQuiet", "quiet for a moment", {f"{T}source_quiet{HTTP}": "0x5 1x0 0x10"}, 8),
    Case("TellfirstBreakerOpen", "the breaker opened", {f"{T}breaker_open{{{RULE}}}": "0x3 1x10"}, 4, ({"rule": "late-parcel"},),
         "Rule late-parcel found far more than usual and is stopped: a person must decide."),
    Case("TellfirstBreakerOpen", "it was released", {f"{T}breaker_open{{{RULE}}}": "0x3 1x3 0x10"}, 9),
    Case("TellfirstCommitsStopped", "records wait and nothing is committed",
         {f"{T}last_commit_timestamp_seconds{UP}": "60x20", f"{T}records_waiting{UP}": "40x20"}, 9,
         ({"instance": "a", "job": "tellfirst"},), "Records wait, and a has committed nothing for 8m 0s."),
    Case("TellfirstCommitsStopped", "nothing waits",
         {f"{T}last_commit_timestamp_seconds{UP}": "60x20", f"{T}records_waiting{UP}": "0x20"}, 15),
    Case("TellfirstCommitsStopped", "records wait and are committed",
         {f"{T}last_commit_timestamp_seconds{UP}": "0+60x20", f"{T}records_waiting{UP}": "40x20"}, 15),
    Case("TellfirstCommitsStopped", "a worker has a backlog and commits nothing since its start",
         {f"process_start_time_seconds{UP}": "60x20", f"{T}last_commit_timestamp_seconds{UP}": "0x20",
          LAG.format(topic="orders", part=1): "70x20"}, 9, ({"instance": "a", "job": "tellfirst"},),
         "Records wait, and a has committed nothing for 8m 0s."),
    Case("TellfirstCommitsStopped", "another worker has the backlog",
         {f"{T}last_commit_timestamp_seconds{UP}": "60x20", LAG.format(topic="orders", part=1): "0x20",
          LAG.format(topic="orders", part=2).replace('"a"', '"b"'): "70x20"}, 9),
    Case("TellfirstPartitionUnread", "one of three has no reader",
         {PARTS: "3x30", LAG.format(topic="orders", part=0): "0x30", LAG.format(topic="orders", part=2): "5x30"}, 9,
         ({"topic": "orders"},), "Partitions of orders are read by nobody, 1 of them: their cases are neither seen nor told of."),
    Case("TellfirstPartitionUnread", "all workers are gone",
         {PARTS: "3x5 _x30", LAG.format(topic="orders", part=0): "0x5 _x30"}, 19,
         ({"topic": "orders"},), "Partitions of orders are read by nobody, 3 of them: their cases are neither seen nor told of."),
    Case("TellfirstPartitionUnread", "each has its reader, and one of them two for a moment",
         {PARTS: "2x30", LAG.format(topic="orders", part=0): "0x30", LAG.format(topic="orders", part=1): "5x30",
          LAG.format(topic="orders", part=1).replace('"a"', '"b"'): "5x30"}, 20),
    Case("TellfirstPartitionUnread", "workers change hands",
         {PARTS: "2x30", LAG.format(topic="orders", part=0): "0x30", LAG.format(topic="orders", part=1): "0x5 _x3 0x30"}, 9),
    Case("TellfirstWorkerFenced", "again and again", {f'{T}commits_total{{outcome="fenced",{UP[1:]}': "0+1x60"}, 40,
         ({"instance": "a"},), "a loses its slots to another worker again and again."),
    Case("TellfirstWorkerFenced", "workers were added",
         {f'{T}commits_total{{outcome="fenced",{UP[1:]}': "0x10 3x60",
          f'{T}commits_total{{outcome="ok",{UP[1:]}': "0+90x60"}, 30),
    Case("TellfirstRelayStuck", "brokers take nothing",
         {STUCK: "0x2 0+60x20", STUCK.replace('"a"', '"b"'): "0x30"}, 10, ({},),
         "Nothing has gone on to Kafka's topics for 7m 0s: workers wait for each other's copies."),
    Case("TellfirstRelayStuck", "a broker restarts", {STUCK: "0x2 0+60x3 0x30"}, 10),
    Case("TellfirstOutboxStuck", "the same notice has been due for long",
         {f"{T}outbox_oldest_due_timestamp_seconds{UP}": "60x40"}, 23, ({},), "What is due to be told has waited for 22m 0s."),
    Case("TellfirstOutboxStuck", "much is due, and it moves", {f"{T}outbox_oldest_due_timestamp_seconds{UP}": "-600+60x60"}, 50),
    Case("TellfirstOutboxStuck", "nothing is due", {f"{T}outbox_oldest_due_timestamp_seconds{UP}": "0x60"}, 50),
    Case("TellfirstChannelDown", "the provider is left alone",
         {f'{T}provider_resting{{channel="email",job="tellfirst"}}': "1x10"}, 6, ({"channel": "email"},),
         "The provider of email does not answer: what it should carry waits, or goes by the next channel."),
    Case("TellfirstChannelDown", "it may answer again soon",
         {f'{T}provider_resting{{channel="email",job="tellfirst"}}': "1x3 0x10"}, 3),
    Case("TellfirstNoticesMissed", "found when it was over",
         {f'{T}notices_total{{answer="withheld",reason="missed",{RULE}}}': "0x5 1x10"}, 7, ({"rule": "late-parcel"},),
         "late-parcel: problems were found so late that they were over; customers were not told."),
    Case("TellfirstNoticesMissed", "withheld for another reason",
         {f'{T}notices_total{{answer="withheld",reason="consent",{RULE}}}': "0x5 1x10",
          f'{T}notices_total{{answer="withheld",reason="missed",{RULE}}}': "7x20"}, 7),
    Case("TellfirstRecordPoisoned", "a record broke the rules",
         {f'{T}dead_letters_total{{reason="poison",topic="http",job="tellfirst"}}': "0x5 1x10"}, 7, ({"topic": "http"},),
         "A record of http broke the rules and was put aside: there is a fault in tellfirst or in a rule."),
    Case("TellfirstRecordPoisoned", "a record is no JSON",
         {f'{T}dead_letters_total{{reason="syntax",topic="http"}}': "0x5 9x10"}, 7),
    Case("TellfirstPromiseBroken", "one customer waited",
         {f'{T}promises_total{{outcome="broken",{RULE}}}': "0x5 1x10"}, 7, ({"rule": "late-parcel"},),
         "late-parcel: a customer did not hear from us by the time we had named."),
    Case("TellfirstPromiseBroken", "a person took over in time",
         {f'{T}promises_total{{outcome="handed_over",{RULE}}}': "0x5 1x10",
          f'{T}promises_total{{outcome="broken",{RULE}}}': "3x20"}, 7),
    Case("TellfirstDeadLettersWaiting", "for more than a day", {f"{T}dead_letters_waiting{HTTP}": "3x1500"}, 1450,
         ({"topic": "http"},), "3 dead letters of http have waited for more than a day."),
    Case("TellfirstDeadLettersWaiting", "redriven in the evening", {f"{T}dead_letters_waiting{HTTP}": "3x700 0x10 3x800"}, 1450),
    Case("TellfirstSendsAmbiguous", "two of a hundred",
         {f'{T}attempts_total{{channel="sms",provider="sms",outcome="ambiguous"}}': "0+2x120",
          f'{T}attempts_total{{channel="sms",provider="sms",outcome="accepted"}}': "0+98x120"}, 90, ({"channel": "sms"},),
         "sms: 2% of sends were not answered; nobody knows if they arrived."),
    Case("TellfirstSendsAmbiguous", "one of two hundred",
         {f'{T}attempts_total{{channel="sms",provider="sms",outcome="ambiguous"}}': "0+1x120",
          f'{T}attempts_total{{channel="sms",provider="sms",outcome="accepted"}}': "0+199x120"}, 90),
    Case("TellfirstCorrectionsHigh", "two of a hundred",
         {f"{T}corrections_total{{{RULE}}}": "0+2x120", f'{T}notices_total{{answer="told",reason="",{RULE}}}': "0+100x120"}, 90,
         ({"rule": "late-parcel"},), "late-parcel: 2% of what was told had to be corrected."),
    Case("TellfirstCorrectionsHigh", "one of two hundred",
         {f"{T}corrections_total{{{RULE}}}": "0+1x120", f'{T}notices_total{{answer="told",reason="",{RULE}}}': "0+200x120"}, 90),
    Case("TellfirstRestartLoop", "a start every few minutes", {f"process_start_time_seconds{UP}": "1x3 2x3 3x3 4x3 5x3"}, 18,
         ({"instance": "a", "job": "tellfirst"},), "a starts again and again."),
    Case("TellfirstRestartLoop", "three starts of a new version", {f"process_start_time_seconds{UP}": "1x3 2x3 3x3 4x30"}, 18),
    Case("TellfirstSeriesOverBudget", "a label without end", {f"scrape_samples_post_metric_relabeling{UP}": "5001x30"}, 20,
         ({"instance": "a", "job": "tellfirst"},), "a shows 5001 series, more than the 5,000 that were planned."),
    Case("TellfirstSeriesOverBudget", "as many as planned", {f"scrape_samples_post_metric_relabeling{UP}": "5000x30"}, 20),
    Case("TellfirstWatchdog", "always", {f"up{UP}": "1x5"}, 3, ({},)),
    Case("TellfirstFreshnessBudgetBurn", "120 s behind, and as many by intent", seen(240), 55),
    Case("TellfirstFreshnessBudgetBurn", "a little more", seen(241), 55, ({"window": "1h"}, {"window": "6h"})),
)  # fmt: skip

PER_MINUTE = 100_000
GOOD_AND_OTHER = {
    "Decision": (
        f'{T}event_to_decision_seconds_bucket{{le="5.0"}}',
        f"{T}event_to_decision_seconds_count",
    ),
    "Send": (
        f'{T}due_to_sent_seconds_bucket{{urgency="now",channel="sms",le="60.0"}}',
        f'{T}due_to_sent_seconds_count{{urgency="now",channel="sms"}}',
    ),
    "Promise": (f'{T}promises_total{{outcome="kept",rule="r"}}', f'{T}promises_total{{outcome="broken",rule="r"}}'),
    "Intake": (f'{T}events_total{{outcome="applied",topic="http"}}', f'{T}events_total{{outcome="dead",topic="http"}}'),
}
SLOW_HOURS = 5


def burning(objective: Objective, factor: float) -> Case:
    """Return five hours in which the budget burns so many times too fast, and which windows say so by then."""
    bad = round(PER_MINUTE * objective.share * factor)
    windows = tuple({"window": burn.long} for burn in BURNS if factor > burn.factor)
    return Case(objective.alert, f"{factor} times too fast", series_of(objective, bad, PER_MINUTE), SLOW_HOURS * 60, windows)


def few(objective: Objective) -> Case:
    """Return the same share of errors, but of so little that nobody should be woken."""
    good, other = GOOD_AND_OTHER[objective.name]
    return Case(objective.alert, "all of next to nothing", {good: "0x400", other: "0x5 1x400"}, 9)


def series_of(objective: Objective, bad: int, total: int) -> dict[str, str]:
    """Of a histogram the other series counts everything, of a counter what went wrong."""
    good, other = GOOD_AND_OTHER[objective.name]
    return {good: f"0+{total - bad}x400", other: f"0+{total if other.count('_count') else bad}x400"}


def all_cases() -> Iterator[Case]:
    yield from SYMPTOMS
    for objective in OBJECTIVES:
        if objective.name in GOOD_AND_OTHER:
            yield few(objective)
            for burn in BURNS:
                yield burning(objective, round(burn.factor - 0.1, 1))
                yield burning(objective, round(burn.factor + 0.1, 1))


CASES = tuple(all_cases())
