"""Four dashboards, one for each question: do we keep our word, do events come through, is it told, which rule is it."""

from deploy.monitoring.drawing import Dashboard, Panel, Row
from deploy.monitoring.objectives import BEHIND, OBJECTIVES

RATE = "[$__rate_interval]"


def quantiles(name: str, by: str = "", where: str = "") -> dict[str, str]:
    """Return the middle and the slowest hundredth of a histogram; by: a label to keep."""
    labels, legend = (f"le, {by}", f"{{{{{by}}}}} ") if by else ("le", "")
    per_bucket = f"sum by ({labels}) (rate({name}_bucket{where}{RATE}))"
    return {f"{legend}p{share * 100:g}": f"histogram_quantile({share}, {per_bucket})" for share in (0.5, 0.99)}


ON_CALL = Dashboard("oncall", "on call", (
    Row("Is it there?", (
        Panel("Processes", "How many answer; 0 means that nobody watches.", "short",
              {"up": 'sum(up{job="tellfirst"})'}, ("TellfirstDown",), is_number=True),
        Panel("Who does what", "How many answer that read and decide, tell, and take events in.", "short",
              {"{{role}}": "sum by (role) (tellfirst_role)"}, ("TellfirstRoleDown",)),
        Panel("Ready", "1: this part is ready. /readyz says why not.", "short",
              {"{{check}}": "min by (check) (tellfirst_ready_check)"}),
        Panel("Alerts that fire", "What Prometheus says now.", "short",
              {"{{alertname}}": 'sum by (alertname) (ALERTS{alertname=~"Tellfirst.+",alertstate="firing",severity!="none"})'},
              ("TellfirstWatchdog",), often_empty=True),
    )),
    Row("Do we keep our word?", (
        Panel("How fast the budgets burn", "Errors of the last hour, as a multiple of what is allowed; 14.4 pages.", "short",
              {each.name.lower(): f"{each.record('1h')} / {each.share}" for each in OBJECTIVES},
              tuple(each.alert for each in OBJECTIVES)),
        Panel("Behind the clock", "How much longer ago than intended each source was certainly seen.", "s",
              {"{{topic}}": BEHIND}, ("TellfirstWatermarkStalled",)),
        Panel("Promises broken, last day", "Customers who did not hear by the time we had named.", "short",
              {"{{rule}}": 'max by (rule) (increase(tellfirst_promises_total{outcome="broken"}[1d]))'},
              ("TellfirstPromiseBroken",)),
    )),
    Row("What waits for a person?", (
        Panel("Rules stopped by the breaker", "1: `rules release` or `rules withdraw` decides.", "short",
              {"{{rule}}": "max by (rule) (tellfirst_breaker_open)"}, ("TellfirstBreakerOpen",)),
        Panel("Dead letters waiting", "Records that could not be taken, neither redriven nor thrown away.", "short",
              {"{{topic}}": "max by (topic) (tellfirst_dead_letters_waiting)"}, ("TellfirstDeadLettersWaiting",)),
        Panel("Problems handed to people, last day", "More than usual means that desks drown.", "short",
              {"{{rule}}": "sum by (rule) (increase(tellfirst_hand_overs_total[1d]))"}),
    )),
    Row("The process", (
        Panel("CPU", "Cores in use; one is the most that a process can.", "short",
              {"{{instance}}": f'rate(process_cpu_seconds_total{{job="tellfirst"}}{RATE})'}),
        Panel("Memory", "Resident.", "bytes", {"{{instance}}": 'process_resident_memory_bytes{job="tellfirst"}'}),
        Panel("How late the loop wakes", "Something holds the process when this grows.", "s",
              quantiles("tellfirst_loop_delay_seconds")),
        Panel("Starts, last 30 minutes", "More than three: it does not stay up.", "short",
              {"{{instance}}": 'changes(process_start_time_seconds{job="tellfirst"}[30m])'}, ("TellfirstRestartLoop",)),
        Panel("Series", "5,000 are planned; more means a label without end.", "short",
              {"{{instance}}": 'scrape_samples_post_metric_relabeling{job="tellfirst"}'}, ("TellfirstSeriesOverBudget",)),
        Panel("Versions", "Which run, and whether they drain.", "short",
              {"{{version}}": "sum by (version) (tellfirst_build_info)", "draining": "sum(tellfirst_draining)"}),
    )),
))  # fmt: skip

