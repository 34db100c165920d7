"""The store in; every problem with what was said of it out, by case."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from contracts.notice import Answer, NoticePhase
from contracts.times import parse_instant
from storage.store import Store

Line = Mapping[str, Any]
SPEAKING = (NoticePhase.OPENED, NoticePhase.UPDATED, NoticePhase.NEWS)


class Said(Struct, frozen=True):
    """A notice that says something is wrong. sent_at: None: it was not told."""

    notice: str
    customer: str | None
    at: int
    sent_at: int | None


class Problem(Struct, frozen=True):
    """One problem from its opening to its end. ended_at, end: None: it is open. said: in the order of their times."""

    problem: str
    rule: str
    case: str
    at: int
    found_at: int
    ended_at: int | None
    end: str | None
    said: tuple[Said, ...]

    def told(self) -> Sequence[Said]:
        return [each for each in self.said if each.sent_at is not None]

    def overlaps(self, begins: int, ends: int | None) -> bool:
        """Whether it was open at some moment from one time to another; None: without end."""
        return (self.ended_at is None or self.ended_at >= begins) and (ends is None or self.at <= ends)


Ledger = Mapping[str, Sequence[Problem]]


def told_of(store: Store) -> tuple[list[Line], list[Line]]:
    """Return the notices that were told to customers, and those that were handed over to the desk, oldest first."""
    told: list[Line] = [line for line in store.export("notices") if line["answer"] == Answer.TOLD]
    to_desk = [line for line in told if line["phase"] == NoticePhase.HANDED_OVER]
    return [line for line in told if line["phase"] != NoticePhase.HANDED_OVER], to_desk


def ledger_of(store: Store) -> Ledger:
    said: dict[str, list[Said]] = defaultdict(list)
    for line in store.export("notices"):
        if line["phase"] in SPEAKING:
            said[line["problem"]].append(_said(line))
    phases: dict[str, list[Line]] = defaultdict(list)
    for line in store.export("problems"):
        phases[line["problem"]].append(line)
    ledger: dict[str, list[Problem]] = defaultdict(list)
    for problem, lines in phases.items():
        ledger[lines[0]["case"]].append(_problem(lines, said[problem]))
    return ledger


def _said(line: Line) -> Said:
    sent_at = parse_instant(line["sent_at"]) if line["answer"] == Answer.TOLD else None
    return Said(line["notice"], line["customer"], parse_instant(line["found_at"]), sent_at)


def _problem(lines: Sequence[Line], said: Iterable[Said]) -> Problem:
    first, last = lines[0], lines[-1]
    over = last["phase"] not in ("opened", "updated")
    return Problem(
        problem=first["problem"],
        rule=first["rule"],
        case=first["case"],
        at=parse_instant(first["at"]),
        found_at=parse_instant(first["found_at"]),
        ended_at=parse_instant(last["at"]) if over else None,
        end=last["phase"] if over else None,
        said=tuple(sorted(said, key=lambda each: each.at)),
    )
