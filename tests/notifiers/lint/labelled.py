"""The labelled messages of corpus/*.yaml, each put into a rule that has nothing else wrong with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct, convert
from msgspec.structs import replace

from contracts.notice import NoticeClass
from contracts.tell import RuleTelling, Wording
from contracts.values import FieldType
from notifiers.lint import Finding, check
from tests.notifiers.builders import a_rule, a_tell, a_wording

FACTS = {
    "promised": FieldType.DATE,
    "slot": FieldType.INSTANT,
    "wait": FieldType.DURATION,
    "amount": FieldType.MONEY,
    "share": FieldType.DECIMAL,
    "reason": FieldType.TEXT,
    "tries_left": FieldType.INTEGER,
}
SAYS = {"may": "may be late", "is": "is late"}
GERMAN = {
    "what": {"may be late": "{{ case.label }} kommt vielleicht später.", "is late": "{{ case.label }} ist nicht da."},
    "effect": "Sie warten länger.",
    "why": "Den Grund kennen wir nicht.",
    "sorry": "Das tut uns leid.",
    "doing": "Wir suchen es.",
    "cleared": "Es ist unterwegs.",
    "solved": "Es ist da.",
}


class Labelled(Struct, frozen=True, forbid_unknown_fields=True, rename={"notice_class": "class"}):
    """One message of the corpus. says: `may` for a rule that only suspects, `is` for one that also knows.
    after, breaks: the published message that it paraphrases, and the rule that such a message breaks."""

    language: str
    text: str
    section: str = "effect"
    says: str = "is"
    channel: str = "email"
    notice_class: str = "service"
    caught: tuple[str, ...] = ()
    after: str = ""
    breaks: str = ""

    def __str__(self) -> str:
        return f"{self.language}: {self.text[:60]}"


def messages(name: str) -> tuple[Labelled, ...]:
    """Return the messages of `good` or `bad`."""
    path = Path(__file__).parent / "corpus" / f"{name}.yaml"
    return convert(yaml.safe_load(path.read_text("utf-8")), tuple[Labelled, ...])


def findings(message: Labelled) -> list[Finding]:
    return check(_rule(message), {})


def caught_by(message: Labelled) -> set[str]:
    return {finding.check for finding in findings(message)}


def _rule(message: Labelled) -> RuleTelling:
    voices = a_rule().voices if message.says == "is" else a_rule().voices[:1]
    tell = a_tell(channels=(message.channel,), notice_class=NoticeClass(message.notice_class))
    return a_rule(
        wording=_wording(message),
        tell=tell,
        facts=FACTS,
        voices=tuple(replace(voice, bound=frozenset(FACTS)) for voice in voices),
    )


def _wording(message: Labelled) -> Wording:
    dull = a_wording(language=message.language, choices=(), **dict(_dull(message.language)))
    if message.says == "may":
        dull = replace(dull, sorry=None)
    if message.section == "what":
        return replace(dull, what={**dull.what, SAYS[message.says]: message.text})
    return replace(dull, **{message.section: message.text})


def _dull(language: str) -> Iterator[tuple[str, Any]]:
    yield from {"effect": "You wait longer.", "why": "We do not know the cause."}.items() if language == "en" else GERMAN.items()
