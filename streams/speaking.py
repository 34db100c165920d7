"""When the courier is asked on a clock that only events move: as soon as it may have something to do."""

from collections.abc import Awaitable, Callable, Container

from contracts.notice import Answer, Reason
from storage.store import Store
from streams.batch import Committed
from streams.due import NEVER

MOST_ROUNDS = 10_000
Ask = Callable[[int], Awaitable[Container[Reason]]]


class Restless(Exception):
    """The courier was asked again and again at one moment, and still something was due."""


class Speaking:
    """ask: has the courier do what is due at a time of the clock; returns why it holds what it now holds.

    next_ask: when it has something to do next.
    """

    def __init__(self, store: Store, ask: Ask) -> None:
        self._store, self._ask = store, ask
        self._somebody_waits = bool(store.counts()["notices"].get(Answer.HELD, {}).get(Reason.CUSTOMER_UNKNOWN))
        self._look()

    def _look(self) -> None:
        moment = self._store.next_ask()
        self.next_ask = NEVER if moment is None else moment

    def is_wanted(self, clock: int, *, found: bool, somebody_new: bool) -> bool:
        """Whether the courier may have something to do. found, somebody_new: what is not written yet."""
        return found or clock >= self.next_ask or (self._somebody_waits and somebody_new)

    def heard(self, committed: Committed, clock: int) -> None:
        """Something was written; a new notice is asked at once."""
        if any(each.notices for each in committed.noticed):
            self.next_ask = clock
        else:
            self._look()

    async def speak(self, clock: int) -> None:
        """Ask the courier until nothing is due at this moment. Raises Restless."""
        for _ in range(MOST_ROUNDS):
            if self.next_ask > clock:
                return
            self._somebody_waits |= Reason.CUSTOMER_UNKNOWN in await self._ask(clock)
            self._look()
        raise Restless(f"after {MOST_ROUNDS} rounds at {clock} something was still due at {self.next_ask}")
