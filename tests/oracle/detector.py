"""What the four detectors share: arming, dues, `where:` and `if:`, each answered anew from all events."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.oracle.catalogue import Event, Plain
from tests.oracle.expressions import parse
from tests.oracle.memory import Memory, View
from tests.oracle.values import duration

LONG_AGO = -(10**18)


class Due(NamedTuple):
    """Something falls due: `fires_at` is what W must reach; `taught` is W after the event from which it became known."""

    due: int
    taught: int
    fires_at: int


class Change(NamedTuple):
    """A detector takes hold or lets go; `at` in microseconds."""

    holds: bool
    at: int


def names(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


@dataclass
class Detector(ABC):
    """What all four share. A new one is made for every watch."""

    name: str
    order: int
    text: Plain
    memory: Memory
    opening: int
    held: bool = False
    armed: Due | None = None

    def __post_init__(self) -> None:
        self.where = parse(self.text["where"]) if "where" in self.text else None
        self.condition = parse(self.text["if"]) if "if" in self.text else None
        self.grace = duration(self.text.get("grace", "2m"))

    def reads(self) -> set[str]:
        """Return the event types that this detector names."""
        words = ("expect", "silence", "after", "of", "sequence", "not")
        return {event_type for word in words for event_type in names(self.text.get(word))}

    def times(self, event_types: list[str]) -> list[int]:
        return [event.time for event_type in event_types for event in self.memory.of(event_type, self.where)]

    def named(self, event: Event, event_types: list[str]) -> bool:
        return event.type in event_types and self.memory.counts(event, self.where)

    def wished(self, now: int) -> bool:
        """Ask `if:`, once, when it would take hold."""
        return self.condition is None or View(self.memory, now).value(self.condition) is True

    def arm(self, due: int | None, taught: int) -> None:
        """Arm anew if the due time is another one than before."""
        if due is None:
            self.armed = None
        elif self.armed is None or self.armed.due != due:
            self.armed = self.due_at(due, taught)

    def due_at(self, due: int, taught: int) -> Due:
        """What is past when learnt falls due as if it were now, with its own time."""
        return Due(due, taught, max(due, taught) + self.grace)

    def corrected_by(self, event: Event) -> bool:
        """Does this event show that what was found had not been so?"""
        return False

    def opened(self, taught: int) -> Change | None:
        """The watch opens."""
        return self.after_all(taught)

    def applied(self, event: Event, taught: int) -> Change | None:
        """The event is in memory already."""
        return self.after_all(taught)

    def after_all(self, taught: int) -> Change | None:
        """Nothing is looked at here; what is due may have moved."""
        return None

    def dues(self) -> list[Due]:
        return [self.armed] if self.armed else []

    @abstractmethod
    def fire(self, due: Due) -> Change | None:
        """W has reached what this due time needs."""

    def let_go(self, at: int) -> Change:
        self.held = False
        return Change(False, at)