PIPELINE = Dashboard("pipeline", "pipeline", (
    Row("What comes in?", (
        Panel("Records", "By what became of them.", "ops",
              {"{{outcome}}": f"sum by (outcome) (rate(tellfirst_events_total{RATE}))"}, ("TellfirstIntakeBudgetBurn",)),
        Panel("Records by source", "A source that falls silent shows here first.", "ops",
              {"{{topic}}": f"sum by (topic) (rate(tellfirst_events_total{RATE}))"}),
        Panel("Sources gone quiet", "1: nothing comes, so nothing is found missing.", "short",
              {"{{topic}}": "max by (topic) (tellfirst_source_quiet)"}, ("TellfirstSourceQuiet",)),
        Panel("How silent a topic may be", "At this hour of the week, as set or as four weeks have taught.", "s",
              {"{{topic}} {{by}}": "max by (topic, by) (tellfirst_source_quiet_after_seconds)"}, often_empty=True),
        Panel("Since the last record", "Since one was committed.", "s",
              {"{{topic}}": "time() - max by (topic) (tellfirst_source_last_event_timestamp_seconds > 0)"}),
        Panel("Dead letters", "By why they could not be taken; poison is a fault of ours.", "ops",
              {"{{topic}} {{reason}}": f"sum by (topic, reason) (rate(tellfirst_dead_letters_total{RATE})) > 0"},
              ("TellfirstRecordPoisoned",), often_empty=True),
        Panel("Dead letters waiting", "Neither redriven nor thrown away.", "short",
              {"{{topic}}": "max by (topic) (tellfirst_dead_letters_waiting)"}, ("TellfirstDeadLettersWaiting",)),
    )),
    Row("Are its times right?", (
        Panel("Age of events at arrival", "Of each batch the oldest: the senders' delay, not ours.", "s",
              quantiles("tellfirst_event_age_seconds", by="topic"), often_empty=True),
        Panel("Late events", "Applied, but behind the watermark.", "ops",
              {"{{topic}}": f"sum by (topic) (rate(tellfirst_late_events_total{RATE}))"}),
        Panel("Times of the future", "Set to their arrival, or in a file not believed: a sender's clock is wrong.", "ops",
              {"{{topic}} clamped": f"sum by (topic) (rate(tellfirst_clamped_times_total{RATE}))",
               "{{topic}} not believed": f"sum by (topic) (rate(tellfirst_wild_times_total{RATE}))"}),
    )),
    Row("How fast?", (
        Panel("Behind the clock", "How much longer ago than intended each source was certainly seen; 600 s page.", "s",
              {"{{topic}}": BEHIND}, ("TellfirstWatermarkStalled", "TellfirstFreshnessBudgetBurn")),
        Panel("Lag in Kafka", "Records that are written to a topic and not applied.", "short",
              {"{{topic}}": "sum by (topic) (max by (topic, partition) (tellfirst_consumer_lag_events))"}, often_empty=True),
        Panel("Partitions without a reader", "Of each topic; while workers change hands for a moment.", "short",
              {"{{topic}}": "max by (topic) (tellfirst_source_partitions)\n"
               "- count by (topic) (count by (topic, partition) (tellfirst_consumer_lag_events))"},
              ("TellfirstPartitionUnread",), often_empty=True),
        Panel("From arrival to decision", "99 % within 5 s are promised.", "s",
              quantiles("tellfirst_event_to_decision_seconds"), ("TellfirstDecisionBudgetBurn",), often_empty=True),
        Panel("Batches", "How long records take, and how long their commit.", "s",
              quantiles("tellfirst_batch_seconds", by="stage"), often_empty=True),
        Panel("Commits", "Transactions of the batch step.", "ops",
              {"{{outcome}}": f"sum by (outcome) (rate(tellfirst_commits_total{RATE}))"}, ("TellfirstWorkerFenced",)),
        Panel("On its way to Kafka", "Records for our own topics that no broker has yet.", "short",
              {"records": "max(tellfirst_outgoing_waiting)"}, often_empty=True),
        Panel("Nothing goes on", "For how long whoever has the turn could bring nothing to Kafka's topics.", "s",
              {"{{instance}}": "tellfirst_relay_stuck_seconds"}, ("TellfirstRelayStuck",)),
        Panel("Since the last commit", "Without records there is one a minute.", "s",
              {"{{instance}}": "time() - (tellfirst_last_commit_timestamp_seconds > 0)"}, ("TellfirstCommitsStopped",)),
        Panel("Records waiting", "Taken in and not yet committed.", "short", {"{{instance}}": "tellfirst_records_waiting"}),
        Panel("Taken in for Kafka", "By the intake, by what became of them.", "ops",
              {"{{fate}}": f"sum by (fate) (rate(tellfirst_intake_records_total{RATE}))"}, often_empty=True),
        Panel("Cases in memory", "The most are 50,000; others are read from the store.", "short",
              {"{{instance}}": "tellfirst_cases_cached"}),
        Panel("Cut by a limit", "Window entries that a memory lost, or that came too late to be counted.", "ops",
              {"{{limit}}": f"sum by (limit) (rate(tellfirst_limit_hits_total{RATE}))"}),
    )),
))  # fmt: skip

