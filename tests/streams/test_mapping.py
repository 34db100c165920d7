"""Foreign JSON becomes events by a mapping, and a mapping that is wrong says where."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from contracts.event import DeadReason
from contracts.times import HOUR, MINUTE, parse_instant
from rules.errors import Faulty
from rules.loader import load_events
from rules.shipped import shipped_catalogue
from streams.intake import Intake, Record
from streams.mapping import load_mapping

NOON = "2026-03-02T12:00:00Z"
SHOP = """\
mapping: shop
source: till
events:
  - when: raw.kind == "sent"
    type: shipment.handed_over
    id: raw.nr
    time: raw.at
    data: {parcel_id: raw.parcel, customer_id: raw.who.id, carrier: 'default(raw.carrier, "Blue Van")', handed_at: raw.handed}
  - when: raw.kind in ["sent", "seen"] and has(raw.place)
    type: delivery.scanned
    time: raw.at
    data: {parcel_id: raw.parcel, customer_id: raw.who.id, place: raw.place}
customer:
  customer_id: raw.who.id
  name: raw.who.name
  zone: '"Europe/Vienna"'
"""


def intake(mapping: str = SHOP) -> Intake:
    catalogue = shipped_catalogue()
    return Intake(catalogue, source="tills", mapping=load_mapping(mapping, "shop.yaml", catalogue), zone=ZoneInfo("UTC"))


def sent(**changes: Any) -> bytes:
    record = {"kind": "sent", "nr": "n1", "at": NOON, "parcel": "P1", "who": {"id": "C1", "name": "Ann"}, **changes}
    return msgspec.json.encode({name: value for name, value in record.items() if value is not None})


def read(raw: bytes, mapping: str = SHOP, *, arrived: int | None = None) -> Record:
    return intake(mapping).read(raw, arrived=arrived, position=3)


def refusal(raw: bytes, mapping: str = SHOP, *, arrived: int | None = None) -> tuple[DeadReason, str]:
    letter = read(raw, mapping, arrived=arrived).letter
    assert letter is not None
    assert (letter.source, letter.position, letter.raw) == ("tills", 3, raw)
    return letter.reason, letter.detail


def faults_of(text: str) -> list[str]:
    with pytest.raises(Faulty) as faulty:
        load_mapping(text, "shop.yaml", shipped_catalogue())
    return [str(each) for each in faulty.value.faults]


def one_event(**changes: str) -> str:
    """Return a mapping of one entry that makes a scan; a change to nothing takes the key out."""
    keys = {"type": "delivery.scanned", "time": "raw.at", "data": "{parcel_id: raw.parcel, customer_id: raw.who.id}", **changes}
    return "mapping: m\nevents:\n  -" + "".join(f"\n    {key}: {value}" for key, value in keys.items() if value) + "\n"


def test_a_record_may_make_several_events_and_introduces_its_customer() -> None:
    record = read(sent(place="Hub 1"))

    assert [event.type for event in record.events] == ["customer.updated", "shipment.handed_over", "delivery.scanned"]
    updated, handed_over, scanned = record.events
    assert updated.data == {"customer_id": "C1", "name": "Ann", "zone": "Europe/Vienna"}
    assert (handed_over.id, handed_over.source, handed_over.cases) == ("n1", "till", ("parcel/P1",))
    assert handed_over.data == {"parcel_id": "P1", "customer_id": "C1", "carrier": "Blue Van"}
    assert scanned.data["place"] == "Hub 1"
    assert {event.time for event in record.events} == {parse_instant(NOON)}


def test_a_customer_is_introduced_once_and_by_the_same_id_another_time() -> None:
    first = intake()

    introduced = first.read(sent(), arrived=None, position=0).events[0]
    assert introduced.type == "customer.updated"
    assert [event.type for event in first.read(sent(nr="n2"), arrived=None, position=1).events] == ["shipment.handed_over"]

    first.forget()
    again = first.read(sent(nr="n3", at="2026-03-03T12:00:00Z"), arrived=None, position=2).events[0]
    assert (again.id, again.mark) == (introduced.id, introduced.mark)


def test_a_customer_is_not_introduced_by_a_record_that_is_refused() -> None:
    shop = intake()

    assert shop.read(sent(parcel=None), arrived=None, position=0).letter is not None
    assert shop.read(sent(), arrived=None, position=1).events[0].type == "customer.updated"


def test_an_event_without_an_id_is_known_by_its_bytes_and_its_entry() -> None:
    ids = [read(sent(place=place)).events[2].id for place in ("Hub 1", "Hub 1", "Hub 2")]

    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("-2")


def test_an_id_may_be_a_whole_number() -> None:
    assert read(sent(nr=17)).events[1].id == "17"


@pytest.mark.parametrize(
    ("changes", "reason", "detail"),
    [
        ({"kind": "lost"}, DeadReason.MAPPING, "no `when` of the mapping `shop` is true"),
        ({"kind": None}, DeadReason.MAPPING, "no `when`"),
        ({"parcel": None}, DeadReason.MAPPING, "event 1 (shipment.handed_over), parcel_id: missing"),
        ({"parcel": 5}, DeadReason.MAPPING, "event 1 (shipment.handed_over), parcel_id: expected text, got integer"),
        ({"nr": None}, DeadReason.MAPPING, "event 1 (shipment.handed_over), id: missing"),
        ({"nr": True}, DeadReason.MAPPING, "event 1 (shipment.handed_over), id: needs"),
        ({"at": None}, DeadReason.NO_TIME, "event 1 (shipment.handed_over), time: missing"),
        ({"at": "noon"}, DeadReason.MAPPING, "event 1 (shipment.handed_over), time: 'noon'"),
        ({"at": 5}, DeadReason.MAPPING, "event 1 (shipment.handed_over), time: expected an instant"),
        ({"who": {"id": ["C1"]}}, DeadReason.MAPPING, "customer_id: expected text"),
        ({"who": {"id": "C1", "name": 7}}, DeadReason.MAPPING, "customer, name: expected text, got integer"),
        ({"place": 3}, DeadReason.MAPPING, "event 2 (delivery.scanned), place: expected text, got integer"),
    ],
)
def test_an_entry_that_fails_makes_the_whole_record_a_dead_letter(
    changes: dict[str, Any], reason: DeadReason, detail: str
) -> None:
    found, fact = refusal(sent(**changes))

    assert found is reason
    assert detail in fact


def test_a_conversion_that_fails_names_its_field() -> None:
    mapping = one_event(data="{parcel_id: raw.parcel, customer_id: upper(raw.kind), place: upper(raw.nr)}")

    reason, detail = refusal(sent(nr=5), mapping)

    assert reason is DeadReason.MAPPING
    assert detail.startswith("event 1 (delivery.scanned), place: ")


def test_a_mapping_may_ignore_what_fits_no_entry() -> None:
    assert read(sent(kind="lost"), SHOP + "else: ignore\n") == Record()


def test_a_record_that_is_no_json_is_a_dead_letter_of_its_syntax() -> None:
    assert refusal(b"{")[0] is DeadReason.SYNTAX
    assert refusal(b'{"x": 1e999}')[0] is DeadReason.SYNTAX
    assert refusal(b"[1]")[0] is DeadReason.MAPPING


def test_a_mapping_may_take_the_arrival_as_time_but_a_replay_knows_none() -> None:
    arrived = parse_instant(NOON)

    assert read(sent(at=None), one_event(time="arrival"), arrived=arrived).events[0].time == arrived
    assert refusal(sent(at=None), one_event(time="arrival"))[0] is DeadReason.NO_TIME


def test_a_mapped_time_ahead_of_its_arrival_is_clamped_or_refused() -> None:
    arrived = parse_instant(NOON)

    record = read(sent(), arrived=arrived - MINUTE)
    assert (record.events[1].time, record.clamped) == (arrived - MINUTE, 1)
    assert refusal(sent(), arrived=arrived - HOUR)[0] is DeadReason.WILD_TIME


def test_a_subject_must_name_the_first_case() -> None:
    assert read(sent(), one_event(subject='|\n      "parcel/" + raw.parcel')).events[0].cases == ("parcel/P1",)
    assert refusal(sent(), one_event(subject="raw.parcel"))[0] is DeadReason.SUBJECT


def test_without_a_source_the_events_have_that_of_the_records() -> None:
    assert read(sent(), one_event()).events[0].source == "tills"


def test_entries_are_asked_in_their_order_whatever_their_question() -> None:
    entry = "  - {{{when}type: {type}, time: raw.at, data: {{parcel_id: raw.parcel, customer_id: raw.who.id}}}}\n"
    entries = [
        entry.format(when="", type="delivery.released"),
        entry.format(when="""'when': 'raw.kind == "sent"', """, type="delivery.scanned"),
        entry.format(when="""'when': 'raw.parcel == "P1"', """, type="delivery.delivered"),
        entry.format(when="""'when': 'raw.kind == "lost"', """, type="parcel.returned"),
    ]
    mapping = "mapping: m\nevents:\n" + "".join(entries)

    assert [event.type for event in read(sent(), mapping).events] == [
        "delivery.released",
        "delivery.scanned",
        "delivery.delivered",
    ]
    assert [event.type for event in read(sent(kind="lost", parcel="P2"), mapping).events] == [
        "delivery.released",
        "parcel.returned",
    ]
    assert [event.type for event in read(sent(kind=5), mapping).events] == ["delivery.released", "delivery.delivered"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["shop.yaml:1:1  `mapping` is missing", "shop.yaml:1:1  `events` is missing"]),
        ("- a\n", ["shop.yaml:1:1  the mapping is a list — write keys"]),
        (SHOP + "els: ignore\n", ["shop.yaml:17:1  unknown key `els` — did you mean `else`?"]),
        (SHOP + "else: drop\n", ["shop.yaml:17:7  'drop' is not"]),
        (
            one_event(type="delivery.scaned"),
            ["shop.yaml:4:11  there is no event type `delivery.scaned` — did you mean `delivery.scanned`?"],
        ),
        (one_event(type=""), ["shop.yaml:4:5  `type` is missing"]),
        (one_event(time=""), ["shop.yaml:4:5  `time` is missing"]),
        (one_event(when="raw.kind =="), ["shop.yaml:7:22  the end does not belong here"]),
        (one_event(time="record.at"), ["shop.yaml:5:11  unknown name `record` — write `raw.record`"]),
        (
            one_event(data="{parcel_id: raw.parcel, customer_id: raw.who, plaice: raw.place}"),
            ["shop.yaml:6:57  unknown key `plaice`"],
        ),
        (
            one_event(data="{parcel_id: raw.parcel}"),
            ["shop.yaml:6:11  `customer_id` is missing — `delivery.scanned` requires it"],
        ),
        (one_event(data=""), ["shop.yaml:4:5  `parcel_id` is missing", "shop.yaml:4:5  `customer_id` is missing"]),
        (one_event() + "customer: {name: raw.name}\n", ["shop.yaml:7:11  `customer_id` is missing"]),
        (
            one_event() + "customer: {customer_id: raw.id, nme: raw.name}\n",
            ["shop.yaml:7:33  unknown key `nme` — did you mean `name`?"],
        ),
        ("mapping: m\nevents: [raw]\n", ["shop.yaml:2:10  an entry of `events` is a text"]),
    ],
)
def test_a_mapping_that_is_wrong_says_where_and_what_to_write(text: str, faults: list[str]) -> None:
    found = faults_of(text)

    assert len(found) == len(faults)
    for fault, start in zip(found, faults, strict=True):
        assert fault.startswith(start)


def test_the_example_project_maps_a_promise_by_an_exclusive_midnight() -> None:
    folder = Path(__file__).parents[2] / "docs" / "examples" / "olist"
    catalogue = load_events(folder / "events.yaml", shipped_catalogue())
    mapping = load_mapping((folder / "mappings" / "olist.yaml").read_text(), "olist.yaml", catalogue)
    record = {
        **{"id": "f1", "type": "delivery.promised", "time": "2016-10-03T21:01:41-03:00"},
        **{"order_id": "o1", "customer_id": "c1", "data": {"promised_by": "2016-11-26T00:00:00-03:00"}},
    }

    read = Intake(catalogue, source="file", mapping=mapping, zone=ZoneInfo("America/Sao_Paulo")).read
    updated, promised = read(msgspec.json.encode(record), arrived=None, position=0).events

    assert updated.data == {"customer_id": "c1", "zone": "America/Sao_Paulo", "language": "en"}
    assert (promised.source, promised.id, promised.cases) == ("olist", "f1", ("order/o1",))
    assert promised.data["promised_day"].day == "2016-11-25"


def test_what_a_record_does_not_have_is_not_in_the_event() -> None:
    (event,) = read(sent(place=None), one_event(data="{parcel_id: raw.parcel, customer_id: raw.who.id, place: raw.place}")).events

    assert event.data == {"parcel_id": "P1", "customer_id": "C1"}


def test_an_id_that_a_mapping_makes_holds_no_control_character() -> None:
    reason, detail = refusal(sent(parcel="P\x07"), one_event())

    assert (reason, detail) == (DeadReason.MAPPING, "event 1 (delivery.scanned), parcel_id: holds a control character")
