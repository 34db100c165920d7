"""A field of the catalogue in; the Python that makes its value of what a mapping read for it, as lines, out.

Most values stand as they should. `read` (streams/decode/payload.py) takes each of the others, or refuses it.
"""

from collections.abc import Iterator

from contracts.values import FieldType
from streams.decode.limits import LONGEST_ID
from streams.decode.payload import Payload

IDENTIFIER = f"type({{0}}) is str and 0 < len({{0}}) <= {LONGEST_ID} and {{0}}.isprintable()"
AS_IT_STANDS = {
    FieldType.TEXT: "type({0}) is str",
    FieldType.INTEGER: f"type({{0}}) is int and {-(2**63)} <= {{0}} < {2**63}",
    FieldType.DECIMAL: "type({0}) is float and isfinite({0})",
    FieldType.BOOL: "type({0}) is bool",
}
DAY = "{0} = day_of({0}, {2}) if type({0}) is str else {1}"
INSTANT = "{0} = instant_of({0}) if type({0}) is str else int({0}) if type({0}) is Instant and EARLIEST <= {0} < LATEST else {1}"


def typed(value: str, field: str, payload: Payload, *, zone: str) -> Iterator[str]:
    """Yield what makes the field's value of the one under a name. zone: the name of the zone of days."""
    otherwise = f"read({field!r}, plain({value}), {zone})"
    lines = _typed(value, field, payload, otherwise=otherwise, zone=zone)
    if payload.event_type.fields[field].optional:
        yield f"if {value} is not None:"
        yield from (f"    {line}" for line in lines)
    else:
        yield from lines


def kept_if(condition: str, value: str, *, otherwise: str) -> Iterator[str]:
    """Yield what keeps the value under a name if the condition, in which it is {0}, is true of it."""
    yield f"if not ({condition.format(value)}):"
    yield f"    {value} = {otherwise}"


def _typed(value: str, field: str, payload: Payload, *, otherwise: str, zone: str) -> Iterator[str]:
    match payload.event_type.fields[field].type:
        case FieldType.TEXT if field in payload.identifiers:
            yield from kept_if(IDENTIFIER, value, otherwise=otherwise)
        case FieldType.TEXT | FieldType.INTEGER | FieldType.DECIMAL | FieldType.BOOL as kind:
            yield from kept_if(AS_IT_STANDS[kind], value, otherwise=otherwise)
        case FieldType.DATE:
            yield DAY.format(value, otherwise, zone)
        case FieldType.INSTANT:
            yield INSTANT.format(value, otherwise)
        case FieldType.DURATION | FieldType.MONEY:
            yield f"{value} = {otherwise}"
