"""POST /events: the body of a request becomes records, and the answer comes after their commit."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from fastapi import HTTPException

from streams.intake import read_batch

HTTP = "http"
MOST_BYTES = 16 * 1024 * 1024
RETRY_AFTER = {"Retry-After": "1"}


class Form(StrEnum):
    """How records stand in a body."""

    ONE = "one"
    ARRAY = "array"
    LINES = "lines"
    EITHER = "either"


FORMS: Mapping[str, Form] = {
    "application/cloudevents+json": Form.ONE,
    "application/cloudevents-batch+json": Form.ARRAY,
    "application/x-ndjson": Form.LINES,
    "application/json": Form.EITHER,
}


class TooLarge(Exception):
    """record: its number in the body, from 1."""

    def __init__(self, record: int) -> None:
        super().__init__(f"record {record} is too large")
        self.record = record


class Receiver(Protocol):
    """What takes records in. mappings: the names that a record may be read by."""

    @property
    def mappings(self) -> Collection[str]: ...

    async def submit(self, records: Sequence[bytes], *, mapping: str | None, traceparent: str | None = None) -> Mapping[str, int]:
        """Return what became of the records once they are certain. Raises TooLarge, Full, Draining, KafkaUnreachable.

        traceparent: the trace of those that say none themselves.
        Of a body that was refused so, a part may have been taken: it is sent again whole, and repeats do no harm.
        """


def form_of(content_type: str) -> Form:
    """Raises HTTPException 415 for what we do not read."""
    name = content_type.partition(";")[0].strip().lower()
    if name not in FORMS:
        raise HTTPException(415, f"we do not read `{name}` — send one of {', '.join(FORMS)}")
    return FORMS[name]


async def whole(body: AsyncIterator[bytes]) -> bytes:
    """Raises HTTPException 413 as soon as more has come than we take."""
    parts, size = [], 0
    async for part in body:
        size += len(part)
        if size > MOST_BYTES:
            raise HTTPException(413, f"a request may have {MOST_BYTES} bytes — send fewer events at once")
        parts.append(part)
    return b"".join(parts)


def records_of(body: bytes, form: Form) -> list[bytes]:
    """Raises HTTPException 400 for a body in which no records can be found."""
    is_array = body.lstrip()[:1] == b"["
    if form is Form.ARRAY and not is_array:
        raise HTTPException(400, "the body is no JSON array — send [event, event, …], or name another content type")
    try:
        records = read_batch(body) if is_array or form is Form.LINES else [body]
    except ValueError as fault:
        raise HTTPException(400, f"{fault} — send a JSON array of events, or one event per line") from None
    if not any(record.strip() for record in records):
        raise HTTPException(400, "the body is empty — send one event or several")
    return records
