"""Values, events and instants as they stand in an answer."""

from collections.abc import Mapping
from typing import Any

from contracts.event import Citation
from contracts.times import instant_text
from contracts.values import Day, FieldType, Money, from_plain, spell

Answer = dict[str, Any]
TIMES = ("at", "deadline", "until")


def instant(moment: int | None) -> str | None:
    return None if moment is None else instant_text(moment)


def picked(record: Any, *fields: str) -> Answer:
    """Return these fields of a record as they are, but its times as instants."""
    found = ((field, getattr(record, field)) for field in fields)
    return {field: instant(value) if field.endswith(TIMES) else value for field, value in found}


def event(cite: Citation | None) -> Answer | None:
    return None if cite is None else {"id": cite.id, "source": cite.source, "type": cite.type, "time": instant_text(cite.time)}


def fact_value(value: Any, kind: FieldType | None) -> Any:
    """Return a fact as it stood in the data of its event; without its type, as well as can be told."""
    match value:
        case None:
            return None
        case Day():
            return value.day
        case Money():
            return f"{value.amount} {value.currency}"
        case int() if kind in (FieldType.INSTANT, FieldType.DURATION):
            return spell(kind, value)
        case _:
            return value


def claimed_value(plain: Any, kind: FieldType | None) -> Any:
    """Return what a message claimed, which was kept plain."""
    return plain if kind is None else fact_value(from_plain(kind, plain), kind)


def facts(known: Mapping[str, Any], types: Mapping[str, FieldType]) -> list[Answer]:
    """known: name to contracts.problem.Fact."""
    return [
        {"fact": name, "value": fact_value(fact.value, types.get(name)), "event": event(fact.event)}
        for name, fact in known.items()
    ]
