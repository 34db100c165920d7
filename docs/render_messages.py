"""The stories of messages.yaml in, messages.md out: what customers read of each shipped rule, from the real rules and composer.

Run it with `.venv/bin/python docs/render_messages.py` when a rule, a story or the composing has changed; a test compares.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from contracts.message import Message
from contracts.times import MINUTE, parse_instant, parse_length
from notifiers.channels.recording import Recording
from rules.loader import library
from rules.model import Happening, Place, Rule, Written
from storage.sqlite import open_memory
from streams.given import cloud_event
from streams.project import Project, load_project
from streams.replay import replay
from streams.telling import Reach

HERE = Path(__file__).parent
STORIES, PAGE = HERE / "messages.yaml", HERE / "messages.md"
START = parse_instant("2026-03-02T08:00:00Z")
LANGUAGES = {"en": "English", "de": "German"}
SETTINGS = "zone: Europe/Berlin\nsender: {name: Example shop, check_at: https://example.com/check}\n"

OPENING = """\
# Messages

What customers read of each rule that comes with tellfirst, as email, in English and German. The parcels, orders and names are \
examples: [messages.yaml](messages.yaml) says what happens. The words come from the rules in `rules/library/` through the real \
detection and composing. `.venv/bin/python docs/render_messages.py` makes this page anew, and a test says when that is due.

Push and SMS tell the same story in fewer words, or only that there is news where a rule is private. A problem that is over is \
told to those who heard of it, unless the good news speaks for itself: the parcel is in hand, the answer is there.

On a phone, a mail looks like this; [the README](../README.md#a-rule-and-the-message-it-makes) shows two on a desk. \
`make screenshots` takes the pictures anew. Each mail of this page, and each page of the outbox, is looked at in Chromium by \
`make proofs`: 320, 360 and 720 px wide, in the light and in the dark. axe finds nothing against WCAG 2.2 AA or its own best \
practices, and nothing that it cannot judge.

<img src="images/mail-phone.png" width="360" alt="A mail on a phone: what holds the parcel up and until when, then in a place of \
its own what the customer is asked to do, and when they hear again">

"""
WHOLE = """\
## A whole mail

Below each story stands what the system adds. It is left out in the rest of this page.

"""


class Told:
    """One message that a customer got: of which rule, what it says (an end: its phase), and the words."""

    def __init__(self, rule: Rule, notice: Mapping[str, Any], message: Message) -> None:
        self.rule, self.message = rule, message
        self.says = str(notice["says"] if notice["phase"] in ("opened", "updated") else notice["phase"])


def page() -> str:
    told = all_told()
    chapters = [_chapter(list(each)) for _, each in groupby(told, key=lambda each: each.rule.name)]
    return OPENING + "\n".join(chapters) + "\n" + WHOLE + _as_it_is(told[0].message)


def all_told() -> list[Told]:
    """Return what is told in every story and every language, in the order of the stories."""
    stories = yaml.load(STORIES.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    with TemporaryDirectory() as folder:
        project = _project(Path(folder))
        rules = {rule.name: rule for rule in project.rules}
        played = [_told(project, rules[name], story, language) for name, story in stories.items() for language in LANGUAGES]
    return [told for each in played for told in each]


def _project(folder: Path) -> Project:
    copytree(library(), folder / "rules")
    (folder / "tellfirst.yaml").write_text(SETTINGS)
    return load_project(folder)


def _chapter(told: Sequence[Told]) -> str:
    """Return a rule's messages, each in every language, in the order in which they are told."""
    parts = [f"## {told[0].rule.name}\n", f"*{told[0].rule.title}.*\n"]
    for same in zip(*[[each for each in told if each.message.language == language] for language in LANGUAGES], strict=True):
        parts.append(f"### {same[0].says}\n")
        parts += [_quoted(each.message) for each in same]
    return "\n".join(parts)


def _told(project: Project, rule: Rule, story: Sequence[Mapping[str, Any]], language: str) -> list[Told]:
    """Play a story to a customer of a language with all rules live, and return what this one told."""
    channel, store, file = Recording(), open_memory(), project.folder / f"{rule.name}.{language}.jsonl"
    file.write_bytes(b"\n".join(_events(project, story, language)))
    asyncio.run(replay(project, store, file, reach=Reach(stand_in=channel)))
    notices = {row["notice"]: row for row in store.export("notices")}
    store.close()
    own = [message for message in channel.sent if notices[message.notice]["rule"] == rule.name]
    return [Told(rule, notices[message.notice], message) for message in own]


def _events(project: Project, story: Sequence[Mapping[str, Any]], language: str) -> Iterator[bytes]:
    """Yield the lines of a story as events, after one that introduces its customer, among others that only move time."""
    who = {"at": "0h", "event": "customer.updated", "language": language, "channels": "email"}
    told = [_happening(line, language) for line in (who, *story)]
    ticks = [_happening({"at": f"{number}m", "event": "customer.visited"}, language) for number in range(0, _minutes(told), 30)]
    for number, line in enumerate(sorted(told + ticks, key=lambda each: each.at), start=1):
        yield cloud_event(line, project.catalogue[line.event_type], start=START, number=number, zone=project.settings.zone)


def _minutes(told: Sequence[Happening]) -> int:
    return max(line.at for line in told) // MINUTE


def _happening(line: Mapping[str, Any], language: str) -> Happening:
    place, at = Place(STORIES.name, 1, 1), parse_length(line["at"])
    texts = {name: value[language] if isinstance(value, dict) else value for name, value in line.items()}
    fields = {name: Written(text, (place,)) for name, text in texts.items() if name not in ("at", "event")}
    return Happening(at=at, time=at, event_type=line["event"], fields=fields, place=place)


def _quoted(message: Message) -> str:
    story = message.text.partition("\n\n-- \n")[0]
    first, *rest = [line for line in story.splitlines() if line]
    lines = [f"{LANGUAGES[message.language]}:", "", f"> **{first}**", *(f">\n> {line}" for line in rest)]
    return "\n".join([*lines, ""])


def _as_it_is(message: Message) -> str:
    lines = [f"Subject: {message.title}", "", *message.text.splitlines()]
    return "\n".join(["```text", *(line.rstrip() for line in lines), "```", ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
