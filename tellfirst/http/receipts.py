"""POST /receipts: what providers say of messages that they took; a body is taken whole, or refused at its first wrong line."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import msgspec
from fastapi import HTTPException

from contracts.receipt import Receipt, ReceiptFate, ReceiptKind
from contracts.times import MINUTE, parse_instant
from storage.store import Store

AT_ONCE = 200
LONGEST_ID = 64
FUTURE = 5 * MINUTE
WORDS = ", ".join(ReceiptKind)
EXAMPLE = '{"message": "msg_…", "receipt": "delivered", "at": "2026-03-04T12:00:00Z"}'


class Said(msgspec.Struct):
    """One record as it is sent; what else stands in it is not read. at: left out for now."""

    message: str
    receipt: str
    at: str | None = None


DECODER = msgspec.json.Decoder(Said)


class Receipts:
    """Takes receipts into the store, some at a time, so that events and telling go on meanwhile.

    hear: is told of each receipt what became of it, once that is committed.
    """

    def __init__(self, store: Store, *, clock: Callable[[], int], hear: Callable[[ReceiptKind, ReceiptFate], None]) -> None:
        self._store, self._clock, self._hear = store, clock, hear

    def now(self) -> int:
        return self._clock()

    async def take(self, receipts: Sequence[Receipt]) -> Mapping[str, int]:
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


def receipts_of(records: Sequence[bytes], *, now: int) -> list[Receipt]:
    """Return the receipts of a body. now: in microseconds. Raises HTTPException 400, which names the record."""
    receipts = []
    for number, record in enumerate(records, start=1):
        try:
            receipts.append(_receipt(record, now))
        except ValueError as fault:
            raise HTTPException(400, f"record {number}: {fault} — nothing of this body was taken; send {EXAMPLE}") from None
    return receipts


def _receipt(record: bytes, now: int) -> Receipt:
    """Raises ValueError. A time a little ahead of ours is set to ours."""
    said = DECODER.decode(record)
    if not 1 <= len(said.message) <= LONGEST_ID:
        raise ValueError(f"`message` is no id of ours, which has at most {LONGEST_ID} characters")
    if said.receipt not in list(ReceiptKind):
        raise ValueError(f"`receipt` is none of {WORDS}")
    at = now if said.at is None else parse_instant(said.at)
    if at > now + FUTURE:
        raise ValueError("`at` is still to come")
    return Receipt(message=said.message, receipt=ReceiptKind(said.receipt), at=min(at, now))
