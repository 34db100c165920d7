"""What happened in a rehearsal, in order, and whether it is what a test expected line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contracts.times import length_text
from rules.model import Line

PHASES = ("opened", "updated", "cleared", "corrected", "solved", "moot")
ANSWERS = ("told", "held", "withheld", "news", "handed_over")
MARGINS = ("case", "rule", "channel")


@dataclass(frozen=True)
class Happened:
    """A phase of a problem or of its notices, or the courier's answer to a notice.

    at, found: instants. word, value: such as opened and the detector, or held and the reason.
    notices: those that the phase made, or the one that the answer is about. margins: what a line may name beside.
    """

    at: int
    found: int
    word: str
    value: str
    notices: tuple[str, ...]
    margins: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_phase(self) -> bool:
        return self.word in PHASES

    def answered_by(self, other: "Happened") -> bool:
        """Whether the other is an answer to this phase's notice, at the moment it was found: they may share a line."""
        return not other.is_phase and other.found == self.found and bool(set(other.notices) & set(self.notices))


def first_difference(expected: Sequence[Line], happened: Sequence[Happened], *, start: int) -> int | None:
    """Return the number of the first expected line that is not what happened; their count where more happened; or None.

    A phase and the answer to its notice at the same moment may share a line. A line may leave out at, found, case, rule, channel.
    """
    left = list(happened)
    for number, line in enumerate(expected):
        if not _take(line, left, start):
            return number
    return len(expected) if left else None


def _take(line: Line, left: list[Happened], start: int) -> bool:
    """Take what the line says out of what is left; False when the line says something else."""
    if not left:
        return False
    words = {word: value for word, value in line.words.items() if word in PHASES or word in ANSWERS}
    first = left.pop(0)
    if not _fits(line, first, start):
        return False
    del words[first.word]
    if not words:
        return True
    answer = next((other for other in left if first.is_phase and first.answered_by(other)), None)
    if answer is None or words != {answer.word: answer.value} or not _margins_fit(line, answer):
        return False
    left.remove(answer)
    return True


def _fits(line: Line, happened: Happened, start: int) -> bool:
    return (
        line.words.get(happened.word) == happened.value
        and (line.at is None or line.at == happened.at - start)
        and (line.found is None or line.found == happened.found - start)
        and _margins_fit(line, happened)
    )


def _margins_fit(line: Line, happened: Happened) -> bool:
    return all(line.words[name] == happened.margins[name] for name in MARGINS if name in line.words and name in happened.margins)


def difference(expected: Sequence[Line], happened: Sequence[Happened], *, start: int) -> str | None:
    """Return what was expected (-) beside what happened (+), from the first line that differs; None when nothing does."""
    number = first_difference(expected, happened, start=start)
    if number is None:
        return None
    wanted = [f"- {_expected_text(line)}" for line in expected[number:]] or ["- nothing more"]
    got = _lines_after(expected[:number], happened, start) or ["+ nothing more"]
    return "\n".join([*(f"  {_expected_text(line)}" for line in expected[:number]), *wanted, *got])


def _lines_after(expected: Sequence[Line], happened: Sequence[Happened], start: int) -> list[str]:
    left = list(happened)
    for line in expected:
        _take(line, left, start)
    lines = []
    while left:
        first = left.pop(0)
        answer = next((other for other in left if first.is_phase and first.answered_by(other)), None)
        if answer is not None:
            left.remove(answer)
        lines.append(f"+ {_happened_text(first, answer, start)}")
    return lines


def _expected_text(line: Line) -> str:
    times = {name: length_text(moment) for name, moment in (("at", line.at), ("found", line.found)) if moment is not None}
    return _text(times | dict(line.words))


def _happened_text(first: Happened, answer: Happened | None, start: int) -> str:
    words = {"at": length_text(first.at - start)}
    if first.found != first.at:
        words["found"] = length_text(first.found - start)
    words[first.word] = first.value
    if answer is not None:
        words[answer.word] = answer.value
    return _text(words)


def _text(words: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{word}: {text}" for word, text in words.items()) + "}"
