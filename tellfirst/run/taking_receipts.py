"""Receipts of providers into the store, some at a time, so that events and telling go on meanwhile."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from contracts.receipt import Receipt, ReceiptFate, ReceiptKind
from storage.store import Store

AT_ONCE = 200


class TakingReceipts:
    """hear: is told of each receipt what became of it, once that is committed."""

    def __init__(self, store: Store, *, clock: Callable[[], int], hear: Callable[[ReceiptKind, ReceiptFate], None]) -> None:
        self._store, self._clock, self._hear = store, clock, hear

    def now(self) -> int:
        return self._clock()

    async def take_receipts(self, receipts: Sequence[Receipt]) -> Mapping[str, int]:
        """Return how many were taken, repeated and unmatched; whoever is broken off may send all of them again."""
        counts = Counter({fate.value: 0 for fate in ReceiptFate})
        for start in range(0, len(receipts), AT_ONCE):
            counts.update([fate.value for fate in self._take(receipts[start : start + AT_ONCE])])
            await asyncio.sleep(0)
        return counts

    def _take(self, receipts: Sequence[Receipt]) -> list[ReceiptFate]:
        now = self._clock()
        with self._store.transaction() as tx:
            fates = [tx.take_receipt(receipt, now=now) for receipt in receipts]
        for receipt, fate in zip(receipts, fates, strict=True):
            self._hear(receipt.receipt, fate)
        return fates
