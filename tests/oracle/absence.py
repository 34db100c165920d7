"""`expect` and `silence`: what did not come in time."""

from abc import abstractmethod
from dataclasses import dataclass

from tests.oracle.catalogue import Event
from tests.oracle.detector import LONG_AGO, Change, Detector, Due, names
from tests.oracle.values import Day, duration


@dataclass
class Absence(Detector):
    """What `expect` and `silence` share: a due time that is spent once it was found that `if:` is not true."""

    spent: int | None = None
    fired_from: int = 0
    fired_due: int = 0

    @abstractmethod
    def due(self) -> int | None:
        """Return when it takes hold if nothing more comes, or None."""

    @abstractmethod
    def begins(self) -> int:
        """Return the time from which what is awaited counts."""

    def after_all(self, taught: int) -> Change | None:
        due = self.due()
        self.spent = self.spent if self.spent == due else None
        self.arm(None if self.held or due == self.spent else due, taught)
        return None

    def fire(self, due: Due) -> Change | None:
        at = max(due.due, self.opening)
        self.fired_from, self.fired_due, self.held = self.begins(), due.due, self.wished(at)
        self.spent = None if self.held else due.due
        self.after_all(due.taught)
        return Change(True, at) if self.held else None


class Expect(Absence):
    """`expect X by T`, `within D`, `within D of Y`."""

    def begins(self) -> int:
        return max(self.times(names(self.text.get("of"))), default=LONG_AGO) if "of" in self.text else self.opening

    def due(self) -> int | None:
        deadline = self._deadline()
        came = any(time >= self.begins() for time in self.times(names(self.text["expect"])))
        return None if came else deadline

    def _deadline(self) -> int | None:
        if "by" in self.text:
            by = self.memory.fact(self.text["by"])
            return by.ends() if isinstance(by, Day) else by
        if "of" in self.text and not self.times(names(self.text["of"])):
            return None
        return self.begins() + duration(self.text["within"])

    def corrected_by(self, event: Event) -> bool:
        return self.held and self.named(event, names(self.text["expect"])) and self.fired_from <= event.time <= self.fired_due

    def applied(self, event: Event, taught: int) -> Change | None:
        comes = self.held and self.named(event, names(self.text["expect"])) and event.time >= self.fired_from
        change = self.let_go(event.time) if comes else None
        self.after_all(taught)
        return change


class Silence(Absence):
    """`silence X after Y longer_than D`."""

    def begins(self) -> int:
        own = [] if "after" in self.text else [self.opening]
        return max(self.times(self._any()) + own, default=LONG_AGO)

    def due(self) -> int | None:
        if "after" in self.text and not self.times(names(self.text["after"])):
            return None
        return max(self.begins() + duration(self.text["longer_than"]), self.opening)

    def _any(self) -> list[str]:
        return names(self.text["silence"]) + names(self.text.get("after"))

    def corrected_by(self, event: Event) -> bool:
        return self.held and self.named(event, names(self.text["silence"])) and self.fired_from < event.time <= self.fired_due

    def applied(self, event: Event, taught: int) -> Change | None:
        comes = self.held and self.named(event, self._any()) and event.time > self.fired_from
        change = self.let_go(event.time) if comes else None
        self.after_all(taught)
        return change
