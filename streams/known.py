"""What the store knows of the problems at hand: the first question of each kind is asked for all of them at once."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeGuard, TypeVar

from contracts.message import Claim
from contracts.notice import Notice
from contracts.problem import Finding, Phase, ProblemPhase
from contracts.telling import Heard, ProblemNow, Told
from storage.store import Transaction

Answer = TypeVar("Answer")


class Answers(dict[str, Answer]):
    """Answers by what they are about. One that is missing is asked for with all that may be asked for next.

    ask: for many; of what nothing is known it answers nothing. about: what may be asked for.
    """

    def __init__(self, ask: Callable[[Sequence[str]], Mapping[str, Answer]], about: Collection[str], nothing: Answer) -> None:
        self._ask, self._about, self._nothing = ask, about, nothing

    def __missing__(self, about: str) -> Answer:
        wanted = dict.fromkeys([about, *(each for each in self._about if each not in self)])
        found = self._ask(list(wanted))
        self.update({each: found.get(each, self._nothing) for each in wanted})
        return self[about]


class Known:
    """What is known of problems and their cases, as it was when it was first asked for.

    problems: as the store has them; told, notices, waiting, claims: by problem; heard: by case.
    """

    def __init__(self, tx: Transaction, findings: Sequence[Finding]) -> None:
        self._tx = tx
        about = [each for each in findings if _has_a_past(each)]
        names = self._names = dict.fromkeys(each.problem for each in about)
        self.problems: Answers[ProblemNow | None] = Answers(tx.problems, names, None)
        self.told: Answers[Sequence[Told]] = Answers(tx.told_of_each, names, ())
        self.notices: Answers[Sequence[Notice]] = Answers(tx.notices_of_each, names, ())
        self.waiting: Answers[Sequence[Notice]] = Answers(tx.waiting_of_each, names, ())
        self.claims: Answers[Sequence[Claim]] = Answers(tx.last_claims_of_each, names, ())
        self.notices |= {each.problem: () for each in findings if _opens(each)}
        self.heard: Answers[Sequence[Heard]] = Answers(self._ask_heard, dict.fromkeys(each.case for each in about), ())

    def heard_of(self, case: str) -> Iterator[ProblemNow]:
        """Yield the problems of a case of which somebody was told, in the order of telling."""
        names = dict.fromkeys(each.problem for each in self.heard[case])
        yield from [problem for name in names if (problem := self.problems[name]) is not None]

    def _ask_heard(self, cases: Sequence[str]) -> Mapping[str, Sequence[Heard]]:
        """The problems that are heard of may be asked for next."""
        heard = self._tx.heard_on_each(cases)
        self._names |= dict.fromkeys(each.problem for own in heard.values() for each in own)
        return heard


def _opens(finding: Finding) -> TypeGuard[ProblemPhase]:
    return isinstance(finding, ProblemPhase) and finding.phase is Phase.OPENED


def _has_a_past(finding: Finding) -> bool:
    """Whether anything can be known of it: of the opening of a watch's first problem nothing is."""
    return not _opens(finding) or finding.number > 0
