"""What really happened against what was told: who had heard it from us before they complained, who had not, and who in vain."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import quantiles

from msgspec import Struct

from contracts.times import SECOND
from contracts.verdict import GateAnswer
from streams.shop.outcomes import Outcomes, Trouble
from tellfirst.demo.ledger import Ledger, Problem

NO_RULE, TOO_LATE = "not_found", "found_after"
NOT_WRONG = "nothing was wrong with it"
STILL_OPEN = "open"

Gates = Callable[[str], Iterable[GateAnswer]]


class OfCause(Struct):
    """missed: how many complaints were, by why we had said nothing."""

    complaints: int = 0
    told_before: int = 0
    missed: Counter[str] = Counter()


class Score(Struct):
    """complaints, told_before: all that customers complained of, and what of it they had heard from us before.

    before_felt: of those told before, how many were before the customer felt it. ahead_seconds: by how long before the
    complaint, the quartiles. told: problems of which a customer was told; told_wrongly: those with which nothing was wrong,
    by why it looked so, then by how they ended. example: a case that was told before.
    """

    complaints: int
    told_before: int
    before_felt: int
    ahead_seconds: list[int]
    by_cause: dict[str, OfCause]
    missed: Counter[str]
    told: int
    told_wrongly: dict[str, Counter[str]]
    example: str | None


def score(outcomes: Outcomes, ledger: Ledger, gates: Gates) -> Score:
    """gates: what the gates answered of the notices of a case, oldest first."""
    complaints = [each for each in outcomes.troubles if each.complains is not None]
    before = {each: heard for each in complaints if (heard := first_heard(each, ledger)) is not None}
    by_cause = {name: OfCause(missed=Counter()) for name in dict.fromkeys(each.cause for each in complaints)}
    for each in complaints:
        of_cause = by_cause[each.cause]
        of_cause.complaints += 1
        of_cause.told_before += each in before
        if each not in before:
            of_cause.missed[why_not(each, ledger, gates)] += 1
    told = [problem for problems in ledger.values() for problem in problems if problem.told()]
    return Score(
        complaints=len(complaints),
        told_before=len(before),
        before_felt=sum(heard < each.felt for each, heard in before.items()),
        ahead_seconds=_quartiles([(each.complains or 0) - heard for each, heard in before.items()]),
        by_cause=dict(sorted(by_cause.items(), key=lambda item: -item[1].complaints)),
        missed=sum((of_cause.missed for of_cause in by_cause.values()), Counter()),
        told=len(told),
        told_wrongly=_wrongly(told, outcomes),
        example=_example(before, ledger),
    )


def first_heard(trouble: Trouble, ledger: Ledger) -> int | None:
    """Return when the customer first heard from us of what the complaint is of, if that was before the complaint.

    What counts was sent to this customer, of one of the trouble's cases, and of a problem that was open while the trouble was.
    """
    heard = [
        said.sent_at
        for problem in seen(trouble, ledger, until=trouble.complains)
        for said in problem.said
        if said.sent_at is not None and said.customer == trouble.customer
    ]
    return min((at for at in heard if trouble.complains is None or at < trouble.complains), default=None)


def seen(trouble: Trouble, ledger: Ledger, *, until: int | None) -> Iterator[Problem]:
    """Yield the problems that rules found on the trouble's cases while it was there."""
    for case in trouble.cases:
        yield from (problem for problem in ledger.get(case, ()) if problem.overlaps(trouble.begins, until))


def why_not(trouble: Trouble, ledger: Ledger, gates: Gates) -> str:
    """Return why we had said nothing when the customer complained: the gate that held it last, or that no rule had found it."""
    assert trouble.complains is not None
    problems = list(seen(trouble, ledger, until=trouble.ends))
    in_time = [problem for problem in problems if problem.found_at < trouble.complains]
    if not in_time:
        return TOO_LATE if problems else NO_RULE
    notices = {said.notice for problem in in_time for said in problem.said}
    answers = [
        each
        for problem in in_time
        for each in gates(problem.case)
        if each.notice in notices and each.reason is not None and each.at < trouble.complains
    ]
    return max(answers, key=lambda each: each.at).reason or TOO_LATE if answers else TOO_LATE


def _wrongly(told: Sequence[Problem], outcomes: Outcomes) -> dict[str, Counter[str]]:
    troubles: dict[str, list[Trouble]] = defaultdict(list)
    for trouble in outcomes.troubles:
        for case in trouble.cases:
            troubles[case].append(trouble)
    looked_so = {seeming.case: seeming.why for seeming in outcomes.seemings}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for problem in told:
        if not any(problem.overlaps(each.begins, each.ends) for each in troubles[problem.case]):
            found[looked_so.get(problem.case, NOT_WRONG)][problem.end or STILL_OPEN] += 1
    return dict(sorted(found.items(), key=lambda item: -item[1].total()))


def _quartiles(lengths: Sequence[int]) -> list[int]:
    """Return the quartiles of some lengths in whole seconds; empty for fewer than two."""
    return [round(each / SECOND) for each in quantiles(lengths, n=4, method="inclusive")] if len(lengths) > 1 else []


def _example(before: Mapping[Trouble, int], ledger: Ledger) -> str | None:
    """Return the case of which the most was said, among those told before."""
    cases = {case for trouble in before for case in trouble.cases if case in ledger}
    return max(sorted(cases), key=lambda case: sum(len(each.told()) for each in ledger[case]), default=None)
