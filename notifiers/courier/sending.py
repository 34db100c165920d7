"""What passed its gates, one bundle for each customer: written down, sent, and its receipt written down."""

from collections.abc import Callable, Iterator, Sequence

from notifiers.courier.beginning import begin
from notifiers.courier.happenings import Happening
from notifiers.courier.letters import Bundle, Sealed
from notifiers.courier.promising import CANNOT_SAY, GAVE_UP
from notifiers.courier.receipts import Receipts
from notifiers.courier.sealing import Sealing
from notifiers.courier.side_by_side import SideBySide
from notifiers.ports import Ledger


class Sending:
    """clock: the time at which messages really leave; None: the time of the round, which stands still."""

    def __init__(self, ledger: Ledger, sealing: Sealing, receipts: Receipts, *, clock: Callable[[], int] | None) -> None:
        self._ledger, self._sealing, self._receipts, self._clock = ledger, sealing, receipts, clock

    async def send(self, bundles: Sequence[Bundle], now: int) -> list[Happening]:
        """Send each bundle by the first channel that takes it. They are of different customers, and may go side by side.

        Where there are no providers they go in order, and nothing but the channels is waited for.
        """
        happened: list[Happening] = []

        def seal(bundle: Bundle) -> Sequence[Sealed]:
            return self._sealing.seal(bundle, self._now(now), give_up=give_up)

        def give_up(bundle: Bundle) -> None:
            happened.extend(self._give_up(bundle, self._now(now)))

        if self._sealing.has_providers:
            side_by_side = SideBySide(self._ledger, self._receipts, seal=seal, clock=lambda: self._now(now))
            happened += await side_by_side.send(bundles)
        else:
            await self._in_order(bundles, now, seal, happened)
        return happened

    def _now(self, began: int) -> int:
        """Return the time; a clock that was set back does not go behind the round."""
        return began if self._clock is None else max(began, self._clock())

    async def _in_order(
        self, bundles: Sequence[Bundle], now: int, seal: Callable[[Bundle], Sequence[Sealed]], happened: list[Happening]
    ) -> None:
        while bundles:
            sealed = [each for bundle in bundles for each in seal(bundle)]
            bundles = []
            for some in _handfuls(sealed):
                bundles += await self._hand_over(some, now, happened)

    async def _hand_over(self, some: Sequence[Sealed], now: int, happened: list[Happening]) -> list[Bundle]:
        """Give bundles to their channel, as many as it may have at once; return those that the next channel has to try."""
        begun = [each for each in begin(self._ledger, some, now) if each is not None]
        if not begun:
            return []
        ours, messages = zip(*begun, strict=True)
        replies = await some[0].carrier.post(messages)
        return [each.refused() for each in self._receipts.write(ours, replies, now, happened)]

    def _give_up(self, bundle: Bundle, now: int) -> Iterator[Happening]:
        """No channel is left."""
        why = CANNOT_SAY if bundle.unsaid else GAVE_UP
        for question in bundle.questions:
            yield from self._receipts.give_up(question, why, now, detail=bundle.unsaid)


def _handfuls(sealed: Sequence[Sealed]) -> Iterator[Sequence[Sealed]]:
    """Yield, channel by channel, as many as each may have in its hands at once."""
    by_carrier: dict[int, list[Sealed]] = {}
    for each in sealed:
        by_carrier.setdefault(id(each.carrier), []).append(each)
    for those in by_carrier.values():
        size = those[0].carrier.at_once
        for start in range(0, len(those), size):
            yield those[start : start + size]
