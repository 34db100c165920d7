"""The findings of a batch are written: of a case one after the other, of all cases together, so that statements stay few."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from contracts.problem import FactsChanged, Phase, ProblemPhase
from contracts.tell import RuleTelling
from storage.store import RecordedPhase, Transaction
from streams.noticing import Found, Noticed, Noticing


def write_findings(
    tx: Transaction, tellings: Mapping[str, RuleTelling], found: Sequence[Found], *, now: int
) -> tuple[list[Noticed], Counter[str]]:
    """Return what each came to, in their order, and how many waiting notices were cancelled, by rule.

    now: the clock, when the new notices are asked.
    """
    came_to: dict[int, list[Noticed]] = {}
    cancelled: Counter[str] = Counter()
    for places in _waves(found):
        noticing = Noticing(tx, tellings, [found[place].finding for place in places], now=now)
        came_to |= zip(places, _take([found[place] for place in places], tx, tellings, noticing), strict=True)
        cancelled += noticing.cancelled
    return [noticed for place in range(len(found)) for noticed in came_to[place]], cancelled


def _waves(found: Iterable[Found]) -> list[list[int]]:
    """Return places: of each case its first finding, then of each its second, and so on."""
    waves: list[list[int]] = []
    before: Counter[str] = Counter()
    for place, each in enumerate(found):
        number = before[each.finding.case]
        before[each.finding.case] += 1
        if number == len(waves):
            waves.append([])
        waves[number].append(place)
    return waves


def _take(
    found: Sequence[Found], tx: Transaction, tellings: Mapping[str, RuleTelling], noticing: Noticing
) -> list[list[Noticed]]:
    """What ends is ended before anybody asks who was told: whom a courier tells meanwhile hears of the end."""
    new = tx.record_phases([_recorded(each, each.finding, tellings) for each in found if isinstance(each.finding, ProblemPhase)])
    tx.update_facts([each.finding for each in found if isinstance(each.finding, FactsChanged)])
    is_new = [isinstance(each.finding, FactsChanged) or each.finding.problem in new for each in found]
    noticing.end([each.finding for each, new in zip(found, is_new, strict=True) if new])
    came_to = [list(noticing.take(each)) if new else [Noticed(each)] for each, new in zip(found, is_new, strict=True)]
    noticing.write()
    return came_to


def _recorded(found: Found, phase: ProblemPhase, tellings: Mapping[str, RuleTelling]) -> RecordedPhase:
    open_for = tellings[phase.rule].tell.open_for
    hand_over_at = phase.at + open_for if phase.phase is Phase.OPENED and open_for else None
    return RecordedPhase(phase, found.found_at, hand_over_at)
