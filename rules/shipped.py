"""The shipped event types in, as pydantic models; the catalogue that rules may name out."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

from pydantic.fields import FieldInfo

from contracts.values import FieldType
from rules.catalogue import Catalogue, EventType, Field
from rules.domains import customers, orders, parcels, usage
from rules.domains.happened import Happened

EVENTS: tuple[type[Happened], ...] = (*orders.EVENTS, *parcels.EVENTS, *usage.EVENTS, *customers.EVENTS)


@cache
def shipped_catalogue() -> Catalogue:
    return Catalogue(event_type_of(model) for model in EVENTS)


def event_type_of(model: type[Happened]) -> EventType:
    return EventType(
        name=model.event,
        cases=tuple(model.cases.items()),
        label=model.label,
        fields={name: _field(info) for name, info in model.model_fields.items()},
        description=(model.__doc__ or "").strip(),
    )


def _field(info: FieldInfo) -> Field:
    marks = list(_marks(info))
    kind = next(mark for mark in marks if isinstance(mark, FieldType))
    described = next((mark for mark in reversed(marks) if isinstance(mark, FieldInfo) and mark.description), info)
    optional = not info.is_required()
    examples = [] if optional else info.examples or described.examples or []
    return Field(kind, optional, str(examples[0]) if examples else None, info.description or described.description or "")


def _marks(info: FieldInfo) -> Iterator[Any]:
    """Give what a field's annotation carries, also where it stands inside `… | None`."""
    yield from info.metadata
    for part in get_args(info.annotation):
        yield from getattr(part, "__metadata__", ())
