"""A line of a test's `given` becomes the bytes of a CloudEvent, with the catalogue's examples for what it leaves out."""

from typing import Any
from zoneinfo import ZoneInfo

from msgspec import json

from contracts.times import find_zone, instant_text, parse_length, to_datetime
from contracts.values import FieldType, read_value, spell
from rules.catalogue import EventType, Field
from rules.model import Happening, Written

SOURCE = "test"
UNKNOWN = ("null", "~", "")


class Unreadable(Exception):
    """A value that a line gives is none of its field's type. The message tells place, fact and remedy."""


def cloud_event(line: Happening, event_type: EventType, *, start: int, number: int, zone: ZoneInfo) -> bytes:
    """Return the line as it would have come from a source. start: instant of 0h. number: of the line, from 1; ids grow with it.

    Raises Unreadable.
    """
    time = start + line.time
    data = data_of(line, event_type, time=time, zone=_own_zone(line, zone))
    kind, field = next((case for case in event_type.cases if data.get(case[1]) is not None), event_type.cases[0])
    event = {
        "specversion": "1.0",
        "id": _identity(line, event_type, "id", f"e{number:06d}"),
        "source": _identity(line, event_type, "source", SOURCE),
        "type": line.event_type,
        "time": instant_text(time),
        "subject": f"{kind}/{data.get(field)}",
        "data": data,
    }
    return json.encode(event)


def data_of(line: Happening, event_type: EventType, *, time: int, zone: ZoneInfo) -> dict[str, Any]:
    """Return the data of the line's event. `+3d` counts from the event's own time."""
    data: dict[str, Any] = {}
    for name, field in event_type.fields.items():
        written = line.fields.get(name)
        if written is not None:
            data[name] = _value(written, field, time, zone)
        elif not field.optional and field.example is not None:
            data[name] = spell(field.type, read_value(field.type, field.example, zone))
    return data


def _own_zone(line: Happening, zone: ZoneInfo) -> ZoneInfo:
    written = line.fields.get("zone")
    return (find_zone(written.text) if written else None) or zone


def _identity(line: Happening, event_type: EventType, name: str, otherwise: str) -> str:
    """A line may name the event's own id or source, where its type has no field of that name: so a test shows a repeat."""
    written = None if name in event_type.fields else line.fields.get(name)
    return written.text if written else otherwise


def _value(written: Written, field: Field, time: int, zone: ZoneInfo) -> Any:
    text = written.text
    if field.optional and text in UNKNOWN:
        return None
    try:
        if text.startswith(("+", "-")) and field.type in (FieldType.DATE, FieldType.INSTANT):
            return _shifted(text, field.type, time, zone)
        return spell(field.type, read_value(field.type, text, zone))
    except ValueError as wrong:
        raise Unreadable(f"{written.starts[0]}  {wrong} — write a {field.type.value} for this field") from None


def _shifted(text: str, kind: FieldType, time: int, zone: ZoneInfo) -> str:
    moment = time + (1 if text[0] == "+" else -1) * parse_length(text[1:])
    return to_datetime(moment, zone).date().isoformat() if kind is FieldType.DATE else instant_text(moment)
