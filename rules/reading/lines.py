"""One line of a test's `then`: the words that may stand in it, and what each may name."""

from dataclasses import dataclass, replace

from contracts.notice import Reason
from rules.model import Line
from rules.reading.part import Part, one_of
from rules.suggest import listed

EVENTS = ("opened", "updated", "cleared", "corrected", "solved", "moot", "told", "held", "withheld", "news", "handed_over")
PLACES = ("case", "rule", "channel")
ENDS_TOLD = ("cleared", "solved", "corrected")


@dataclass(frozen=True)
class Sayable:
    """What the lines of a rule's tests may name. known: whether that could be read. alone: whether no other rule is live too."""

    rule: str
    detectors: tuple[str, ...]
    facts: tuple[str, ...]
    says: tuple[str, ...]
    solved_by: tuple[str, ...]
    moot_by: tuple[str, ...]
    known: bool = True
    alone: bool = True

    def beside(self, others: tuple[str, ...]) -> "Sayable":
        return replace(self, alone=not others)

    def after(self, word: str) -> tuple[str, ...] | None:
        """Return what may stand after a word, None where that is free."""
        match word:
            case "opened" | "cleared":
                return self.detectors
            case "updated" | "corrected":
                return (*self.detectors, *self.facts)
            case "solved":
                return self.solved_by
            case "moot":
                return self.moot_by
            case "told":
                return (*self.says, *ENDS_TOLD)
            case _:
                return None


def read_line(part: Part, sayable: Sayable) -> Line:
    at, found = part.length("at", below=True), part.length("found", below=True)
    words = {word: part.text(word) for word in (*EVENTS, *PLACES) if word in part}
    part.known.extend((*EVENTS, *PLACES))
    part.close()
    if not any(word in part for word in EVENTS) and all(key in part.known for key in part.entries):
        part.faults.refuse(part.place, "the line does not say what happened", f"write one of {listed(EVENTS)}")
    for word in words:
        _check(part, word, sayable)
    return Line(at=at, found=found, words=words, place=part.place)


def _check(part: Part, word: str, sayable: Sayable) -> None:
    found = part.scalar(word)
    if found is None:
        return
    if word in ("held", "withheld"):
        one_of(found, list(Reason), "a reason", part.faults)
    own = sayable.known and (sayable.alone or part.text("rule") == sayable.rule)
    allowed = sayable.after(word) if own else None
    if allowed is not None:
        one_of(found, allowed, f"what `{word}` can name here", part.faults)
    if word == "case" and "/" not in found.text:
        part.faults.refuse(found.place, f"'{found.text}' is not a case", "write kind and id, such as parcel/P1")
