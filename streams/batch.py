"""The batch step: records in, findings gathered by the pure core, and one transaction that writes all of it or nothing."""

from collections.abc import Collection, Sequence

from contracts.ids import kind_of
from contracts.notice import Reason
from contracts.outgoing import Outgoing
from rules.compiler import RuleSet
from storage.store import MinutesRow, Seen, Store
from streams.breaker import Breaker
from streams.detecting import Detecting, summary
from streams.memories import ROOM
from streams.writing import Committed, Move, Writing

__all__ = ["Committed", "Core", "Move", "summary"]

CHUNK = 1_000
POISON = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a record may raise in the core that it breaks."""


class Core(Detecting):
    """What detects, and writes what it found.

    Whoever drives it has events taken as Detecting says, then calls `commit`. What is not committed is lost by `drop` and read
    again; since ids are computed, doing it again writes the same rows.
    part, epoch, writing: see Writing; behind, room: see Detecting.
    """

    def __init__(
        self,
        rules: RuleSet,
        store: Store,
        *,
        part: int = 0,
        epoch: int | None = None,
        breaker: Breaker | None = None,
        behind: frozenset[str] = frozenset(),
        room: int = ROOM,
    ) -> None:
        super().__init__(rules, store, part=part, behind=behind, room=room)
        self.writing = Writing(rules, store, part=part, epoch=epoch, breaker=breaker)

    def take_up_rules(self, *, now: int) -> int:
        """At a start, bring what was remembered under older rules under the present ones; return of how many cases."""
        if not self._memories.have_older_rules():
            return 0
        cases = self._store.cases_of(self._part)
        return sum(self._take_up(cases[first : first + CHUNK], now) for first in range(0, len(cases), CHUNK))

    def _take_up(self, cases: Sequence[str], now: int) -> int:
        older = self._memories.of_older_rules(cases)
        for memory in older:
            self._memories.changed[memory.case] = memory
            self.dues_of(kind_of(memory.case)).rearm(memory.case, memory.ripe_at)
        if older:
            self.commit([], now=now)
        return len(older)

    def commit(
        self,
        moves: Sequence[Move],
        *,
        now: int,
        seen: Seen | None = None,
        copies: Sequence[Outgoing] = (),
        minutes: Sequence[MinutesRow] = (),
        wakes: Collection[Reason] = (),
    ) -> Committed:
        """Write everything since the last commit in one transaction; when it raises, nothing was written and all is dropped.

        seen, copies, minutes, wakes: see Writing.commit.
        """
        try:
            closed = self.close()
            return self.writing.commit(
                self.hand_on(), closed, moves, now=now, seen=seen, copies=copies, minutes=minutes, wakes=wakes
            )
        except BaseException:
            self.drop()
            raise
