"""Five promises that we make to those who rely on us, as recording rules, and alerts by how fast their budget of 30 days burns.

Windows and factors are those of the Google SRE Workbook, chapter 5.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from deploy.monitoring.alert import PAGE, TICKET, Alert, Rule

WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
BEHIND, STALE = "tellfirst:source_behind:seconds", "tellfirst:source_stale:bool"


@dataclass(frozen=True)
class Burn:
    """How many times too fast the budget goes, in a long window and, so that the alert ends soon, in a short one too."""

    severity: str
    factor: float
    long: str
    short: str
    hold: str


BURNS = (
    Burn(PAGE, 14.4, "1h", "5m", "2m"),
    Burn(PAGE, 6, "6h", "30m", "15m"),
    Burn(TICKET, 3, "1d", "2h", "1h"),
    Burn(TICKET, 1, "3d", "6h", "3h"),
)


@dataclass(frozen=True)
class Objective:
    """errors: the share of what went wrong in a window, which stands for `WINDOW`. bad: how often, and at_least: before anybody
    is woken; None where time is counted, not things. share: of errors that is allowed."""

    name: str
    promise: str
    share: float
    errors: str
    dashboard: str
    bad: str | None = None
    at_least: int = 0

    @property
    def alert(self) -> str:
        return f"Tellfirst{self.name}BudgetBurn"

    def record(self, window: str) -> str:
        return f"tellfirst:{self.name.lower()}_errors:ratio_rate{window}"

    def rules(self) -> Iterator[Rule]:
        for window in WINDOWS:
            yield Rule(record=self.record(window), expr=self.errors.replace("WINDOW", window))
        for burn in BURNS:
            yield Rule(alert=self._alert(burn), expr=self._burns(burn))

    def _burns(self, burn: Burn) -> str:
        most = f"{burn.factor} * {self.share}"
        parts = [f"{self.record(burn.long)} > {most}", f"{self.record(burn.short)} > {most}"]
        if self.bad is not None:
            parts.append(f"{self.bad.replace('WINDOW', burn.long)} >= {self.at_least}")
        return "\nand ".join(parts)

    def _alert(self, burn: Burn) -> Alert:
        summary = f"{self.promise}: the budget of 30 days burns {burn.factor} times too fast ({burn.long} and {burn.short})."
        return Alert(self.alert, burn.severity, summary, self.dashboard, hold=burn.hold, labels={"window": burn.long})


OBJECTIVES = (
    Objective(
        "Decision",
        "99 % of records are decided upon within 5 s",
        0.01,
        '1 - sum(rate(tellfirst_event_to_decision_seconds_bucket{le="5.0"}[WINDOW]))'
        " / sum(rate(tellfirst_event_to_decision_seconds_count[WINDOW]))",
        "pipeline",
        bad="sum(increase(tellfirst_event_to_decision_seconds_count[WINDOW]))"
        ' - sum(increase(tellfirst_event_to_decision_seconds_bucket{le="5.0"}[WINDOW]))',
        at_least=20,
    ),
    Objective(
        "Send",
        "99 % of urgent notices are sent within 60 s",
        0.01,
        '1 - sum(rate(tellfirst_due_to_sent_seconds_bucket{urgency="now",le="60.0"}[WINDOW]))'
        ' / sum(rate(tellfirst_due_to_sent_seconds_count{urgency="now"}[WINDOW]))',
        "telling",
        bad='sum(increase(tellfirst_due_to_sent_seconds_count{urgency="now"}[WINDOW]))'
        ' - sum(increase(tellfirst_due_to_sent_seconds_bucket{urgency="now",le="60.0"}[WINDOW]))',
        at_least=10,
    ),
    Objective(
        "Promise",
        "99.9 % of promises are not broken",
        0.001,
        'sum(max by (rule) (rate(tellfirst_promises_total{outcome="broken"}[WINDOW])))'
        " / sum(max by (rule, outcome) (rate(tellfirst_promises_total[WINDOW])))",
        "telling",
        bad='sum(max by (rule) (increase(tellfirst_promises_total{outcome="broken"}[WINDOW])))',
        at_least=3,
    ),
    Objective(
        "Intake",
        "99.9 % of records can be taken as events",
        0.001,
        'sum(rate(tellfirst_events_total{outcome="dead"}[WINDOW])) / sum(rate(tellfirst_events_total[WINDOW]))',
        "pipeline",
        bad='sum(increase(tellfirst_events_total{outcome="dead"}[WINDOW]))',
        at_least=20,
    ),
    Objective(
        "Freshness",
        "99.5 % of the time every source is seen to within 120 s",
        0.005,
        f"max(avg_over_time({STALE}[WINDOW]))",
        "pipeline",
    ),
)

FRESHNESS = (
    Rule(
        record=BEHIND,
        expr="time() - min by (topic) (max by (topic, partition) (tellfirst_watermark_timestamp_seconds))"
        "\n- max by (topic) (tellfirst_source_delay_seconds)",
    ),
    Rule(record=STALE, expr=f"{BEHIND} > bool 120"),
)