TELLING = Dashboard("telling", "telling", (
    Row("Did they hear it from us first?", (
        Panel("Complaints", "Yes: they had heard from us before.", "short",
              {"preceded: {{preceded}}": "max by (preceded) (tellfirst_complaints_total)"}),
        Panel("Answers to notices", "Per second.", "ops",
              {"{{answer}}": f"sum by (answer) (rate(tellfirst_notices_total{RATE}))"}),
        Panel("Corrections and hand-overs", "What was told and turned out wrong, and what a person took over.", "ops",
              {"corrections": f"sum(rate(tellfirst_corrections_total{RATE}))",
               "hand-overs": f"sum(rate(tellfirst_hand_overs_total{RATE}))"}),
    )),
    Row("What is not told, and why?", (
        Panel("Waiting", "Notices without a last word, by what they wait for.", "short",
              {"{{reason}}": "max by (reason) (tellfirst_notices_waiting) > 0"}, often_empty=True),
        Panel("Withheld", "By reason, over an hour.", "short",
              {"{{reason}}": 'sum by (reason) (increase(tellfirst_notices_total{answer="withheld"}[1h])) > 0'}, often_empty=True),
        Panel("Held", "By reason, over an hour.", "short",
              {"{{reason}}": 'sum by (reason) (increase(tellfirst_notices_total{answer="held"}[1h])) > 0'}, often_empty=True),
    )),
    Row("Does it get out?", (
        Panel("Oldest that is due", "How long it has waited; 900 s page.", "s",
              {"oldest": "time() - max(tellfirst_outbox_oldest_due_timestamp_seconds > 0)"},
              ("TellfirstOutboxStuck",), often_empty=True),
        Panel("Urgent: from found to sent", "99 % within 60 s are promised.", "s",
              quantiles("tellfirst_due_to_sent_seconds", where='{urgency="now"}'),
              ("TellfirstSendBudgetBurn",), often_empty=True),
        Panel("From found to sent", "Quiet hours and caps are in it.", "s",
              quantiles("tellfirst_due_to_sent_seconds", by="channel"), often_empty=True),
        Panel("Tries", "By channel and what came of them.", "ops",
              {"{{channel}} {{outcome}}": f"sum by (channel, outcome) (rate(tellfirst_attempts_total{RATE}))"}),
        Panel("Tries without an answer", "Share of the last hour; 1 % is too much.", "percentunit",
              {"{{channel}}": 'sum by (channel) (increase(tellfirst_attempts_total{outcome="ambiguous"}[1h]))'
                              " / sum by (channel) (increase(tellfirst_attempts_total[1h]))"},
              ("TellfirstSendsAmbiguous",), often_empty=True),
        Panel("Receipts", "What providers said later; many `bounced`: wrong addresses, or a provider refuses us.", "ops",
              {"{{receipt}} {{fate}}": f"sum by (receipt, fate) (rate(tellfirst_receipts_total{RATE}))"}),
        Panel("Providers left alone", "1: it does not answer.", "short",
              {"{{channel}}": "max by (channel) (tellfirst_provider_resting)"}, ("TellfirstChannelDown",)),
    )),
    Row("Are promises kept?", (
        Panel("Promises over", "By outcome, over a day.", "short",
              {"{{outcome}}": "sum by (outcome) (max by (rule, outcome) (increase(tellfirst_promises_total[1d])))"},
              ("TellfirstPromiseBroken", "TellfirstPromiseBudgetBurn")),
        Panel("Promises that stand", "By rule.", "short", {"{{rule}}": "max by (rule) (tellfirst_promises_open)"}),
        Panel("Until the next is due", "Below 0 it is broken.", "s",
              {"next": "max(tellfirst_promises_oldest_due_timestamp_seconds > 0) - time()"}, often_empty=True),
    )),
))  # fmt: skip

