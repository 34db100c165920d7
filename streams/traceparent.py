"""Which trace a record belongs to, as its sender says by `traceparent`: an attribute of a CloudEvent, or a header in Kafka.

Specifications: W3C Trace Context 1; CloudEvents 1.0.2, extension for distributed tracing.
"""

from collections.abc import Callable, Sequence
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


class Carrying(msgspec.Struct):
    traceparent: str = ""


_decode = msgspec.json.Decoder(Carrying).decode


class Overheard(Intake):
    """An intake that says of each record which trace it belongs to, where it says so. hear: gets its `traceparent`."""

    def __init__(self, catalogue: Catalogue, *, source: str, mapping: Mapping | None, zone: ZoneInfo, hear: Hear) -> None:
        super().__init__(catalogue, source=source, mapping=mapping, zone=zone)
        self._hear = hear

    def read(self, raw: bytes, *, arrived: int | None, position: int) -> Record:
        if MARK in raw:
            _tell(_attribute(raw), self._hear)
        return super().read(raw, arrived=arrived, position=position)


def overhear(headers: Sequence[tuple[str, bytes | None]], hear: Hear) -> None:
    """Say which trace a record of Kafka belongs to by its own header; what stands in its CloudEvent, its intake says."""
    for name, value in headers:
        if name == NAME:
            _tell((value or b"").decode("ascii", "replace"), hear)


def _attribute(raw: bytes) -> str:
    """Return the attribute of an event; none where the record is no event, which its intake finds out too."""
    try:
        return _decode(raw).traceparent
    except (msgspec.DecodeError, ValueError):
        return ""


def _tell(traceparent: str, hear: Hear) -> None:
    if 0 < len(traceparent) <= LONGEST:
        hear(traceparent)
