"""What becomes of one record: an event with its types, or a dead letter with its bytes and the reason."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from contracts.event import DeadReason
from contracts.ids import mark_of
from contracts.times import HOUR, MINUTE, instant_text, parse_instant
from contracts.values import Day, FieldType, Money
from rules.catalogue import Catalogue, EventType, Field
from rules.shipped import shipped_catalogue
from streams.intake import Intake, Record, read_batch

VIENNA = ZoneInfo("Europe/Vienna")
NOON = "2026-03-02T12:00:00Z"


def envelope(**changes: Any) -> dict[str, Any]:
    """Return a scan of parcel P1; a change to None takes the attribute out."""
    data = {"parcel_id": "P1", "customer_id": "C1", "place": "Hub 1"}
    event = {
        "specversion": "1.0",
        "id": "e1",
        "source": "shop",
        "type": "delivery.scanned",
        "time": NOON,
        "data": data,
        **changes,
    }
    return {name: value for name, value in event.items() if value is not None}


def with_data(event_type: str, **data: Any) -> dict[str, Any]:
    return envelope(type=event_type, data=data)


def promised(**data: Any) -> dict[str, Any]:
    return with_data("delivery.promised", parcel_id="P1", customer_id="C1", **data)


def read(event: dict[str, Any] | bytes, *, arrived: int | None = None, catalogue: Catalogue | None = None) -> Record:
    raw = event if isinstance(event, bytes) else msgspec.json.encode(event)
    return Intake(catalogue or shipped_catalogue(), source="orders", zone=VIENNA).read(raw, arrived=arrived, position=7)


def data_of(event: dict[str, Any]) -> Any:
    record = read(event)
    assert record.letter is None, record.letter
    return record.events[0].data


def refusal(event: dict[str, Any] | bytes, *, arrived: int | None = None) -> tuple[DeadReason, str]:
    letter = read(event, arrived=arrived).letter
    assert letter is not None
    return letter.reason, letter.detail


def catalogue_of(**fields: str) -> Catalogue:
    """Return a catalogue of `thing.happened`; a field's name that ends in _ is optional."""
    given = {name.rstrip("_"): Field(FieldType(kind), name.endswith("_"), None) for name, kind in fields.items()}
    return Catalogue(
        [EventType("thing.happened", (("thing", "thing_id"),), None, {"thing_id": Field(FieldType.TEXT, False, None), **given})]
    )


def thing(**data: Any) -> dict[str, Any]:
    return with_data("thing.happened", thing_id="T1", **data)


def test_a_cloud_event_becomes_an_event_of_its_case() -> None:
    record = read(envelope(subject="parcel/P1"))

    (event,) = record.events
    assert (event.id, event.source, event.type, event.time) == ("e1", "shop", "delivery.scanned", parse_instant(NOON))
    assert event.cases == ("parcel/P1",)
    assert event.data == {"parcel_id": "P1", "customer_id": "C1", "place": "Hub 1"}
    assert event.mark == mark_of("shop", "e1")


def test_an_event_concerns_every_case_whose_id_it_carries() -> None:
    event = read(with_data("payment.failed", order_id="O1", subscription_id="S1", customer_id="C1", amount=20)).events[0]

    assert event.cases == ("order/O1", "subscription/S1", "customer/C1")


@pytest.mark.parametrize(
    ("kind", "plain", "value"),
    [
        ("text", "", ""),
        ("text", "größer ✓", "größer ✓"),
        ("integer", -(2**63), -(2**63)),
        ("decimal", 3, 3.0),
        ("decimal", 0.25, 0.25),
        ("bool", True, True),
        ("instant", "2026-03-02T13:00:00.1234567+01:00", parse_instant("2026-03-02T12:00:00.123457Z")),
        ("duration", "1d12h", 36 * HOUR),
        ("money", {"amount": "12.50", "currency": "EUR"}, Money(Decimal("12.50"), "EUR")),
    ],
)
def test_a_field_gets_the_type_that_the_catalogue_gives_it(kind: str, plain: Any, value: Any) -> None:
    (event,) = read(thing(field=plain), catalogue=catalogue_of(field=kind)).events

    assert event.data["field"] == value
    assert type(event.data["field"]) is type(value)


