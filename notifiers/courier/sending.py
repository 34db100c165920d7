"""What passed its gates, one bundle for each customer: written down, sent, and its receipt written down."""

from collections.abc import Iterator, Sequence

from contracts.message import Posted
from contracts.times import MINUTE
from notifiers.courier.happenings import Happening
from notifiers.courier.letters import Bundle, Sealed, in_one, messages_of
from notifiers.courier.promising import CANNOT_SAY, GAVE_UP
from notifiers.courier.receipts import Receipts
from notifiers.courier.sealing import Sealing
from notifiers.ports import Ledger

LEASE = 5 * MINUTE


class Sending:
    def __init__(self, ledger: Ledger, sealing: Sealing, receipts: Receipts) -> None:
        self._ledger, self._sealing, self._receipts = ledger, sealing, receipts

    async def send(self, bundles: Sequence[Bundle], now: int) -> list[Happening]:
        """Send each bundle by the first channel that takes it. They are of different customers, and may go side by side."""
        happened: list[Happening] = []

        def give_up(bundle: Bundle) -> None:
            happened.extend(self._give_up(bundle, now))

        while bundles:
            sealed = [each for bundle in bundles for each in self._sealing.seal(bundle, now, give_up=give_up)]
            bundles = []
            for some in _handfuls(sealed):
                bundles += await self._hand_over(some, now, happened)
        return happened

    def _give_up(self, bundle: Bundle, now: int) -> Iterator[Happening]:
        """No channel is left."""
        why = CANNOT_SAY if bundle.unsaid else GAVE_UP
        for question in bundle.questions:
            yield from self._receipts.give_up(question, why, now, detail=bundle.unsaid)

    async def _hand_over(self, some: Sequence[Sealed], now: int, happened: list[Happening]) -> list[Bundle]:
        """Give bundles to their channel, as many as it may have at once; return those that the next channel has to try."""
        begun = self._begin(some, now)
        if not begun:
            return []
        ours, messages = zip(*begun, strict=True)
        replies = await some[0].carrier.post(messages)
        return [each.refused() for each in self._receipts.write(ours, replies, now, happened)]

    def _begin(self, some: Sequence[Sealed], now: int) -> list[tuple[Sealed, Posted]]:
        """Write down what is about to be sent; return what is still ours to send, each with its message."""
        begun: list[tuple[Sealed, Posted]] = []
        kept: list[Posted] = []
        with self._ledger.transaction() as tx:
            sends = tx.begin([letter.begun(now + LEASE) for each in some for letter in each.letters])
            ours = {send.notice.notice for send in sends}
            for each in some:
                if letters := [letter for letter in each.letters if letter.draft.notice in ours]:
                    messages = messages_of(letters)
                    begun.append((Sealed(each.bundle, each.carrier, in_one(letters)), messages[0]))
                    kept += messages
            tx.save_messages(kept)
            tx.log_gates([look for each in some for look in each.bundle.looks if look.notice in ours])
        return begun


def _handfuls(sealed: Sequence[Sealed]) -> Iterator[Sequence[Sealed]]:
    """Yield, channel by channel, as many as each may have in its hands at once."""
    by_carrier: dict[int, list[Sealed]] = {}
    for each in sealed:
        by_carrier.setdefault(id(each.carrier), []).append(each)
    for those in by_carrier.values():
        size = those[0].carrier.at_once
        for start in range(0, len(those), size):
            yield those[start : start + size]
