"""Which trace a record belongs to, as its sender says by `traceparent`: an attribute of a CloudEvent, or a header.

Specifications: W3C Trace Context 1; CloudEvents 1.0.2, extension for distributed tracing.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from rules.catalogue import Catalogue
from streams.decode.foreign import Mapping
from streams.intake import Intake, Record

Hear: TypeAlias = Callable[[str], None]

NAME = "traceparent"
MARK = b'"traceparent"'
LONGEST = 64
WELL_FORMED = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")


class Carrying(msgspec.Struct):
    traceparent: str = ""


_decode = msgspec.json.Decoder(Carrying).decode


class Overheard(Intake):
    """An intake that says of each record which trace it belongs to, where it says so. hear: gets its `traceparent`."""

    def __init__(self, catalogue: Catalogue, *, source: str, mapping: Mapping | None, zone: ZoneInfo, hear: Hear) -> None:
        super().__init__(catalogue, source=source, mapping=mapping, zone=zone)
        self._hear = hear

    def read(self, raw: bytes, *, arrived: int | None, position: int) -> Record:
        self._overhear(raw)
        return super().read(raw, arrived=arrived, position=position)

    def read_all(self, raws: Sequence[bytes], *, arrived: int | None, first: int) -> list[Record]:
        for raw in raws:
            self._overhear(raw)
        return super().read_all(raws, arrived=arrived, first=first)

    def _overhear(self, raw: bytes) -> None:
        if MARK in raw:
            _tell(_attribute(raw), self._hear)


def overhear(headers: Sequence[tuple[str, bytes | None]], hear: Hear) -> None:
    """Say which trace a record of Kafka belongs to by its own header; what stands in its CloudEvent, its intake says."""
    for name, value in headers:
        if name == NAME:
            _tell((value or b"").decode("ascii", "replace"), hear)


def of_request(header: str | None) -> str | None:
    """Return the trace of a request; None where its header says none, or nothing that can be read."""
    return header if header is not None and len(header) <= LONGEST and WELL_FORMED.fullmatch(header) else None


def say_none(records: Iterable[bytes]) -> bool:
    """Whether some record says of itself no trace, so that it belongs to that of its request."""
    return any(not says_one(raw) for raw in records)


def says_one(raw: bytes) -> bool:
    return MARK in raw and _attribute(raw) != ""


def _attribute(raw: bytes) -> str:
    """Return the attribute of an event; none where the record is no event, which its intake finds out too."""
    try:
        return _decode(raw).traceparent
    except (msgspec.DecodeError, ValueError):
        return ""


def _tell(traceparent: str, hear: Hear) -> None:
    if 0 < len(traceparent) <= LONGEST:
        hear(traceparent)
