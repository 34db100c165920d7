"""Which slot a case belongs to: the same for everybody who writes, and all of its events in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.event import Event
from streams.kafka.slots import home_of, parted, slot_of, slot_of_bytes

CASES = st.lists(st.text(min_size=1, max_size=20).map("order/{}".format), min_size=1, max_size=4, unique=True).map(tuple)


def an_event(*cases: str) -> Event:
    return Event("e1", "shop", "order.placed", 1, cases, {}, 7)


@pytest.mark.parametrize(
    ("key", "murmur"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"abc", 479470107),
    ],
)
def test_a_key_goes_where_the_clients_of_kafka_send_it(key: bytes, murmur: int) -> None:
    """The hashes are those by which Kafka tests its own client in Java."""
    assert slot_of_bytes(key, 1_000_003) == (murmur & 0x7FFFFFFF) % 1_000_003


def test_cases_spread_over_the_slots() -> None:
    held = [0] * 12
    for number in range(12_000):
        held[slot_of(f"parcel/P{number}", 12)] += 1

    assert min(held) > 850 and max(held) < 1_150


@given(CASES, st.integers(1, 12))
def test_each_case_of_an_event_is_applied_in_its_own_slot_and_nowhere_else(cases: tuple[str, ...], slots: int) -> None:
    for slot in range(slots):
        here, elsewhere = parted(an_event(*cases), slot, slots=slots)

        assert sorted((*here, *elsewhere)) == sorted(cases)
        assert {slot_of(case, slots) for case in here} <= {slot}
        assert slot not in {slot_of(case, slots) for case in elsewhere}


def test_what_an_event_says_about_people_is_taken_up_where_its_first_case_is() -> None:
    assert home_of(an_event("parcel/P1", "order/O1", "customer/C1")) == "parcel/P1"


def test_a_profile_is_taken_up_where_its_customer_is_whatever_else_the_event_concerns() -> None:
    event = Event("e1", "shop", "customer.updated", 1, ("account/A1", "customer/C1"), {"customer_id": "C1"}, 7)

    assert home_of(event) == "customer/C1"
