"""What an alert is: its name, whom it wakes, one line that says what is wrong, and where to look and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PAGE, TICKET, NONE = "page", "ticket", "none"


@dataclass(frozen=True)
class Alert:
    """hold: for how long it must be so, None for at once. dashboard: where to look first."""

    name: str
    severity: str
    summary: str
    dashboard: str
    hold: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def as_rule(self, expr: str, pages: str) -> dict[str, object]:
        """pages: where the pages of docs/ stand."""
        hold = {"for": self.hold} if self.hold else {}
        return {
            "alert": self.name,
            "expr": expr,
            **hold,
            "labels": {"severity": self.severity, **self.labels},
            "annotations": {
                "summary": self.summary,
                "runbook_url": f"{pages}/runbooks/{self.name}.md",
                "dashboard": f"/d/tellfirst-{self.dashboard}",
            },
        }


@dataclass(frozen=True)
class Rule:
    """One rule of a group: it records under a name, or alerts."""

    expr: str
    record: str | None = None
    alert: Alert | None = None

    def as_tree(self, pages: str) -> dict[str, object]:
        if self.alert is not None:
            return self.alert.as_rule(self.expr, pages)
        return {"record": self.record, "expr": self.expr}
