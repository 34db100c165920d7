"""A scene and a channel in, the message out as this channel would get it, or why it cannot be said there."""

from collections.abc import Mapping

from msgspec.structs import replace

from contracts.ids import notice_id
from contracts.message import Posted
from contracts.notice import Urgency
from notifiers.composing import CannotSay, Composer, Draft, Occasion, lay_out
from notifiers.composing.languages import chosen
from notifiers.composing.layout import Story
from notifiers.gates.question import Question
from notifiers.local_time import quiet_end
from notifiers.promises import deadline
from streams.project import Project
from tellfirst.preview.scenes import Scene

TEST = "[Test]"
ONLY_A_TEST: Mapping[str, str] = {
    "en": "This is a test of our messages. Nothing of what it says has happened.",
    "de": "Dies ist eine Probe unserer Nachrichten. Nichts von dem, was sie sagt, ist geschehen.",
}


def composed(scene: Scene, project: Project, channel: str) -> Posted | CannotSay:
    """Return the message as it would be told at the first decent hour."""
    try:
        return lay_out([_draft(scene.question, project, channel, _told_at(scene.question))])
    except CannotSay as fault:
        return fault


def composed_as_test(scene: Scene, project: Project, channel: str, *, now: int) -> Posted:
    """Return the message marked as a test in subject and text, under an id of its own. Raises CannotSay."""
    notice = replace(scene.question.notice, notice=notice_id(scene.question.problem.problem, "test", now))
    draft = _draft(replace(scene.question, notice=notice), project, channel, now)
    return lay_out([replace(draft, story=_marked(draft))])


def _marked(draft: Draft) -> Story:
    (headline, text), *rest = draft.story.sections.items()
    note = {} if draft.channel == "sms" else {"test": ONLY_A_TEST[chosen(draft.language, ONLY_A_TEST.keys(), default="en")]}
    return replace(draft.story, sections={headline: f"{TEST} {text}", **note, **dict(rest)})


def _draft(question: Question, project: Project, channel: str, now: int) -> Draft:
    settings = project.settings
    composer = Composer(choices=project.choices, sender=settings.sender, language=settings.language)
    return composer.draft(question, Occasion(channel=channel, now=now, hear_again=_hear_again(question, now)))


def _told_at(question: Question) -> int:
    """Return when it would be told at the earliest: not in quiet hours, unless it cannot wait."""
    customer, found_at = question.customer, question.notice.found_at
    if customer is None or question.notice.urgency is Urgency.NOW or question.notice.phase.ends:
        return found_at
    return quiet_end(found_at, customer) or found_at


def _hear_again(question: Question, now: int) -> int | None:
    length, customer = question.rule.tell.next_update, question.customer
    if length is None or customer is None or question.notice.phase.ends:
        return None
    return deadline(now, length, customer)
