"""What happened in a rehearsal, in order, and whether it is what a test expected line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from contracts.times import HOUR, MINUTE, length_text
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

    def goes_with(self, other: "Happened") -> bool:
        """Whether the other is an answer of the same rule and case, at the moment this phase was found: they may share a line."""
        same = all(self.margins.get(name) == other.margins.get(name) for name in ("case", "rule"))
        return self.is_phase and not other.is_phase and other.found == self.found and same

    def answered_by(self, other: "Happened") -> bool:
        """Whether it is the answer to this phase's own notice."""
        return self.goes_with(other) and bool(set(other.notices) & set(self.notices))


def first_difference(expected: Sequence[Line], happened: Sequence[Happened], *, start: int) -> int | None:
    """Return the number of the first expected line that is not what happened; their count where more happened; or None.

    A phase and the answers of its rule and case at the same moment may share a line. A line may leave out at, found, case, rule,
    channel.
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
    for answer in _answers(first, left):
        if words.get(answer.word) == answer.value and _margins_fit(line, answer):
            left.remove(answer)
            del words[answer.word]
    return not words


def _answers(phase: Happened, left: Sequence[Happened]) -> list[Happened]:
    """Return the answers that may share its line, those to its own notice first."""
    return sorted((other for other in left if phase.goes_with(other)), key=lambda other: not phase.answered_by(other))


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
    named = [name for name in MARGINS if _tells_apart(name, expected, happened)]
    wanted = [f"- {_expected_text(line)}" for line in expected[number:]] or ["- nothing more"]
    got = [f"+ {text}" for text in _texts_after(expected[:number], happened, start, named)] or ["+ nothing more"]
    return "\n".join([*(f"  {_expected_text(line)}" for line in expected[:number]), *wanted, *got])


def _tells_apart(name: str, expected: Sequence[Line], happened: Sequence[Happened]) -> bool:
    """Whether an author needs this margin: where a line names it, or where it is not the same throughout."""
    found = {each.margins[name] for each in happened if name in each.margins}
    return len(found) > 1 or any(name in line.words for line in expected)


def _texts_after(expected: Sequence[Line], happened: Sequence[Happened], start: int, named: Sequence[str]) -> Iterator[str]:
    left = list(happened)
    for line in expected:
        _take(line, left, start)
    while left:
        first = left.pop(0)
        answers = [other for other in left if first.answered_by(other)][:1]
        for answer in answers:
            left.remove(answer)
        yield _happened_text(first, answers, start, named)


def _expected_text(line: Line) -> str:
    times = {name: _in_hours(moment) for name, moment in (("at", line.at), ("found", line.found)) if moment is not None}
    return _text(times | dict(line.words))


def _happened_text(first: Happened, answers: Sequence[Happened], start: int, named: Sequence[str]) -> str:
    words = {"at": _in_hours(first.at - start)}
    if first.found != first.at:
        words["found"] = _in_hours(first.found - start)
    margins: dict[str, str] = {}
    for each in (first, *answers):
        words[each.word] = each.value
        margins |= {name: each.margins[name] for name in named if name in each.margins}
    return _text(words | margins)


def _in_hours(moment: int) -> str:
    """Return a time since the start as tests write it, such as 37h2m: hours are not made days."""
    hours, rest = divmod(abs(moment), HOUR)
    sign = "-" if moment < 0 else ""
    if rest % MINUTE:
        return length_text(moment)
    return sign + (f"{hours}h" if hours or not rest else "") + (f"{rest // MINUTE}m" if rest else "")


def _text(words: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{word}: {text}" for word, text in words.items()) + "}"
