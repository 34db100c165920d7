"""A project's events.yaml in; its event types, with their fields and the cases they concern, out."""

from zoneinfo import ZoneInfo

from contracts.values import FieldType
from rules.catalogue import EventType, Field
from rules.reading.part import Faults, Part, as_text, one_of, shape
from rules.reading.terms import EVENT_TYPE, WORD
from rules.reading.values import check_value
from rules.suggest import did_you_mean
from rules.yaml import Map, Node, Text

MOST_CASES = 4
UTC = ZoneInfo("UTC")
SHAPE = "write `types:`, and below it the event types with their cases and fields"


def read_events(node: Node) -> tuple[EventType, ...]:
    """Return the event types that a file describes. Raises Faulty."""
    faults = Faults()
    if not isinstance(node, Map):
        faults.refuse(node.place, f"the file is {shape(node)}", SHAPE)
        node = Map((), node.place)
    file = Part(node, faults)
    types = file.part("types") if "types" in file or file.entries else None
    file.close()
    found = tuple(_type(types, name) for name in types.entries) if types else ()
    faults.close()
    return found


def _type(types: Part, name: str) -> EventType:
    key = types.entries[name][0]
    if EVENT_TYPE.fullmatch(name) is None:
        types.faults.refuse(
            key.place,
            f"`{name}` is not a name for an event type",
            "write what it happened to and what happened, such as order.placed",
        )
    part = types.part(name) or Part(Map((), key.place), types.faults)
    fields = _fields(part)
    event_type = EventType(
        name=name,
        cases=_cases(part, fields),
        label=_label(part, fields),
        fields=fields,
        description=part.text("description"),
    )
    part.close()
    return event_type


def _fields(part: Part) -> dict[str, Field]:
    part.need("fields", "write its fields, such as {order_id: text}")
    fields = part.part("fields")
    if fields is None:
        return {}
    read: dict[str, Field] = {}
    for name, (key, node) in fields.entries.items():
        plain = name.removesuffix("?")
        if plain in read:
            part.faults.refuse(key.place, f"`{plain}` stands here with and without `?`", "keep one")
        if WORD.fullmatch(plain) is None:
            part.faults.refuse(
                key.place,
                f"`{name}` is not a name for a field",
                "write one word, with a ? behind it where the field may be missing",
            )
        read[plain] = _field(node, name, part.faults)
    return read


def _field(node: Node, name: str, faults: Faults) -> Field:
    optional = name.endswith("?")
    if not isinstance(node, Map):
        return Field(_field_type(as_text(node, f"`{name}`", faults), faults), optional, None)
    part = Part(node, faults)
    part.need("type", "write one of text, integer, decimal, bool, date, instant, duration, money")
    kind, example = _field_type(part.scalar("type"), faults), part.scalar("example")
    if example:
        check_value(example, kind, UTC, faults)
    field = Field(kind, optional, example.text if example else None, part.text("description"))
    part.close()
    return field


def _field_type(found: Text | None, faults: Faults) -> FieldType:
    word = one_of(found, list(FieldType), "a type of field", faults) if found else None
    return FieldType(word) if word else FieldType.TEXT


def _cases(part: Part, fields: dict[str, Field]) -> tuple[tuple[str, str], ...]:
    part.need("cases", "write kind and field, such as {order: order_id}; the first is the subject's")
    cases = part.part("cases")
    if cases is None:
        return ()
    if not 1 <= len(cases.entries) <= MOST_CASES:
        part.faults.refuse(
            cases.place,
            f"an event concerns 1 to {MOST_CASES} cases, not {len(cases.entries)}",
            "name those that a rule may watch",
        )
    return tuple((_kind(cases, kind), _id_field(cases, kind, fields)) for kind in cases.entries)


def _kind(cases: Part, kind: str) -> str:
    if WORD.fullmatch(kind) is None:
        cases.faults.refuse(cases.place_of(kind), f"`{kind}` is not a kind of case", "write one word, such as order")
    return kind


def _id_field(cases: Part, kind: str, fields: dict[str, Field]) -> str:
    found = cases.scalar(kind)
    if found:
        _known_field(found, fields, cases.faults)
        if found.text in fields and fields[found.text].type is not FieldType.TEXT:
            cases.faults.refuse(found.place, f"`{found.text}` is not a text, so it holds no id", "give the field the type text")
    return found.text if found else ""


def _label(part: Part, fields: dict[str, Field]) -> str | None:
    found = part.scalar("label")
    if found:
        _known_field(found, fields, part.faults)
    return found.text if found else None


def _known_field(found: Text, fields: dict[str, Field], faults: Faults) -> None:
    if found.text not in fields:
        remedy = did_you_mean(found.text, fields, otherwise="describe it below `fields`")
        faults.refuse(found.place, f"there is no field `{found.text}`", remedy)
