"""An entry of a mapping in; out goes one function that makes its event of a record that is well, or what it looks like.

Most records are well. Of all others the function only says that they take more care, which streams/decode/mapped.py then takes.
"""

import ast
from collections.abc import Callable, Iterator
from math import isfinite
from typing import Any, TypeAlias

from msgspec import DecodeError

from contracts.event import Event
from contracts.ids import mark_of
from contracts.values import FieldType
from rules.expression.foreign import Instant
from rules.expression.mapping import KNOWN, MappingError, instant_code, plain_code, value_code
from rules.generating.page import Page, identifier, inside, note, text_of
from streams.decode.event import checked_id, digest, time_of
from streams.decode.field_code import IDENTIFIER, INSTANT, kept_if, typed
from streams.decode.foreign import Entry
from streams.decode.instants import EARLIEST, LATEST, instant_of
from streams.decode.payload import Data, Payload
from streams.decode.refused import Refused
from streams.decode.values import day_of

Maker: TypeAlias = Callable[[Any, bytes, int | None], Event | None]

TAKES_CARE = (MappingError, Refused, DecodeError, ValueError)
WELL_KNOWN: dict[str, Any] = KNOWN | {
    "EARLIEST": EARLIEST,
    "Event": Event,
    "Instant": Instant,
    "LATEST": LATEST,
    "TakesCare": ValueError,
    "bool": bool,
    "checked_id": checked_id,
    "day_of": day_of,
    "digest": digest,
    "float": float,
    "instant_of": instant_of,
    "int": int,
    "isfinite": isfinite,
    "len": len,
    "mark_of": mark_of,
    "str": str,
    "time_of": time_of,
}


def maker_of(entry: Entry, payload: Payload, source: str) -> Maker:
    """Return the function of an entry: of a JSON object, its bytes and its arrival; it returns None where `when` is not true.

    It raises one of TAKES_CARE for a record that takes more care. source: of the event.
    """
    page, tree = _written(entry, payload, source)
    return page.function(tree)


def source_of(entry: Entry, payload: Payload, source: str) -> str:
    """Return what the function of an entry looks like."""
    return text_of(_written(entry, payload, source)[1])


def profile_of(entry: Entry, payload: Payload) -> Callable[[Any], Data]:
    """Return the function of a JSON object that makes only the data of an entry; it raises the same."""
    page = _page(payload)
    return page.function(page.tree(["def profile(raw):", *inside([*_data(entry, payload, page), "return data"])]))


def _written(entry: Entry, payload: Payload, source: str) -> tuple[Page, ast.Module]:
    page = _page(payload)
    name = f"event_{entry.number}_{identifier(entry.type)}"
    return page, page.tree([f"def {name}(raw, line, arrived):", *inside(_body(entry, payload, source, page))])


def _page(payload: Payload) -> Page:
    own = {"ZONE": payload.zone, "cases_of": payload.cases_of, "read": payload.read, "zone_named": payload.zone_named}
    return Page(WELL_KNOWN | own)


def _body(entry: Entry, payload: Payload, source: str, page: Page) -> Iterator[str]:
    yield note(str(entry))
    if entry.when is not None:
        yield f"if {page.put(plain_code(entry.when.text))} is not True:"
        yield "    return None"
    yield from _data(entry, payload, page)
    yield from _cases(entry, payload, page)
    yield from _id(entry, page)
    yield from _time(entry, page)
    yield f"return Event(own_id, {source!r}, {entry.type!r}, time, cases, data, mark_of({source!r}, own_id))"


def _data(entry: Entry, payload: Payload, page: Page) -> Iterator[str]:
    """What the record does not have is not in the event. The zone is read first, since days may be of it."""
    names = {field: f"{identifier(field)}_{number}" for number, (field, _) in enumerate(entry.data, start=1)}
    zone = "ZONE"
    for field, expression in sorted(entry.data, key=lambda each: each[0] != payload.zone_field):
        code = instant_code if payload.event_type.fields[field].type is FieldType.INSTANT else value_code
        yield f"{names[field]} = {page.put(code(expression.text))}"
        yield from typed(names[field], field, payload, zone=zone)
        if field == payload.zone_field:
            zone = "zone"
            yield f"zone = zone_named({names[field]})"
    yield f"data = {{{', '.join(f'{field!r}: {name}' for field, name in names.items())}}}"
    for field, name in names.items():
        if payload.event_type.fields[field].optional:
            yield f"if {name} is None:"
            yield f"    del data[{field!r}]"


def _cases(entry: Entry, payload: Payload, page: Page) -> Iterator[str]:
    only = payload.only_field
    yield "cases = cases_of(data)" if only is None else f"cases = ({payload.only_kind!r} + data[{only!r}],)"
    if entry.subject is not None:
        yield f"subject = {page.put(plain_code(entry.subject.text))}"
        yield "if subject is not None and subject != cases[0]:"
        yield "    raise TakesCare"


def _id(entry: Entry, page: Page) -> Iterator[str]:
    if entry.id is None:
        yield f"own_id = digest(line) + '-{entry.number}'"
    else:
        yield f"own_id = {page.put(value_code(entry.id.text))}"
        yield from kept_if(IDENTIFIER, "own_id", otherwise="checked_id(plain(own_id))")


def _time(entry: Entry, page: Page) -> Iterator[str]:
    if entry.time is None:
        yield "time = arrived"
        yield "if time is None:"
        yield "    raise TakesCare"
    else:
        yield f"time = {page.put(instant_code(entry.time.text))}"
        yield INSTANT.format("time", "time_of(plain(time))")
        yield "if arrived is not None and time > arrived:"
        yield "    raise TakesCare"
