"""What is written to Kafka is read as what it was, in both forms of a CloudEvent, and also where a mapping made it."""

from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec import json
from msgspec.structs import replace

from contracts.event import DeadReason, Event
from rules.shipped import shipped_catalogue
from streams.decode.event import Record
from streams.generator import generate
from streams.intake import Intake
from streams.kafka.incoming import Incoming, TopicReader
from streams.kafka.outgoing import Addressed, Addressing, Fate, Sending
from streams.kafka.settings import Input, KafkaSettings
from streams.project import Project, load_project
from tellfirst.init.folder import make_project
from tests.streams.shop import an_event

UTC = ZoneInfo("UTC")
SETTINGS = KafkaSettings(brokers=("a:1",))
CATALOGUE = shipped_catalogue()


def addressing(settings: KafkaSettings = SETTINGS, *, binary: bool = False) -> Addressing:
    return Addressing(settings, CATALOGUE, Intake(CATALOGUE, source="kafka", zone=UTC), foreign=False, binary=binary)


def as_read(outgoing: Addressed, *, offset: int = 3) -> Record:
    """Read what was written, as a worker does."""
    reader = TopicReader(outgoing.topic, CATALOGUE, mapping=None, zone=UTC)
    return reader.read(Incoming(outgoing.topic, 5, offset, outgoing.value, outgoing.headers), now=2**53)


@pytest.mark.parametrize("binary", [False, True])
def test_a_week_is_read_as_it_was_written(binary: bool) -> None:
    to_kafka, plain = addressing(binary=binary), Intake(CATALOGUE, source="kafka", zone=UTC)
    fates = set()

    for number, raw in enumerate(islice(generate(1, customers=60), 800)):
        sending = to_kafka.address(raw, number)
        fates.add(sending.fate)
        (written,) = sending.written
        read, direct = as_read(written), plain.read(raw, arrived=2**53, position=3)
        assert read.events == direct.events
        assert (read.letter and read.letter.reason) == (direct.letter and direct.letter.reason)

    assert fates == {Fate.SENT, Fate.UNREADABLE}


@pytest.mark.parametrize("binary", [False, True])
def test_what_a_mapping_makes_is_read_as_what_it_made(binary: bool, tmp_path: Path) -> None:
    project = newcomer(tmp_path)
    intake, plain = (
        Intake(project.catalogue, source="shop", mapping=project.mappings["shop"], zone=project.settings.zone) for _ in range(2)
    )
    to_kafka = Addressing(SETTINGS, project.catalogue, intake, foreign=True, binary=binary)

    for number, raw in enumerate((project.folder / "samples" / "shop.jsonl").read_bytes().splitlines()):
        sending = to_kafka.address(raw, number)
        read = [as_read_by(project, each) for each in sending.written]
        assert read == list(plain.read(raw, arrived=None, position=number).events)
        assert read


def newcomer(folder: Path) -> Project:
    make_project(folder / "shop")
    return load_project(folder / "shop")


def as_read_by(project: Project, outgoing: Addressed) -> Event:
    reader = TopicReader(outgoing.topic, project.catalogue, mapping=None, zone=project.settings.zone)
    (event,) = reader.read(Incoming(outgoing.topic, 0, 0, outgoing.value, outgoing.headers), now=2**53).events
    return event


def test_an_event_goes_to_the_topic_that_carries_it_under_its_first_case() -> None:
    sending = addressing().address(an_event(1, "payment.failed", 7, order_id="O1", customer_id="C1", amount="1"), 0)
    assert sending.fate is Fate.UNREADABLE  # an amount in quotes is none

    (written,) = addressing().address(an_event(1, "delivery.scanned", 7, parcel_id="P1", customer_id="C1"), 0).written
    assert (written.topic, written.key, written.time) == ("deliveries", "parcel/P1", 7)
    assert dict(written.headers) == {"content-type": b"application/cloudevents+json; charset=utf-8"}


def test_attributes_stand_in_headers_and_extensions_with_them() -> None:
    whole = json.decode(an_event(1, "customer.visited", 1_000_000, customer_id="Chloé")) | {"tries": 3, "test": True, "odd": [1]}

    (written,) = addressing(binary=True).address(json.encode(whole), 0).written

    assert json.decode(written.value) == {"customer_id": "Chloé"}
    assert dict(written.headers) == {
        "content-type": b"application/json",
        "ce_specversion": b"1.0",
        "ce_id": b"e1",
        "ce_source": b"shop",
        "ce_type": b"customer.visited",
        "ce_time": b"1970-01-01T00:00:01Z",
        "ce_tries": b"3",
        "ce_test": b"true",
    }


@pytest.mark.parametrize(
    ("raw", "sending"),
    [
        (b"x" * 1_000_001, Sending(Fate.TOO_LARGE)),
        (an_event(1, "source.complete", 7, until="2026-03-02T09:00:00Z"), Sending(Fate.IGNORED)),
        (an_event(1, "customer.visited", 7, customer_id="C1"), Sending(Fate.NO_TOPIC)),
        (b"{", Sending(Fate.UNREADABLE, (Addressed("sales", None, b"{", (), None),))),
    ],
)
def test_what_is_not_written_has_its_reason_and_what_cannot_be_read_goes_as_it_is(raw: bytes, sending: Sending) -> None:
    settings = replace_inputs(Input("scans", ("parcel",), "carrier"), Input("sales", ("order", "payment")))

    assert addressing(settings).address(raw, 0) == sending


def test_where_every_input_has_a_mapping_nothing_can_be_written() -> None:
    with pytest.raises(ValueError, match="none takes CloudEvents"):
        addressing(replace_inputs(Input("scans", ("parcel",), "carrier")))


def replace_inputs(*inputs: Input) -> KafkaSettings:
    return KafkaSettings(brokers=("a:1",), inputs=inputs)


def test_a_dead_letter_names_its_partition_and_its_offset() -> None:
    letter = as_read(Addressed("orders", None, b"{", (), None), offset=41).letter

    assert letter is not None
    assert (letter.source, letter.position, letter.raw, letter.reason) == ("orders#5", 41, b"{", DeadReason.SYNTAX)
    assert replace(letter, source="").detail