RULES = Dashboard("rules", "rules", (
    Row("What do they find?", (
        Panel("Problems opened", "Over an hour, by rule.", "short",
              {"{{rule}}": 'sum by (rule) (increase(tellfirst_problems_total{phase="opened"}[1h]))'}),
        Panel("Problems open", "Now, by rule.", "short", {"{{rule}}": "max by (rule) (tellfirst_problems_open)"}),
        Panel("Ends", "How problems ended, over an hour.", "short",
              {"{{phase}}": 'sum by (phase) (increase(tellfirst_problems_total{phase!~"opened|updated"}[1h]))'}),
        Panel("Found late", "From becoming true to being found.", "s",
              quantiles("tellfirst_found_late_seconds", by="rule"), often_empty=True),
        Panel("Found because time had passed", "Over 10 minutes: what the breaker counts.", "short",
              {"{{rule}}": "sum by (rule) (increase(tellfirst_timers_fired_total[10m]))"}),
        Panel("Cases that wait for a moment", "All rules together.", "short", {"armed": "max(tellfirst_timers_armed)"}),
    )),
    Row("Are they right?", (
        Panel("Corrected", "Share of what was told in a day; 1 % is too much.", "percentunit",
              {"{{rule}}": "sum by (rule) (increase(tellfirst_corrections_total[1d]))"
                           ' / sum by (rule) (increase(tellfirst_notices_total{answer="told"}[1d]))'},
              ("TellfirstCorrectionsHigh",), often_empty=True),
        Panel("Missed", "Found so late that they were over.", "short",
              {"{{rule}}": 'sum by (rule) (increase(tellfirst_notices_total{answer="withheld",reason="missed"}[1h]))'},
              ("TellfirstNoticesMissed",)),
        Panel("Handed to people", "Over a day, by rule.", "short",
              {"{{rule}}": "sum by (rule) (increase(tellfirst_hand_overs_total[1d]))"}),
    )),
    Row("Which speak?", (
        Panel("Rules by stage", "New ones are in shadow: they record and tell nobody.", "short",
              {"{{stage}}": "max by (stage) (tellfirst_rules)"}),
        Panel("Stopped by the breaker", "1: a person must decide.", "short",
              {"{{rule}}": "max by (rule) (tellfirst_breaker_open)"}, ("TellfirstBreakerOpen",)),
        Panel("Held by the breaker", "Notices that wait for that decision.", "short",
              {"{{rule}}": "max by (rule) (tellfirst_breaker_held)"}),
        Panel("Told", "Over an hour, by rule.", "short",
              {"{{rule}}": 'sum by (rule) (increase(tellfirst_notices_total{answer="told"}[1h]))'}),
        Panel("Withheld", "Over an hour, by rule.", "short",
              {"{{rule}}": 'sum by (rule) (increase(tellfirst_notices_total{answer="withheld"}[1h]))'}),
        Panel("Cancelled", "Over an hour: over before they were told.", "short",
              {"{{rule}}": 'sum by (rule) (increase(tellfirst_notices_total{answer="cancelled"}[1h]))'}),
    )),
))  # fmt: skip

DASHBOARDS = (ON_CALL, PIPELINE, TELLING, RULES)