@pytest.mark.parametrize(
    ("kind", "plain", "fact"),
    [
        ("text", 3, "expected text, got integer"),
        ("integer", 2**63, "expected integer"),
        ("integer", 3.5, "expected integer, got decimal"),
        ("integer", True, "expected integer, got bool"),
        ("decimal", "0.7", "expected decimal, got text"),
        ("bool", 1, "expected bool, got integer"),
        ("date", "2026-02-30", "day is out of range"),
        ("date", "2026-03-05T00:00:00Z", "'2026-03-05T00:00:00Z'"),
        ("date", "9999-12-31", "years 2 to 9998"),
        ("instant", "2026-03-02T12:00:00", "is not an instant with a zone"),
        ("instant", "0001-01-01T00:00:00+14:00", "years 2 to 9998"),
        ("duration", "1.5h", "is not a duration"),
        ("duration", "999999999w", "longer than a thousand years"),
        ("money", "12.50 EUR", "expected"),
        ("money", {"amount": 12.5, "currency": "EUR"}, "expected text, got decimal"),
        ("money", {"amount": "1e999999999", "currency": "EUR"}, "not an amount"),
        ("money", {"amount": "12.50", "currency": "euro"}, "is not an amount of money"),
    ],
)
def test_a_value_of_another_type_is_a_dead_letter_that_names_field_and_fact(kind: str, plain: Any, fact: str) -> None:
    letter = read(thing(field=plain), catalogue=catalogue_of(field=kind)).letter

    assert letter is not None
    assert letter.reason is DeadReason.SCHEMA
    assert letter.detail.startswith("field: ")
    assert fact in letter.detail


def test_a_dead_letter_keeps_the_bytes_and_names_everything_that_is_wrong() -> None:
    raw = msgspec.json.encode(with_data("usage.recorded", account_id=5, amount="much"))

    letter = read(raw, arrived=parse_instant(NOON)).letter

    assert letter is not None
    assert (letter.source, letter.position, letter.raw, letter.at) == ("orders", 7, raw, parse_instant(NOON))
    assert letter.detail == (
        "account_id: expected text, got integer; customer_id: missing; amount: expected decimal, got text; metric: missing"
    )


def test_a_null_is_kept_where_a_field_may_be_missing_and_an_absent_field_is_absent() -> None:
    assert data_of(with_data("delivery.eta", parcel_id="P1", customer_id="C1", p_late=None)) == {
        "parcel_id": "P1",
        "customer_id": "C1",
        "p_late": None,
    }
    assert refusal(with_data("delivery.scanned", parcel_id="P1", customer_id=None))[1] == "customer_id: expected text, got null"


def test_a_day_is_of_its_own_zone_else_of_the_projects() -> None:
    assert data_of(promised(promised_day="2026-03-05"))["promised_day"] == Day(
        "2026-03-05", "Europe/Vienna", parse_instant("2026-03-05T23:00:00Z")
    )
    assert data_of(promised(promised_day="2026-03-05", zone="Asia/Tokyo"))["promised_day"] == Day(
        "2026-03-05", "Asia/Tokyo", parse_instant("2026-03-05T15:00:00Z")
    )


def test_a_zone_that_does_not_exist_falls_back_with_a_warning() -> None:
    record = read(promised(promised_day="2026-03-05", zone="Mars/Base"))

    assert record.events[0].data["promised_day"].zone == "Europe/Vienna"
    assert record.warnings == ("zone: there is no zone 'Mars/Base', so the project's is taken",)


def test_the_lists_of_a_profile_may_be_lists() -> None:
    data = data_of(with_data("customer.updated", customer_id="C1", channels=["push", "email"], objects_to="marketing"))

    assert (data["channels"], data["objects_to"]) == ("push, email", "marketing")


