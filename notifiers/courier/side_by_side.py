"""Bundles of different customers on their way at the same time: nobody waits for the answer to somebody else's message."""

import asyncio
from collections.abc import Callable, Sequence

from notifiers.channels import Reply
from notifiers.courier.beginning import Begun, begin, leave, put_off
from notifiers.courier.happenings import Happening
from notifiers.courier.letters import Bundle, Sealed
from notifiers.courier.receipts import Receipts
from notifiers.courier.together import Together
from notifiers.ports import Ledger

LAST_ANSWERS_SECONDS = 10.0


class SideBySide:
    """The bundles of one wave. seal: puts a bundle into the words of its next channel. clock: the time, in microseconds.

    Who cancels it waits for the answers to what is on its way, 10 s at most; what was not begun is asked again at once.
    """

    def __init__(
        self, ledger: Ledger, receipts: Receipts, *, seal: Callable[[Bundle], Sequence[Sealed]], clock: Callable[[], int]
    ) -> None:
        self._ledger, self._receipts, self._seal, self._clock = ledger, receipts, seal, clock
        self._begun = Together[Sealed, Begun | None](lambda some: begin(ledger, some, clock()))
        self._put_off = Together[tuple[Sealed, int, str], None](self._let_wait)
        self._answered = Together[tuple[Sealed, Reply], Sealed | None](self._write)
        self._happened: list[Happening] = []
        self._in_line: dict[int, Sealed] = {}
        self._on_its_way: set[asyncio.Task[None] | None] = set()
        self._ends = False

    async def send(self, bundles: Sequence[Bundle]) -> list[Happening]:
        going = {asyncio.create_task(self._tell(bundle)) for bundle in bundles}
        try:
            if going:
                done, _ = await asyncio.wait(going, return_when=asyncio.FIRST_EXCEPTION)
                for each in done:
                    each.result()
        finally:
            await self._end(going)
        return self._happened

    async def _end(self, going: "set[asyncio.Task[None]]") -> None:
        """Break off what is in line, and wait for what is on its way; a second cancellation breaks that off too."""
        self._ends = True
        for each in going - self._on_its_way:
            each.cancel()
        try:
            if any(not each.done() for each in going):
                await asyncio.wait(going, timeout=LAST_ANSWERS_SECONDS)
        finally:
            for each in going:
                each.cancel()
            if self._in_line:
                leave(self._ledger, self._in_line.values(), self._clock())

    async def _tell(self, bundle: Bundle) -> None:
        """Go from channel to channel until one takes it, or has it tried again later."""
        for sealed in self._seal(bundle):
            if (refused := await self._send(sealed)) is not None:
                await self._tell(refused.refused())

    async def _send(self, sealed: Sealed) -> Sealed | None:
        """Return what its channel will not take any more."""
        task = asyncio.current_task()
        self._in_line[id(sealed)] = sealed
        async with sealed.carrier.free:
            if self._ends:
                return None
            del self._in_line[id(sealed)]
            self._on_its_way.add(task)
            answered = await self._through(sealed)
        refused = await self._answered.ask(answered) if answered is not None else None
        self._on_its_way.discard(task)
        return refused

    async def _through(self, sealed: Sealed) -> tuple[Sealed, Reply] | None:
        """Return what was sent and how it was answered; None where its provider is left alone, or another has claimed it."""
        carrier = sealed.carrier
        closed = carrier.closed(self._clock(), has_waited=sealed.has_waited)
        if closed is not None:
            await self._put_off.ask((sealed, *closed))
            return None
        begun = await self._begun.ask(sealed)
        if begun is None:
            return None
        ours, message = begun
        reply = await carrier.channel.send(message)
        carrier.saw(reply.outcome, self._clock())
        return ours, reply

    def _let_wait(self, some: Sequence[tuple[Sealed, int, str]]) -> Sequence[None]:
        put_off(self._ledger, some, self._clock())
        return [None] * len(some)

    def _write(self, some: Sequence[tuple[Sealed, Reply]]) -> Sequence[Sealed | None]:
        bundles, replies = zip(*some, strict=True)
        refused = self._receipts.write(bundles, replies, self._clock(), self._happened)
        return [each if any(each is one for one in refused) else None for each in bundles]
