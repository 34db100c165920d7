"""What was committed and what the courier did, gathered in the order in which it happened."""

from collections.abc import Iterable, Iterator
from typing import TypeGuard

from contracts.notice import NoticePhase
from contracts.problem import FactsChanged, ProblemPhase
from notifiers.courier.happenings import HandedOver, Happening, Held, News, Spoken, Told, Tried, Withheld
from streams.batch import Committed
from streams.lines import Happened
from streams.noticing import Noticed


class Story:
    """lines: everything in order; a phase before the answers to its notice."""

    def __init__(self) -> None:
        self.lines: list[Happened] = []

    def committed(self, committed: Committed) -> None:
        for noticed in committed.noticed:
            self.lines += _phases(noticed)

    def told(self, happenings: Iterable[Happening]) -> None:
        self.lines += [_answer(happening) for happening in happenings if _has_a_line(happening)]


def _phases(noticed: Noticed) -> Iterator[Happened]:
    """Yield a phase of a problem, or of its notices only where a told fact changed; then what came too late to be told."""
    finding, found_at = noticed.found.finding, noticed.found.found_at
    margins = {"case": finding.case, "rule": finding.rule}
    notices = tuple(notice.notice for notice in noticed.notices)
    match finding:
        case ProblemPhase():
            yield Happened(finding.at, found_at, finding.phase, finding.detector or finding.ended_by or "", notices, margins)
        case FactsChanged():
            first = noticed.notices[0]
            if first.phase is not NoticePhase.HANDED_OVER:
                yield Happened(finding.at, found_at, first.phase, first.fact or "", notices, margins)
    for missed in noticed.missed:
        yield Happened(found_at, found_at, "withheld", "missed", (missed.notice,), margins)


def _has_a_line(happening: Happening) -> TypeGuard[Spoken]:
    """Whether a story tells it: tries are not its business, and where a person takes over that is the line."""
    return not (isinstance(happening, Tried) or (isinstance(happening, Withheld) and happening.to_a_person))


def _answer(happening: Spoken) -> Happened:
    notice = happening.notice
    word, value = _said(happening)
    margins = {"case": notice.case, "rule": notice.rule, **({"channel": notice.channel} if notice.channel else {})}
    return Happened(happening.at, happening.at, word, value, (notice.notice,), margins)


def _said(happening: Spoken) -> tuple[str, str]:
    """An end or a correction is told by the name of its phase, all else by what it says."""
    match happening:
        case Told(notice=notice):
            return "told", notice.phase.value if notice.phase.ends else notice.says
        case Held(reason=reason):
            return "held", reason.value
        case Withheld(reason=reason):
            return "withheld", reason.value
        case News(text=text):
            return "news", text
        case HandedOver(desk=desk):
            return "handed_over", desk
