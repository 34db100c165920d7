"""The `tell` part: how a problem is told, to whom it goes when it stays open, and what change of a fact is worth an update."""

import re
from collections.abc import Iterable, Mapping

from contracts.notice import NoticeClass, Urgency
from contracts.tell import Tell
from contracts.times import DAY, parse_length
from contracts.values import FieldType
from rules.reading.part import LENGTH_REMEDY, Faults, Part, as_text, one_of
from rules.suggest import did_you_mean
from rules.yaml import Map, Text

CHANNELS = ("email", "sms", "push", "webhook")
AGAIN = DAY
MONEY_MATTERS = ("payment", "card")

_PERCENT = re.compile(r"\d{1,4}(\.\d{1,4})?%", re.ASCII)
_TIMES = (FieldType.DATE, FieldType.INSTANT, FieldType.DURATION)
_AMOUNTS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY)


def read_tell(
    part: Part, facts: Mapping[str, FieldType | None], *, reads: Iterable[str], rule: str, desk: str
) -> tuple[Tell, int | None]:
    """Return how to tell, and `again` in microseconds, None for never. reads: event types. desk: the project's."""
    notice_class = NoticeClass(part.word("class", list(NoticeClass), "service"))
    to, open_for = _hand_over(part.part("hand_over"), desk)
    private = part.flag("private")
    tell = Tell(
        urgency=Urgency(part.word("urgency", list(Urgency), "soon")),
        notice_class=notice_class,
        channels=_channels(part),
        next_update=part.length("next_update"),
        desk=to,
        open_for=open_for,
        unless_open=_causes(part, rule),
        tells_end=part.word("on_clear", ("tell", "silent"), "tell") == "tell",
        private=_is_private(notice_class, reads) if private is None else private,
        worth_telling=_worth_telling(part.part("worth_telling"), facts),
    )
    again = _again(part)
    part.close()
    return tell, again


def _is_private(notice_class: NoticeClass, reads: Iterable[str]) -> bool:
    return notice_class is NoticeClass.ACCOUNT or any(each.split(".")[0] in MONEY_MATTERS for each in reads)


def _channels(part: Part) -> tuple[str, ...]:
    words = [one_of(each, CHANNELS, "a channel", part.faults) for each in part.words("channels")]
    return tuple(filter(None, words)) or ("email",)


def _causes(part: Part, rule: str) -> tuple[str, ...]:
    causes = part.words("unless_open")
    for itself in (each for each in causes if each.text == rule):
        part.faults.refuse(itself.place, f"`{rule}` would wait for itself", "take it out of `unless_open`")
    return tuple(each.text for each in causes)


def _again(part: Part) -> int | None:
    found = part.scalar("again")
    if found is None or found.text == "never":
        return None if found else AGAIN
    return part.length("again", least=0)


def _hand_over(part: Part | None, desk: str) -> tuple[str, int | None]:
    if part is None:
        return desk, None
    if not part.entries:
        part.faults.refuse(part.place, "`hand_over` is empty", "write `to: DESK`, `when_open_for: 72h`, or both")
    to, open_for = part.text("to", desk), part.length("when_open_for")
    part.close()
    return to, open_for


def _worth_telling(part: Part | None, facts: Mapping[str, FieldType | None]) -> dict[str, str]:
    if part is None:
        return {}
    read = {name: _change(part, name, facts) for name in part.entries}
    return {name: change for name, change in read.items() if change}


def _change(part: Part, name: str, facts: Mapping[str, FieldType | None]) -> str:
    key, node = part.entries[name]
    found = as_text(node, f"`{name}`", part.faults)
    if name not in facts:
        part.faults.refuse(key.place, f"there is no fact `{name}`", did_you_mean(name, facts, otherwise="name one of `facts`"))
    elif found and (kind := facts[name]):
        _check_change(found, kind, part.faults)
    return found.text if found else ""


def _check_change(found: Text, kind: FieldType, faults: Faults) -> None:
    if found.text in ("always", "never"):
        return
    if kind in _AMOUNTS and _PERCENT.fullmatch(found.text) is None:
        faults.refuse(
            found.place, f"'{found.text}' is not a change of a {kind}", "write a share such as 20%, or `always` or `never`"
        )
    elif kind in _TIMES and not _is_length(found.text):
        faults.refuse(found.place, f"'{found.text}' is not a change of a {kind}", f"{LENGTH_REMEDY}, or `always` or `never`")
    elif kind not in _AMOUNTS and kind not in _TIMES:
        faults.refuse(found.place, f"'{found.text}' is not a change of a {kind}", "write `always` or `never`")


def _is_length(text: str) -> bool:
    try:
        return parse_length(text) >= 0
    except ValueError:
        return False


def no_tell(rule: Part) -> Part:
    """Return an empty `tell`, for a rule that has none: every default holds."""
    return Part(Map((), rule.place), rule.faults)
