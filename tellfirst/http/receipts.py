"""POST /receipts: what providers say of messages that they took; a body is taken whole, or refused at its first wrong line."""

from collections.abc import Sequence

import msgspec
from fastapi import HTTPException

from contracts.receipt import Receipt, ReceiptKind
from contracts.times import MINUTE, parse_instant

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
