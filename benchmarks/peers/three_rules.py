"""The three rules for one order, as one writes them by hand: known repeats and late events count as they should."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

DAY = timedelta(hours=24)


@dataclass(slots=True)
class Order:
    expected_at: datetime | None = None
    failures: dict[str, datetime] = field(default_factory=dict)
    due_at: datetime | None = None
    handed_over: bool = False

    def expects(self, at: datetime, chance_late: float) -> bool:
        """Whether the newest forecast says that it comes late."""
        if self.expected_at is not None and at < self.expected_at:
            return False
        self.expected_at = at
        return chance_late >= 0.9

    def fails(self, event: str, at: datetime) -> bool:
        """Whether this makes three failed payments in a day."""
        self.failures[event] = at
        newest = max(self.failures.values())
        self.failures = {known: when for known, when in self.failures.items() if when > newest - DAY}
        return len(self.failures) >= 3

    def is_placed(self, at: datetime) -> None:
        if self.due_at is None:
            self.due_at = at + DAY

    def is_handed_over(self, at: datetime) -> None:
        if self.due_at is None or at <= self.due_at:
            self.handed_over = True

    def is_overdue(self, end: datetime) -> bool:
        """Whether a day has passed before the end of the stream without a handing over."""
        return self.due_at is not None and not self.handed_over and self.due_at <= end
