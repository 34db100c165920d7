"""A value that a person wrote for a field in; whether the field's type can have it out."""

import re
from zoneinfo import ZoneInfo

from contracts.times import parse_length
from contracts.values import FieldType, read_value
from rules.reading.part import LENGTH_REMEDY, Faults
from rules.yaml import Text

_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})([eE][+-]?\d{1,2})?", re.ASCII)
_SHIFT = re.compile(r"[+-]\d[\dwdhms]*", re.ASCII)

REMEDIES = {
    FieldType.TEXT: "write a text",
    FieldType.INTEGER: "write a whole number",
    FieldType.DECIMAL: "write a number such as 0.7",
    FieldType.BOOL: "write true or false",
    FieldType.DATE: "write a day such as 2026-03-05, or +3d from the event's own time",
    FieldType.INSTANT: "write an instant with its zone such as 2026-03-05T09:00:00Z, or +3d from the event's own time",
    FieldType.DURATION: LENGTH_REMEDY,
    FieldType.MONEY: "write an amount and a currency such as 12.50 EUR",
}


def check_value(found: Text, kind: FieldType, zone: ZoneInfo, faults: Faults, *, shifts: bool = False) -> None:
    """Fault a value that is none of its type. shifts: whether `+3d` is read for a date or an instant."""
    if not _fits(found.text, kind, zone, shifts):
        faults.refuse(found.place, f"'{found.text}' is not {_named(kind)}", REMEDIES[kind])


def _fits(text: str, kind: FieldType, zone: ZoneInfo, shifts: bool) -> bool:
    try:
        match kind:
            case FieldType.INTEGER:
                return _WHOLE.fullmatch(text) is not None
            case FieldType.DECIMAL:
                return _NUMBER.fullmatch(text) is not None
            case FieldType.DATE | FieldType.INSTANT if shifts and _SHIFT.fullmatch(text):
                return parse_length(text[1:]) >= 0
            case _:
                read_value(kind, text, zone)
                return True
    except ValueError:
        return False


def _named(kind: FieldType) -> str:
    match kind:
        case FieldType.INTEGER | FieldType.INSTANT:
            return f"an {kind}"
        case FieldType.BOOL:
            return "true or false"
        case FieldType.MONEY:
            return "an amount of money"
        case _:
            return f"a {kind}"
