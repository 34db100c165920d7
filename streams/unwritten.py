"""What those who detect hand on to those who write: what was found, and what a batch comes to when it is closed."""

from msgspec import Struct, field

from contracts.event import DeadLetter
from storage.store import Complaint, CustomerRow
from streams.counts import Counts
from streams.noticing import Found


class Packed(Struct, frozen=True):
    """The memory of a case as it is stored. ripe_at, customer: see CaseRow."""

    case: str
    memory: bytes
    ripe_at: int | None
    customer: str | None


class Unwritten(Struct):
    """What was found and said of people, to be written before the courier speaks of it.

    cases: those that changed their customer, as they are now. links: cases that one event named together.
    armed: how many cases have something armed. somebody_new: whether those who wait for a customer may be asked again.
    """

    found: list[Found] = field(default_factory=list)
    cases: dict[str, Packed] = field(default_factory=dict)
    customers: dict[str, CustomerRow] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    links: list[tuple[str, ...]] = field(default_factory=list)
    armed: int = 0
    somebody_new: bool = False

    def add(self, later: "Unwritten") -> None:
        """Take up what was found after this."""
        self.found += later.found
        self.cases |= later.cases
        self.customers |= later.customers
        self.complaints += later.complaints
        self.links += later.links
        self.armed = later.armed
        self.somebody_new |= later.somebody_new


class Closed(Struct):
    """What a closed batch comes to beside what was found. cases: all that changed; gone: those that may be forgotten."""

    cases: list[Packed]
    gone: list[str]
    letters: list[DeadLetter]
    counts: Counts
