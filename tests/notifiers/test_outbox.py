"""The local outbox: one page a day, to which every message is added once."""

import asyncio
import os
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec.structs import replace

from contracts.message import Message, Outcome
from contracts.times import DAY
from notifiers.channels import Outbox, Reply
from notifiers.channels.outbox import find_page
from notifiers.composing import Composer, Occasion, Sender, lay_out
from tests.notifiers.builders import CHOICES, NOON, a_question

TODAY, TOMORROW = "2026-03-04.html", "2026-03-05.html"


def a_message(name: str = "msg_a", *, at: int = NOON, channel: str = "email") -> Message:
    draft = Composer(choices=CHOICES, sender=Sender()).draft(a_question(), Occasion(channel=channel, now=at))
    return replace(lay_out([draft]), message=name)


def send(folder: Path, *messages: Message, outbox: Outbox | None = None) -> list[Reply]:
    return list(asyncio.run((outbox or Outbox(folder)).send_all(messages)))


class Articles(HTMLParser):
    """The ids of a page's articles, and all its text."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.ids: list[str | None] = []
        self.text = ""
        self.feed(page.read_text(encoding="utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "article":
            self.ids.append(dict(attrs)["id"])

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_holds_what_was_told_on_its_day(tmp_path: Path) -> None:
    one, other, later = a_message("msg_a"), a_message("msg_b"), a_message("msg_c", at=NOON + DAY)

    replies = send(tmp_path, one, other, later)

    details = [f"{TODAY}#msg_a", f"{TODAY}#msg_b", f"{TOMORROW}#msg_c"]
    assert replies == [Reply(Outcome.ACCEPTED, detail) for detail in details]
    assert Articles(tmp_path / TODAY).ids == ["msg_a", "msg_b"] and Articles(tmp_path / TOMORROW).ids == ["msg_c"]


@pytest.mark.parametrize("channel", ["email", "sms", "push"])
def test_an_article_says_all_that_the_customer_reads_by_whichever_channel(tmp_path: Path, channel: str) -> None:
    message = a_message(channel=channel)

    send(tmp_path, message)

    said = " ".join(Articles(tmp_path / TODAY).text.split())
    assert f"12:00 UTC, to C1 by {channel}" in said and said.count(message.title) == 1
    words = message.text.replace("\n-- \n", "\n").removeprefix(message.title)
    assert " ".join(words.split()) in said


def test_what_a_customer_is_called_cannot_change_the_page(tmp_path: Path) -> None:
    send(tmp_path, replace(a_message(), customer="<article id=x>", title="</article><b>", text="</article><b>"))

    assert Articles(tmp_path / TODAY).ids == ["msg_a"]


def test_the_index_names_every_day_once(tmp_path: Path) -> None:
    for _ in range(2):
        send(tmp_path, a_message("msg_a"), a_message("msg_b", at=NOON + DAY))

    index = (tmp_path / "index.html").read_text()

    assert [index.count(f'href="{page}"') for page in (TODAY, TOMORROW)] == [1, 1]


def test_a_message_stands_on_its_page_once_whoever_sends_it_again(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    send(tmp_path, a_message("msg_a"), outbox=outbox)

    again = send(tmp_path, a_message("msg_a"), a_message("msg_b"), outbox=outbox)
    after_a_crash = send(tmp_path, a_message("msg_b"), a_message("msg_c"), a_message("msg_c"))

    assert [reply.outcome for reply in (*again, *after_a_crash)] == [Outcome.ACCEPTED] * 5
    assert Articles(tmp_path / TODAY).ids == ["msg_a", "msg_b", "msg_c"]


def test_a_page_that_was_deleted_is_begun_again(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    send(tmp_path, a_message("msg_a"), outbox=outbox)
    (tmp_path / TODAY).unlink()

    [reply] = send(tmp_path, a_message("msg_b"), outbox=outbox)

    assert reply.outcome is Outcome.ACCEPTED
    assert (tmp_path / TODAY).read_text().startswith("<!doctype html>") and Articles(tmp_path / TODAY).ids == ["msg_b"]


def test_an_outbox_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    [reply] = send(tmp_path / "file", a_message())

    assert reply.outcome is Outcome.RETRY


def test_of_what_could_not_be_written_whole_nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = Outbox(tmp_path)
    send(tmp_path, a_message("msg_a"), outbox=outbox)
    page, write = (tmp_path / TODAY).read_text(), os.write

    def until_the_disk_is_full(file: int, text: memoryview) -> int:
        if len(text) < 100:
            raise OSError(28, "No space left on device")
        return write(file, text[: len(text) // 2])

    monkeypatch.setattr(os, "write", until_the_disk_is_full)
    [full] = send(tmp_path, a_message("msg_b"), outbox=outbox)
    monkeypatch.undo()

    assert full.outcome is Outcome.RETRY and (tmp_path / TODAY).read_text() == page
    assert send(tmp_path, a_message("msg_b"), outbox=outbox)[0].outcome is Outcome.ACCEPTED
    assert Articles(tmp_path / TODAY).ids == ["msg_a", "msg_b"]


def test_a_message_is_found_where_it_stands(tmp_path: Path) -> None:
    folder, message = tmp_path / "a folder", a_message()
    assert find_page(message, folder) is None

    send(folder, message)

    assert find_page(message, folder) == f"{(folder / TODAY).as_uri()}#msg_a"
    assert find_page(a_message("msg_b"), folder) is None
