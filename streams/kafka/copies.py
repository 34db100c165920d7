"""Copies of events for the cases of other slots: an event and a case in, the record that goes there out; and back."""

from zoneinfo import ZoneInfo

from msgspec import Struct

from contracts.event import DeadReason, Event
from contracts.outgoing import Outgoing, Word
from rules.catalogue import Catalogue
from streams.intake import Intake, Record
from streams.kafka.cloud_events import AS_JSON, KIND
from streams.kafka.incoming import Incoming, letter_of
from streams.kafka.outgoing import whole_of
from streams.kafka.slots import slot_of

CASE = "tellfirst_case"
SEEN = "tellfirst_seen"


class Copy(Struct, frozen=True, gc=False):
    """What a record of the topic came to. case: the one that its event is for, None of a dead letter.

    w: how far the slot in which the event was read had been seen by then, None where it never was.
    """

    record: Record
    case: str | None = None
    w: int | None = None


def copy_of(event: Event, case: str, catalogue: Catalogue, *, slot: int, w: int | None) -> Outgoing:
    """Return the copy of an event for one of its cases. slot: ours, in which it was read; w: how far it was seen after it."""
    headers = ((KIND, AS_JSON.encode()), (CASE, case.encode()), *([] if w is None else [(SEEN, b"%d" % w)]))
    return Outgoing(topic=Word.ROUTED, key=case.encode(), value=whole_of(event, catalogue), headers=headers, lane=slot)


class CopyReader:
    """Reads the records of our topic of copies. slots: how many there are.

    An event's time was believed where it was read first; here none is too far ahead.
    """

    def __init__(self, topic: str, catalogue: Catalogue, *, zone: ZoneInfo, slots: int) -> None:
        self._intake, self._slots = Intake(catalogue, source=topic, zone=zone), slots

    def read(self, incoming: Incoming, now: int) -> Copy:
        """now: microseconds since 1970, for a dead letter."""
        record = self._intake.read(incoming.value or b"", arrived=None, position=incoming.offset)
        if record.letter is not None:
            return Copy(Record(letter=letter_of(incoming, record.letter.reason, record.letter.detail, now)))
        case = next((value.decode("utf-8", "replace") for name, value in incoming.headers if name == CASE and value), None)
        if any(case in event.cases for event in record.events) and case and slot_of(case, self._slots) == incoming.slot:
            return Copy(record, case, _seen_in(incoming))
        detail = f"it is for {case}, which is none of its cases of this slot"
        return Copy(Record(letter=letter_of(incoming, DeadReason.SUBJECT, detail, now)))


def _seen_in(incoming: Incoming) -> int | None:
    text = next((value for name, value in incoming.headers if name == SEEN and value), b"")
    return int(text) if text.isdigit() else None
