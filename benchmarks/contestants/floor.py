"""Decoding alone: msgspec makes of each record the fields that some rule reads, its identity, time and case; nothing else.

No engine written in Python can be cheaper than this, so it is what the core is measured against.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Union

import msgspec

from benchmarks.contestants.contestant import Contestant, Found

READ: dict[str, dict[str, type]] = {
    "order.placed": {"amount": float, "items": int, "country": str},
    "order.confirmed": {},
    "order.handed_over": {},
    "order.completed": {},
    "payment.failed": {"tries": int},
    "payment.succeeded": {},
    "charge.made": {"amount": float},
    "parcel.scanned": {"place": str, "weight": float},
    "delivery.promised": {"promised_at": str},
    "delivery.eta": {"chance_late": float},
    "delivery.attempted": {"outcome": str},
}
WHO: dict[str, type] = {"order_id": str, "customer_id": str}
WHAT: dict[str, type] = {"id": str, "source": str, "time": str}


def decoder() -> msgspec.json.Decoder[Any]:
    """Return what reads any event of the stream."""
    forms = [_form(event_type, fields) for event_type, fields in READ.items()]
    choice: Any = Union[tuple(forms)]  # noqa: UP007
    return msgspec.json.Decoder(choice)


def _form(event_type: str, fields: dict[str, type]) -> type:
    data = msgspec.defstruct("Data", [*WHO.items(), *fields.items()], gc=False)
    return msgspec.defstruct("Event", [*WHAT.items(), ("data", data)], tag_field="type", tag=event_type, gc=False)


class Floor(Contestant):
    def __init__(self, folder: Path) -> None:
        self._decoder = decoder()

    def take(self, lines: Sequence[bytes]) -> None:
        decode = self._decoder.decode
        for raw in lines:
            try:
                decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue

    def found(self) -> Found:
        return set()
