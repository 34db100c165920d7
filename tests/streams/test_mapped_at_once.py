"""Foreign records of a kind met before are mapped at once, all others with care: whatever one holds, both come to the same."""

import ast
import json
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts.times import parse_instant
from contracts.values import FieldType
from rules.catalogue import Catalogue, EventType, Field
from rules.shipped import shipped_catalogue
from streams.decode.entry_code import source_of
from streams.decode.event import Record
from streams.decode.limits import check_bytes
from streams.decode.mapped import Mapped, read_json
from streams.decode.payload import Payload
from streams.decode.refused import Refused
from streams.generator import generate
from streams.mapping import load_mapping
from tests.streams.test_fuzz import FOREIGN, is_whole, mutated
from tests.streams.test_mapping import NOON, SHOP

RECORDS = 6_000
BERLIN = ZoneInfo("Europe/Berlin")
ARRIVALS = (None, parse_instant("2026-03-02T11:58:00Z"), parse_instant("2026-03-03T12:00:00Z"))

FIELDS = {
    **{"thing_id": "text", "customer_id": "text", "place": "text", "count": "integer", "share": "decimal", "open": "bool"},
    **{"day": "date", "since": "instant", "lasts": "duration", "price": "money", "zone": "text"},
}
THINGS = """\
mapping: things
events:
  - when: raw.kind == "plain"
    type: thing.happened
    id: raw.id
    time: raw.time
    subject: raw.subject
    data: {thing_id: raw.thing, customer_id: raw.who, place: raw.place, count: raw.count, share: raw.share, open: raw.open,
           day: raw.day, since: raw.since, lasts: raw.lasts, price: raw.price, zone: raw.zone}
  - when: raw.kind == "converted"
    type: thing.happened
    time: epoch(raw.count, "s")
    data: {thing_id: text(raw.thing), customer_id: trim(raw.who), place: upper(raw.place), count: integer(raw.share),
           share: decimal(raw.count), open: 'raw.open == true', day: day(raw.day), since: instant(raw.since),
           lasts: 'length(raw.count, "ms") + 1s', price: 'money(raw.share, "EUR")', zone: '"Asia/Tokyo"'}
  - when: raw.kind == "mixed" and raw.open
    type: thing.seen
    id: text(raw.id) + "-2"
    time: instant(raw.time) + 1h
    data: {thing_id: raw.thing, customer_id: raw.who, place: 'raw.open ? raw.place : instant(raw.since)',
           count: 'raw.count + 1', share: 'raw.share * raw.share', since: 'default(raw.since, epoch(raw.count, "s"))',
           lasts: 'instant(raw.time) - instant(raw.since)', day: 'day(instant(raw.since))', price: 'raw.price'}
  - type: thing.seen
    time: arrival
    data: {customer_id: raw.who, thing_id: 'raw.nested[0].thing', open: 'has(raw.open) and raw.open'}
customer: {customer_id: raw.who, name: raw.place, channels: raw.channels}
"""
VALUES: dict[str, tuple[Any, ...]] = {
    "kind": ("plain", "converted", "mixed", "other", 5, None, ["plain"]),
    "id": ("n1", 17, "", "x" * 257, "a\x7f", "\u2028", True),
    "time": (NOON, "2026-03-02T12:00:00.5+01:00", " 2026-03-02T12:00:00Z", "0001-06-01T00:00:00Z", "2026-03-02", 5),
    "subject": (None, "thing/T1", "thing/T2", 5),
    "thing": ("T1", "", "x" * 256, "x" * 257, "T\x85", "\u2028", 5, None),
    "who": ("C1", "C2", "", "C\n", 5, None, ["C1"]),
    "place": ("Hub", "", "\x07", 5, None, {"a": 1}),
    "count": (3, 0, -1, 1477009800, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**30, 3.0, 3.5, "7", True, None),
    "share": (0.5, 3, 1e300, -0.0, 2**53 + 1, 10**400, "0.5", "12.50", True, None),
    "open": (True, False, 1, "yes", None),
    "day": ("2026-03-05", "2026-02-30", "0001-01-01", "9999-01-01", "2026-03-05T00:00:00Z", 5, None),
    "since": (NOON, "2026-03-02T12:00:00", "9999-06-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", 5, None),
    "lasts": ("36h", "1.5h", "", "999999999w", 5, None),
    "price": ({"amount": "12.50", "currency": "EUR"}, {"amount": "1e9", "currency": "EUR"}, {"amount": 5}, "12.50 EUR", None),
    "zone": ("Asia/Tokyo", "Nowhere/At/All", "", 5, None),
    "channels": (["sms", "email"], "sms", [5], [], 5, None),
    "nested": ([{"thing": "T1"}], [], "x", None),
}


def things() -> Catalogue:
    """Return the shipped types and two of things: of one case with all fields, and of two with only optional ones."""
    all_fields = {name: Field(FieldType(kind), name in ("place", "since", "zone"), None) for name, kind in FIELDS.items()}
    optional = {name: Field(FieldType(kind), name != "customer_id", None) for name, kind in FIELDS.items() if name != "zone"}
    happened = EventType("thing.happened", (("thing", "thing_id"),), None, all_fields)
    seen = EventType("thing.seen", (("thing", "thing_id"), ("customer", "customer_id")), None, optional)
    return shipped_catalogue().with_types([happened, seen])


