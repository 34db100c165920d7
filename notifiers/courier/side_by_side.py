"""Bundles of different customers on their way at the same time: nobody waits for the answer to somebody else's message."""

import asyncio
from collections.abc import Callable, Sequence

from notifiers.channels import Reply
from notifiers.courier.beginning import Begun, begin, put_off
from notifiers.courier.happenings import Happening
from notifiers.courier.letters import Bundle, Sealed
from notifiers.courier.receipts import Receipts
from notifiers.courier.together import Together
from notifiers.ports import Ledger


class SideBySide:
    """The bundles of one wave. seal: puts a bundle into the words of its next channel. clock: the time, in microseconds."""

    def __init__(
        self, ledger: Ledger, receipts: Receipts, *, seal: Callable[[Bundle], Sequence[Sealed]], clock: Callable[[], int]
    ) -> None:
        self._ledger, self._receipts, self._seal, self._clock = ledger, receipts, seal, clock
        self._begun = Together[Sealed, Begun | None](lambda some: begin(ledger, some, clock()))
        self._put_off = Together[tuple[Sealed, int, str], None](self._let_wait)
        self._answered = Together[tuple[Sealed, Reply], Sealed | None](self._write)
        self._happened: list[Happening] = []

    async def send(self, bundles: Sequence[Bundle]) -> list[Happening]:
        going = [asyncio.ensure_future(self._tell(bundle)) for bundle in bundles]
        try:
            await asyncio.gather(*going)
        finally:
            for each in going:
                each.cancel()
        return self._happened

    async def _tell(self, bundle: Bundle) -> None:
        """Go from channel to channel until one takes it, or has it tried again later."""
        for sealed in self._seal(bundle):
            if (refused := await self._send(sealed)) is not None:
                await self._tell(refused.refused())

    async def _send(self, sealed: Sealed) -> Sealed | None:
        """Return what its channel will not take any more."""
        carrier = sealed.carrier
        async with carrier.free:
            closed = carrier.closed(self._clock(), has_waited=sealed.has_waited)
            if closed is not None:
                await self._put_off.ask((sealed, *closed))
                return None
            begun = await self._begun.ask(sealed)
            if begun is None:
                return None
            ours, message = begun
            reply = await carrier.send(message)
            carrier.saw(reply.outcome, self._clock())
        return await self._answered.ask((ours, reply))

    def _let_wait(self, some: Sequence[tuple[Sealed, int, str]]) -> Sequence[None]:
        put_off(self._ledger, some, self._clock())
        return [None] * len(some)

    def _write(self, some: Sequence[tuple[Sealed, Reply]]) -> Sequence[Sealed | None]:
        bundles, replies = zip(*some, strict=True)
        refused = self._receipts.write(bundles, replies, self._clock(), self._happened)
        return [each if any(each is one for one in refused) else None for each in bundles]
