"""When the watches of a case open and close: rules with the same `from`, `until` and `once` share one life."""

from dataclasses import dataclass

from contracts.event import Event
from rules.memory import Life, Memory

NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True)
class LifePlan:
    """opens_on: empty for the first event of the case. endings: where memory holds the newest events of its `until` types."""

    opens_on: frozenset[str]
    ends_by: frozenset[str]
    once: bool
    endings: tuple[str, ...]

    @property
    def name(self) -> str:
        until = f" until {' or '.join(sorted(self.ends_by))}" if self.ends_by else ""
        return f"{' or '.join(sorted(self.opens_on)) or 'first event'}{until}{' once' if self.once else ''}"

    def may_open_by(self, event_type: str) -> bool:
        """Whether an event of this type may open the watch."""
        return event_type in self.opens_on or not self.opens_on

    def turn(self, life: Life, memory: Memory, event: Event) -> tuple[bool, bool]:
        """Close or open the watch where the event does, which memory holds; return whether it closed, and whether it opened."""
        closing = self._closes(life, event)
        if closing:
            life.closed_at = event.time
        opening = self._opens(life, event)
        if opening:
            newest = [getattr(memory, field) for field in self.endings]
            ended = [each.time for each in newest if each is not None and each.time >= event.time]
            life.start, life.closed_at, life.newcomers = event.time, max(ended, default=None), NOBODY
        return closing, opening

    def _closes(self, life: Life, event: Event) -> bool:
        return life.start is not None and life.closed_at is None and event.type in self.ends_by and event.time >= life.start

    def _opens(self, life: Life, event: Event) -> bool:
        if life.start is None:
            return self.may_open_by(event.type)
        if life.closed_at is None or self.once:
            return False
        return event.type in self.opens_on and event.time > life.closed_at
