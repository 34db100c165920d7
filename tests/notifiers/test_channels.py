"""Where messages and hand-overs go on this machine."""

import asyncio
from pathlib import Path

from msgspec import json
from msgspec.structs import replace

from contracts.message import Message, Outcome
from notifiers.channels import DeskFile, DeskItem, DeskKind, Recording, RecordingDesk, Reply
from notifiers.composing import Composer, Occasion, Sender, lay_out
from tests.notifiers.builders import CHOICES, NOON, a_question

ITEM = DeskItem(
    item="ntc_1",
    kind=DeskKind.HAND_OVER,
    desk="delivery-desk",
    at=NOON,
    reason="no_news",
    problem="prb_1",
    rule="late-parcel",
    case="parcel/P1",
    customer="C1",
    text="Please take over.",
)


def a_message() -> Message:
    draft = Composer(choices=CHOICES, sender=Sender()).draft(a_question(), Occasion(channel="email", now=NOON))
    return lay_out([draft])


def test_the_desk_has_one_line_per_item(tmp_path: Path) -> None:
    desk = DeskFile(tmp_path / "data" / "desk.jsonl")

    for item in (ITEM, ITEM, replace(ITEM, item="ntc_2")):
        asyncio.run(desk.take(item))

    lines = [json.decode(line) for line in (tmp_path / "data" / "desk.jsonl").read_bytes().splitlines()]
    assert [line["item"] for line in lines] == ["ntc_1", "ntc_2"]
    assert lines[0]["at"] == "2026-03-04T12:00:00Z" and lines[0]["kind"] == "hand_over"


def test_a_recording_answers_what_it_was_told_and_then_accepts() -> None:
    recording, message = Recording(replies=(Reply(Outcome.RETRY),), keep=1), a_message()

    outcomes = [asyncio.run(recording.send(message)).outcome for _ in range(2)]

    assert outcomes == [Outcome.RETRY, Outcome.ACCEPTED]
    assert recording.sent == [message]


def test_a_recording_desk_keeps_an_item_that_comes_twice_once() -> None:
    desk = RecordingDesk()

    asyncio.run(desk.take(ITEM))
    asyncio.run(desk.take(ITEM))

    assert list(desk.items.values()) == [ITEM]
