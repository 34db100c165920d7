"""A foreign record in, the customer.updated of its customer out, when a mapping makes one and it is the first time."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import msgspec

from streams.decode.entry_code import profile_of
from streams.decode.event import Record, Said, digest, take
from streams.decode.fields import CUSTOMER
from streams.decode.foreign import Mapping, by_mapping
from streams.decode.payload import Data, Payload
from streams.decode.refused import Refused

MOST_INTRODUCED = 100_000


class Introductions:
    """Remembers whom it has introduced. payload_of: what reads the data of an event type. source: of the events."""

    def __init__(self, mapping: Mapping, payload_of: Callable[[str], Payload], *, source: str) -> None:
        self._mapping, self._entry, self._customer_id = mapping, mapping.customer, mapping.customer_id
        self._payload_of, self._source = payload_of, source
        self._introduced: set[str] = set()

    def forget(self) -> None:
        self._introduced.clear()

    def at_once(self, raw: dict[str, Any], time: int) -> Record | None:
        """Raises one of TAKES_CARE for a record that takes more care. time: of the record's first event."""
        if self._customer_id is None or not self._is_new(self._customer_id.read(raw)):
            return None
        return self._introduce(self._profile(raw), time)

    def with_care(self, raw: Any, time: int) -> Record | None:
        """Return the same part by part. Raises Refused."""
        if self._entry is None or not self._is_new(self._mapping.who(raw)):
            return None
        try:
            made = self._entry.make(raw)
            data = self._payload_of(self._entry.type).convert(made.data if made else {})
        except Refused as refused:
            raise by_mapping(self._entry, refused) from None
        return self._introduce(data, time)

    @cached_property
    def _profile(self) -> Callable[[Any], Data]:
        assert self._entry is not None
        return profile_of(self._entry, self._payload_of(self._entry.type))

    def _is_new(self, customer: Any) -> bool:
        return customer is not None and not (isinstance(customer, str) and customer in self._introduced)

    def _introduce(self, data: Data, time: int) -> Record:
        """The id is computed, so the same comes again harmlessly."""
        own_id = f"customer-{digest(msgspec.json.encode(data, order='sorted'))}"
        assert self._entry is not None
        record = take(Said(own_id, self._source), self._payload_of(self._entry.type), data, time=time, arrived=None)
        if len(self._introduced) >= MOST_INTRODUCED:
            self._introduced.clear()
        self._introduced.add(data[CUSTOMER])
        return record