def test_unknown_fields_and_extensions_are_ignored() -> None:
    data = {"parcel_id": "P1", "customer_id": "C1", "mood": {"deep": [1, 2]}}

    assert data_of(envelope(data=data, traceparent="00-abc", huge=1e300)) == {"parcel_id": "P1", "customer_id": "C1"}


def test_the_last_of_two_equal_keys_counts() -> None:
    raw = msgspec.json.encode(envelope()).replace(b'"place":"Hub 1"', b'"place":"Hub 1","place":"Hub 2"')

    assert read(raw).events[0].data["place"] == "Hub 2"


@pytest.mark.parametrize(
    ("changes", "reason", "detail"),
    [
        ({"specversion": "0.3"}, DeadReason.SCHEMA, "specversion: '0.3' is not 1.0"),
        ({"id": None}, DeadReason.SCHEMA, "id: missing"),
        ({"id": ""}, DeadReason.SCHEMA, "id: needs 1 to 256"),
        ({"id": "x" * 257}, DeadReason.SCHEMA, "id: needs 1 to 256"),
        ({"id": "a\nb"}, DeadReason.SCHEMA, "control character"),
        ({"id": 5}, DeadReason.SCHEMA, "id: expected text, got integer"),
        ({"source": "x" * 257}, DeadReason.SCHEMA, "source: needs"),
        ({"type": "delivery.vanished"}, DeadReason.UNKNOWN_TYPE, "`delivery.vanished`"),
        ({"data": None}, DeadReason.SCHEMA, "data: missing"),
        ({"data": [1]}, DeadReason.SCHEMA, "data: expected an object, got a list"),
        ({"data": None, "data_base64": "e30="}, DeadReason.SCHEMA, "data_base64"),
        ({"datacontenttype": "text/xml"}, DeadReason.SCHEMA, "'text/xml' is not JSON"),
        ({"time": None}, DeadReason.NO_TIME, "time: missing"),
        ({"time": "yesterday"}, DeadReason.SCHEMA, "time: 'yesterday' is not an instant"),
        ({"time": 1772452800}, DeadReason.SCHEMA, "time: expected"),
        ({"subject": "parcel/P2"}, DeadReason.SUBJECT, "'parcel/P2' is not parcel/P1"),
        ({"subject": "order/P1"}, DeadReason.SUBJECT, "'order/P1' is not parcel/P1"),
        ({"subject": "parcel/" + "x" * 600}, DeadReason.SUBJECT, "512"),
        ({"subject": 5}, DeadReason.SUBJECT, "expected"),
        ({"data": {"parcel_id": "", "customer_id": "C1"}}, DeadReason.SCHEMA, "parcel_id: expected text of length >= 1"),
        ({"data": {"parcel_id": "P\u0085", "customer_id": "C1"}}, DeadReason.SCHEMA, "parcel_id: holds a control character"),
    ],
)
def test_an_envelope_that_is_not_well_is_a_dead_letter(changes: dict[str, Any], reason: DeadReason, detail: str) -> None:
    found, fact = refusal(envelope(**changes))

    assert found is reason
    assert detail in fact


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", DeadReason.SYNTAX),
        (b"not json", DeadReason.SYNTAX),
        (b"[]", DeadReason.SCHEMA),
        (b"null", DeadReason.SCHEMA),
        (b'{"id":"e1"', DeadReason.SYNTAX),
        (msgspec.json.encode(envelope()) + b"{}", DeadReason.SYNTAX),
        (msgspec.json.encode(envelope()).replace(b"Hub 1", b"Hub \xff"), DeadReason.SYNTAX),
        (msgspec.json.encode(envelope()).replace(b"Hub 1", b"\xed\xa0\x80"), DeadReason.SYNTAX),
        (msgspec.json.encode(envelope()).replace(b"Hub 1", b"\\ud800 alone"), DeadReason.SYNTAX),
        (msgspec.json.encode(envelope()).replace(b"Hub 1", b"\\u0000"), DeadReason.SYNTAX),
        (msgspec.json.encode(envelope()).replace(b'"Hub 1"', b"NaN"), DeadReason.SYNTAX),
        (msgspec.json.encode(envelope()).replace(b'"Hub 1"', b"-Infinity"), DeadReason.SYNTAX),
        (msgspec.json.encode(envelope(extra=0)).replace(b'"extra":0', b'"extra":' + b"[" * 65 + b"]" * 65), DeadReason.SYNTAX),
        (b"[" * 100_000, DeadReason.SYNTAX),
        (b'{"' + b"\\" * 200_000, DeadReason.SYNTAX),
        (msgspec.json.encode(envelope(extra="x" * 300_000)), DeadReason.SIZE),
        (b"9" * 5000, DeadReason.SCHEMA),
    ],
)
def test_bytes_that_are_no_event_are_a_dead_letter(raw: bytes, reason: DeadReason) -> None:
    assert refusal(raw)[0] is reason


