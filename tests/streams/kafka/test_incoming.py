"""Records as strangers write them to a topic: binary and structured CloudEvents, and what is neither."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.event import DeadReason
from contracts.times import MINUTE, SECOND
from rules.shipped import shipped_catalogue
from streams.decode.event import Record
from streams.kafka.cloud_events import Headers
from streams.kafka.incoming import Incoming, TopicReader

NOW = 1_800_000_000 * SECOND
GOOD: dict[str, bytes] = {
    "ce_specversion": b"1.0",
    "ce_id": b"e1",
    "ce_source": b"warehouse",
    "ce_type": b"shipment.created",
    "ce_time": b"2026-03-02T09:00:00Z",
    "content-type": b"application/json",
}
DATA = b'{"parcel_id": "P1", "customer_id": "C1"}'


def read(value: bytes | None, headers: Headers = (), *, written_at: int | None = None) -> Record:
    reader = TopicReader("deliveries", shipped_catalogue(), mapping=None, zone=ZoneInfo("UTC"))
    return reader.read(Incoming("deliveries", 2, 9, value, headers, written_at), now=NOW)


def binary(value: bytes | None = DATA, **headers: bytes) -> Record:
    return read(value, tuple((GOOD | headers).items()))


def why_dead(record: Record) -> tuple[DeadReason, str]:
    assert record.letter is not None
    return record.letter.reason, record.letter.detail


def test_a_binary_event_is_the_same_as_a_structured_one() -> None:
    (event,) = binary().events

    assert (event.id, event.source, event.type, event.cases) == ("e1", "warehouse", "shipment.created", ("parcel/P1",))
    assert event.data == {"parcel_id": "P1", "customer_id": "C1"}


@pytest.mark.parametrize("kind", [b"application/cloudevents+json", b"Application/CloudEvents+JSON; charset=UTF-8"])
def test_a_structured_event_is_known_by_its_content_type_whatever_else_stands_in_headers(kind: bytes) -> None:
    whole = b'{"specversion":"1.0","id":"inner","source":"s","type":"shipment.created","time":"2026-03-02T09:00:00Z","data":%b}'

    (event,) = binary(whole % DATA, **{"content-type": kind}).events

    assert event.id == "inner"


def test_of_a_header_that_stands_twice_the_last_counts() -> None:
    (event,) = read(DATA, (*GOOD.items(), ("ce_id", b"e2"))).events

    assert event.id == "e2"


def test_headers_of_others_are_no_attributes() -> None:
    (event,) = read(DATA, (*GOOD.items(), ("traceparent", b"\xff"), ("ce_data", b"{}"), ("ce_datacontenttype", b"text"))).events

    assert event.data["parcel_id"] == "P1"


def test_a_subject_in_a_header_must_agree_with_the_data() -> None:
    assert binary(ce_subject=b"parcel/P1").events
    assert why_dead(binary(ce_subject=b"parcel/P2"))[0] is DeadReason.SUBJECT


def test_data_cannot_smuggle_attributes() -> None:
    reason, detail = why_dead(binary(DATA + b', "id": "other"'))

    assert reason is DeadReason.SYNTAX
    assert detail.startswith("data: ")


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (read(None), DeadReason.SYNTAX),
        (read(b"[]", (("content-type", b"application/cloudevents-batch+json"),)), DeadReason.SCHEMA),
        (binary(None), DeadReason.SCHEMA),
        (binary(b"\xff"), DeadReason.SYNTAX),
        (binary(ce_id=b"\xff"), DeadReason.SCHEMA),
        (binary(ce_source=b"x" * 5_000), DeadReason.SCHEMA),
        (binary(ce_time=b"yesterday"), DeadReason.SCHEMA),
        (binary(ce_specversion=b"0.3"), DeadReason.SCHEMA),
        (binary(**{"content-type": b"application/avro"}), DeadReason.SCHEMA),
        (binary(b'"' + b"x" * (256 << 10) + b'"'), DeadReason.SIZE),
    ],
)
def test_what_is_no_event_is_a_dead_letter(record: Record, reason: DeadReason) -> None:
    assert why_dead(record)[0] is reason


def test_a_dead_letter_is_kept_as_it_came() -> None:
    headers = (*GOOD.items(), ("ce_id", b"\xff"), ("trace", None))
    reader = TopicReader("deliveries", shipped_catalogue(), mapping=None, zone=ZoneInfo("UTC"))

    letter = reader.read(Incoming("deliveries", 2, 9, DATA, headers, key=b"parcel/P1"), now=NOW).letter

    assert letter is not None
    assert (letter.source, letter.position) == ("deliveries#2", 9)
    assert (letter.raw, letter.key, letter.headers) == (DATA, b"parcel/P1", headers)


def test_an_event_arrived_when_the_broker_wrote_it() -> None:
    soon = b"2027-01-15T08:04:00Z"  # 4 minutes after NOW

    (by_broker,) = read(DATA, tuple((GOOD | {"ce_time": soon}).items()), written_at=(NOW + MINUTE) // 1_000).events
    (by_clock,) = binary(ce_time=soon).events

    assert (by_broker.time, by_clock.time) == (NOW + MINUTE, NOW)


@given(
    st.one_of(st.none(), st.binary(max_size=80)),
    st.lists(st.tuples(st.sampled_from([*GOOD, "ce_", "ce_subject", "x"]), st.binary(max_size=40)), max_size=8),
)
def test_no_bytes_whatever_raise(value: bytes | None, headers: list[tuple[str, bytes]]) -> None:
    record = read(value, [("ce_specversion", b"1.0"), *headers])

    assert record.letter is not None or record.events


TRACES = [f"00-{number:032x}-00f067aa0ba902b7-01" for number in (1, 2)]


@pytest.mark.parametrize(
    ("value", "headers", "heard"),
    [
        (DATA, {**GOOD, "ce_traceparent": TRACES[0].encode()}, TRACES[:1]),
        (DATA, {**GOOD, "traceparent": TRACES[0].encode()}, TRACES[:1]),
        (DATA, {**GOOD, "traceparent": TRACES[0].encode(), "ce_traceparent": TRACES[1].encode()}, TRACES),
        (b'{"specversion": "1.0", "traceparent": "%s"}' % TRACES[0].encode(), {}, TRACES[:1]),
        (b'{"traceparent": 7}', {"traceparent": b"\xff" * 100}, []),
        (b'{"traceparent": ', {"traceparent": b""}, []),
        (None, {}, []),
    ],
)
def test_the_trace_of_a_record_is_heard_by_whoever_asks(value: bytes | None, headers: dict[str, bytes], heard: list[str]) -> None:
    said: list[str] = []
    reader = TopicReader("deliveries", shipped_catalogue(), mapping=None, zone=ZoneInfo("UTC"), hear=said.append)

    with_trace = reader.read(Incoming("deliveries", 2, 9, value, tuple(headers.items())), now=NOW)

    assert said == heard
    assert with_trace == read(value, tuple(headers.items()))