def records(seed: int) -> Iterator[bytes]:
    """Yield records most of whose values are the first and usual ones, and some that are no objects."""
    others = Random(seed)
    yield from (b"[1]", b"5", b'"plain"', b"null")
    for _ in range(RECORDS):
        odd = others.sample(list(VALUES), others.choice((0, 0, 1, 1, 2, 3)))
        record = {name: others.choice(values) if name in odd else values[0] for name, values in VALUES.items()}
        record["kind"] = others.choice(VALUES["kind"][:4])
        yield json.dumps({name: value for name, value in record.items() if value is not None or others.random() < 0.5}).encode()


def sales(seed: int) -> Iterator[bytes]:
    """Yield records of the mapping `shop`."""
    others = Random(seed)
    usual: dict[str, tuple[Any, ...]] = {
        "kind": ("sent", "seen", "lost", 5),
        "nr": ("n1", 5, None, [1]),
        "at": (NOON, "noon", None, 5),
        "parcel": ("P1", None, 5, ""),
        "place": (None, "Hub", 5),
        "who": ({"id": "C1", "name": "Ann"}, {"id": "C2"}, {}, None, "C1", {"id": 5}, {"id": "C3", "name": 7}),
        "carrier": (None, "Van", 5),
    }
    for _ in range(RECORDS):
        yield json.dumps(
            {name: others.choice(values) if others.random() < 0.2 else values[0] for name, values in usual.items()}
        ).encode()


def mapped(text: str, catalogue: Catalogue) -> Mapped:
    payloads = {name: Payload(catalogue[name], BERLIN) for name in catalogue.types}
    return Mapped(load_mapping(text, "m.yaml", catalogue), payloads.__getitem__, source="till")


def met(reader: Mapped, lines: Iterable[bytes]) -> Mapped:
    """Let a reader meet each kind of record that is well."""
    for line in lines:
        for arrived in ARRIVALS:
            with_care(reader, line, arrived)
    return reader


def with_care(reader: Mapped, line: bytes, arrived: int | None) -> Record | tuple[str, str]:
    """Return the record, or the reason and the detail of its refusal."""
    try:
        return reader.with_care(read_json(line), line, arrived)
    except Refused as refused:
        return refused.reason, refused.detail


def types_in(record: Any) -> list[type]:
    return [type(value) for event in record.events for value in (event.time, *event.data.values())]


def is_json(line: bytes) -> bool:
    try:
        check_bytes(line)
        read_json(line)
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "usual", "lines", "share"),
    [
        (THINGS, records(1), lambda: records(2), 0.25),
        (SHOP, sales(3), lambda: sales(4), 0.25),
        (FOREIGN, (line for line in generate(4) if is_whole(line)), lambda: mutated(seed=5, count=RECORDS), 0.1),
    ],
    ids=["every kind of field", "several events and a customer", "fuzzed lines"],
)
def test_a_record_comes_to_the_same_whether_its_kind_was_met_before_or_not(
    text: str, usual: Iterable[bytes], lines: Callable[[], Iterator[bytes]], share: float
) -> None:
    catalogue = things()
    practised, careful = met(mapped(text, catalogue), usual), mapped(text, catalogue)
    at_once = asked = 0

    for line in filter(is_json, lines()):
        for arrived in ARRIVALS:
            practised.forget()
            careful.forget()
            found = practised.at_once(read_json(line), line, arrived)
            asked += 1
            if found is not None:
                at_once += 1
                same = with_care(careful, line, arrived)
                assert found == same, line
                assert types_in(found) == types_in(same), line

    assert at_once / asked > share, "records that all take care prove nothing"


def test_customers_are_introduced_once_by_whichever_way_they_come() -> None:
    catalogue = things()
    reader = mapped(SHOP, catalogue)
    new = {"kind": "sent", "nr": "n1", "at": NOON, "parcel": "P1"}
    lines = [json.dumps(new | {"who": {"id": f"C{number % 3}"}}).encode() for number in range(9)]

    events = [[event.type for event in reader.read(line, None).events] for line in lines]

    assert events[:3] == [["customer.updated", "shipment.handed_over"]] * 3
    assert events[3:] == [["shipment.handed_over"]] * 6


def test_the_function_of_an_entry_can_be_read() -> None:
    catalogue = shipped_catalogue()
    (entry, *_) = load_mapping(SHOP, "m.yaml", catalogue).choice.of("sent")

    source = source_of(entry, Payload(catalogue[entry.type], BERLIN), "till")

    assert source.startswith('def event_1_shipment_handed_over(raw, line, arrived):\n    """event 1 (shipment.handed_over)"""\n')
    assert "    own_id = raw.get('nr')\n" in source
    assert (
        "    data = {'parcel_id': parcel_id_1, 'customer_id': customer_id_2, 'carrier': carrier_3, 'handed_at': handed_at_4}\n"
        in source
    )


def test_a_mappings_text_stands_in_a_function_as_a_constant_only() -> None:
    catalogue = shipped_catalogue()
    (entry, *_) = load_mapping(SHOP.replace("Blue Van", "print(1)"), "m.yaml", catalogue).choice.of("sent")

    source = source_of(entry, Payload(catalogue[entry.type], BERLIN), "print(2)")

    assert "print" in source
    assert "print" not in {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