def test_brackets_within_a_text_are_not_nested() -> None:
    assert data_of(envelope(extra="[{" * 100))["place"] == "Hub 1"


def test_an_escaped_backslash_before_u0000_is_no_nul() -> None:
    raw = msgspec.json.encode(envelope()).replace(b"Hub 1", b"\\\\u0000")

    assert read(raw).events[0].data["place"] == "\\u0000"


def test_the_kind_is_before_the_first_slash_and_the_id_is_all_the_rest() -> None:
    data = {"parcel_id": "DE/1 #?é", "customer_id": "C1"}

    assert read(envelope(subject="parcel/DE/1 #?é", data=data)).events[0].cases == ("parcel/DE/1 #?é",)


def test_a_live_time_a_little_ahead_is_set_to_the_arrival() -> None:
    arrived = parse_instant(NOON)

    for ahead, clamped in ((-HOUR, 0), (0, 0), (1, 1), (5 * MINUTE, 1)):
        record = read(envelope(time=instant_text(arrived + ahead)), arrived=arrived)
        assert (record.events[0].time, record.clamped) == (min(arrived + ahead, arrived), clamped)


def test_a_live_time_far_ahead_is_a_dead_letter() -> None:
    arrived = parse_instant(NOON)

    assert refusal(envelope(time=instant_text(arrived + 5 * MINUTE + 1)), arrived=arrived)[0] is DeadReason.WILD_TIME


def test_a_replay_keeps_every_time() -> None:
    record = read(envelope(time="2031-01-01T00:00:00Z"))

    assert (record.events[0].time, record.clamped) == (parse_instant("2031-01-01T00:00:00Z"), 0)


def test_a_sender_says_how_far_it_is() -> None:
    record = read(envelope(type="source.complete", time=None, data={"until": NOON}))

    assert record == Record(until=parse_instant(NOON))
    assert refusal(envelope(type="source.complete", data={"until": "soon"}))[0] is DeadReason.SCHEMA


def test_an_event_without_any_case_is_a_dead_letter() -> None:
    either = EventType("card.lost", (("card", "card_id"), ("account", "account_id")), None, {
        name: Field(FieldType.TEXT, True, None) for name in ("card_id", "account_id")
    })  # fmt: skip

    assert read(with_data("card.lost", account_id="A1"), catalogue=Catalogue([either])).events[0].cases == ("account/A1",)
    letter = read(with_data("card.lost"), catalogue=Catalogue([either])).letter
    assert letter is not None
    assert letter.detail == "card_id and account_id: missing, so no case is concerned"


def test_a_batch_is_an_array_or_lines_or_one_record() -> None:
    assert read_batch(b' [{"a": [1]}, 2] ') == [b'{"a": [1]}', b"2"]
    assert read_batch(b'{"a":1}\r\n\n{"a":2}\n') == [b'{"a":1}', b'{"a":2}']
    assert read_batch(b'{\n "a": 1\n}\n') == [b'{\n "a": 1\n}']
    assert read_batch(b'{"a":1}\n{broken') == [b'{"a":1}', b"{broken"]
    assert read_batch(b"") == []


@pytest.mark.parametrize("body", [b"[1, 2", b"[1,]", b"[" * 100_000, b"1\n" * 50_001])
def test_a_batch_that_cannot_be_parted_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"cannot be read|more than"):
        read_batch(body)
