"""What one batch came to, in numbers; whoever measures adds them up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contracts.event import Fate
from contracts.problem import ProblemPhase
from contracts.times import MINUTE
from streams.noticing import Found


@dataclass
class Counts:
    """Times in microseconds.

    fates, late, clamped: by source; ages: of the oldest event at its arrival, by source; letters: by (source, reason);
    phases: by (rule, phase); found_late: (rule, found_at less at); awaited: found because time had passed, by rule;
    cancelled: waiting notices, by rule; too_late: for a window to tell whether it counted them; spent: by stage.
    """

    fates: dict[str, dict[Fate, int]] = field(default_factory=dict)
    late: Counter[str] = field(default_factory=Counter)
    clamped: Counter[str] = field(default_factory=Counter)
    ages: dict[str, int] = field(default_factory=dict)
    letters: Counter[tuple[str, str]] = field(default_factory=Counter)
    phases: Counter[tuple[str, str]] = field(default_factory=Counter)
    found_late: list[tuple[str, int]] = field(default_factory=list)
    awaited: Counter[str] = field(default_factory=Counter)
    cancelled: Counter[str] = field(default_factory=Counter)
    limit_hits: int = 0
    too_late: int = 0
    spent: dict[str, int] = field(default_factory=dict)
    breakers: tuple[str, ...] = ()

    def of(self, source: str) -> dict[Fate, int]:
        """Return the fates of a source, to be counted up."""
        fates = self.fates.get(source)
        if fates is None:
            fates = self.fates[source] = dict.fromkeys(Fate, 0)
        return fates

    def add(self, source: str, fates: Mapping[Fate, int], late: int) -> None:
        """Count records of a source, by fate. late: so many of them were behind W."""
        counted = self.of(source)
        for fate, number in fates.items():
            counted[fate] += number
        if late:
            self.late[source] += late

    def take(self, found: Iterable[Found]) -> Counter[tuple[str, int]]:
        """Count what was found; return how many problems only time brought to light, by (rule, minute of finding)."""
        fired: Counter[tuple[str, int]] = Counter()
        for each in found:
            if isinstance(each.finding, ProblemPhase):
                phase = each.finding
                self.phases[phase.rule, phase.phase] += 1
                if not phase.phase.ends:
                    self.found_late.append((phase.rule, each.found_at - phase.at))
                    fired[phase.rule, each.found_at // MINUTE] += each.awaited
                    self.awaited[phase.rule] += each.awaited
        return fired
