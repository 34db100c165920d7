"""A copy of an event is the same event, wherever it came from; what is none, or is for nobody here, is a dead letter."""

from zoneinfo import ZoneInfo

import pytest

from contracts.event import DeadReason, Event
from rules.catalogue import Catalogue
from rules.shipped import shipped_catalogue
from streams.generator import generate
from streams.intake import Intake
from streams.kafka.copies import CASE, CopyReader, copy_of
from streams.kafka.incoming import Incoming
from streams.kafka.slots import slot_of
from tests.streams.test_mapping import intake, sent

BERLIN = ZoneInfo("Europe/Berlin")
SLOTS = 6


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return shipped_catalogue()


def events(catalogue: Catalogue) -> list[Event]:
    reader = Intake(catalogue, source="http", zone=BERLIN)
    return [event for raw in generate(3, customers=60) for event in reader.read(raw, arrived=None, position=0).events]


def read(reader: CopyReader, value: bytes | None, case: str, *, slot: int | None = None) -> tuple[tuple[Event, ...], object]:
    incoming = Incoming("routed", slot_of(case, SLOTS) if slot is None else slot, 7, value, ((CASE, case.encode()),))
    copy = reader.read(incoming, now=1)
    return copy.record.events, copy.case if copy.record.letter is None else copy.record.letter


def test_every_event_comes_out_of_its_copy_as_it_was(catalogue: Catalogue) -> None:
    reader = CopyReader("routed", catalogue, zone=BERLIN, slots=SLOTS)

    for event in events(catalogue):
        for case in event.cases:
            copy = copy_of(event, case, catalogue, slot=2, w=None)
            assert (copy.key, copy.lane) == (case.encode(), 2)
            assert read(reader, copy.value, case) == ((event,), case)


@pytest.mark.parametrize("w", [None, 0, 1_800_000_000_000_000])
def test_a_copy_says_how_far_the_slot_was_seen_in_which_its_event_was_read(catalogue: Catalogue, w: int | None) -> None:
    event = events(catalogue)[0]
    copy = copy_of(event, event.cases[0], catalogue, slot=2, w=w)
    incoming = Incoming("routed", slot_of(event.cases[0], SLOTS), 7, copy.value, copy.headers)

    assert CopyReader("routed", catalogue, zone=BERLIN, slots=SLOTS).read(incoming, now=1).w == w


def test_so_does_one_that_a_mapping_made_with_its_customer(catalogue: Catalogue) -> None:
    reader = CopyReader("routed", catalogue, zone=ZoneInfo("UTC"), slots=SLOTS)
    made = intake().read(sent(place="Kiel", handed="2026-03-02T11:59:59.123456Z"), arrived=None, position=0).events

    assert [event.type for event in made] == ["customer.updated", "shipment.handed_over", "delivery.scanned"]
    for event in made:
        assert read(reader, copy_of(event, event.cases[0], catalogue, slot=0, w=None).value, event.cases[0])[0] == (event,)


@pytest.mark.parametrize("wrong", ["case", "slot"])
def test_a_copy_for_nobody_here_is_a_dead_letter(catalogue: Catalogue, wrong: str) -> None:
    reader = CopyReader("routed", catalogue, zone=BERLIN, slots=SLOTS)
    event = events(catalogue)[5]
    case = "order/other" if wrong == "case" else event.cases[0]
    slot = slot_of(case, SLOTS) + (wrong == "slot")

    _, letter = read(reader, copy_of(event, event.cases[0], catalogue, slot=0, w=None).value, case, slot=slot)

    assert getattr(letter, "reason", None) is DeadReason.SUBJECT
    assert getattr(letter, "headers", None) == ((CASE, case.encode()),)


def test_what_is_no_event_is_a_dead_letter(catalogue: Catalogue) -> None:
    reader = CopyReader("routed", catalogue, zone=BERLIN, slots=SLOTS)

    assert getattr(read(reader, None, "order/O1")[1], "reason", None) is DeadReason.SYNTAX
