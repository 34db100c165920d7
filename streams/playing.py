"""The steps of a source in; what they bring is written, and told by the courier on the source's own time."""

from collections.abc import Callable

from storage.store import SourcePosition, Store
from streams.speaking import Ask, Speaking
from streams.stepping import End, Step
from streams.unwritten import Unwritten
from streams.writing import Committed, Move, Writing


class Playing:
    """Before the courier has something to do, whatever was found is written, so that it always sees that and the size of batches
    means nothing (S2). The transaction is flushed where a batch ends.

    on_commit: hears what was written, before the courier speaks of it.
    next: of the source's next record. clock, w: where the last step has brought them.
    """

    def __init__(
        self,
        writing: Writing,
        store: Store,
        ask: Ask,
        *,
        source: str,
        flush: Callable[[], None],
        on_commit: Callable[[Committed], None] = lambda committed: None,
    ) -> None:
        self._writing, self._flush, self._source, self._on_commit = writing, flush, source, on_commit
        self._speaking = Speaking(store, ask)
        self._unwritten = Unwritten()
        stored = store.position(source, 0)
        self.next = self._stored_next = stored.next if stored else 0
        self.clock = 0
        self.w: int | None = None

    async def hear(self, step: Step) -> None:
        """Take a step; where it is of time alone, have the courier do on the way what is due before."""
        if not step.records:
            await self._pass_to(step.clock)
        self.next += step.records
        self.clock, self.w = step.clock, step.w
        if step.unwritten is not None:
            self._unwritten.add(step.unwritten)
        await self._look()
        if step.end is not None:
            self._commit(step.end)

    async def _pass_to(self, clock: int) -> None:
        while self._speaking.next_ask < clock:
            self.clock = self.w = self._speaking.next_ask
            await self._look()

    async def _look(self) -> None:
        new = self._unwritten
        if self._speaking.is_wanted(self.clock, found=bool(new.found), somebody_new=new.somebody_new):
            self._heard(self._writing.publish(self._taken(), now=self.clock))
            await self._speaking.speak(self.clock)

    def _commit(self, end: End) -> None:
        """Write everything since the last commit; the position moves with it."""
        move = Move(SourcePosition(self._source, 0, self.next, end.state), self._stored_next)
        self._heard(self._writing.commit(self._taken(), end.closed, [move], now=self.clock))
        self._stored_next = self.next
        self._flush()

    def _taken(self) -> Unwritten:
        unwritten, self._unwritten = self._unwritten, Unwritten()
        return unwritten

    def _heard(self, committed: Committed) -> None:
        self._speaking.heard(committed, self.clock)
        self._on_commit(committed)
