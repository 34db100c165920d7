"""A rule as it was written, with the place of every part that can be at fault, before its expressions are compiled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from contracts.tell import Tell, Wording


@dataclass(frozen=True)
class Place:
    """line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Written:
    """A text as it stands in a file. starts: the place of each of its lines, for a block scalar more than one.
    null: a bare `null`."""

    text: str
    starts: tuple[Place, ...]
    null: bool = False

    def place_at(self, offset: int) -> Place:
        """Return where the character at this offset of the text stands in the file."""
        before = self.text[:offset]
        line = min(before.count("\n"), len(self.starts) - 1)
        start = self.starts[line]
        return Place(start.file, start.line, start.column + offset - (before.rfind("\n") + 1))


@dataclass(frozen=True)
class FactSource:
    """A name that detectors and messages know: the newest value of this field of this event type."""

    name: str
    event_type: str
    field: str
    place: Place


@dataclass(frozen=True, kw_only=True)
class _Detector:
    """only_where, only_if: the `where:` and `if:` of the detector. grace: microseconds. place: of its name."""

    name: str
    says: str
    grace: int
    only_where: Written | None
    only_if: Written | None
    place: Place


@dataclass(frozen=True, kw_only=True)
class Expect(_Detector):
    """Either `by` (an instant or a date) or `within` microseconds of the newest `of`, or of the opening where `of` is empty."""

    awaited: tuple[str, ...]
    by: Written | None
    within: int | None
    of: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Silence(_Detector):
    awaited: tuple[str, ...]
    after: tuple[str, ...]
    longer_than: int


@dataclass(frozen=True, kw_only=True)
class When(_Detector):
    """lasting: the `for`, in microseconds."""

    condition: Written
    lasting: int | None
    clear: Written | None


@dataclass(frozen=True, kw_only=True)
class Sequence(_Detector):
    steps: tuple[str, ...]
    within: int
    broken_by: tuple[str, ...]


Detector: TypeAlias = Expect | Silence | When | Sequence


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One line of a test's `given`. at: microseconds after the start; time: the event's own, the same unless it is late."""

    at: int
    time: int
    event_type: str
    fields: Mapping[str, Written]
    place: Place


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a test's `then`: word to text, such as {"opened": "silent", "held": "quiet_hours"}; at, found: microseconds
    after the start."""

    at: int | None
    found: int | None
    words: Mapping[str, str]
    place: Place


@dataclass(frozen=True, kw_only=True)
class RuleTest:
    """start: instant of 0h. customer: the profile's fields, None for a customer whom nobody knows.
    live: microseconds after the start."""

    name: str
    start: int
    zone: str | None
    customer: Mapping[str, str | tuple[str, ...]] | None
    with_rules: tuple[str, ...]
    live: int | None
    disorder: int | None
    given: tuple[Happening, ...]
    until: int | None
    then: tuple[Line, ...]
    place: Place


@dataclass(frozen=True, kw_only=True)
class Rule:
    """again: microseconds, None for never. opens_on: the `from`, empty for the first event of the case.
    sections: (language, section) to its place."""

    name: str
    title: str
    owner: str
    watch: str
    opens_on: tuple[str, ...]
    once: bool
    solved_by: tuple[str, ...]
    moot_by: tuple[str, ...]
    facts: tuple[FactSource, ...]
    detectors: tuple[Detector, ...]
    again: int | None
    tell: Tell
    wordings: Mapping[str, Wording]
    sections: Mapping[tuple[str, str], Written]
    tests: tuple[RuleTest, ...]
    fingerprint: str
    place: Place
