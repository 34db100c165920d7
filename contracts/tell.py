"""What a rule wants told: its `tell` and `message` parts, and which facts are bound under which detector."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from contracts.notice import NoticeClass, Urgency
from contracts.values import FieldType


class Certainty(StrEnum):
    MAY = "may"
    IS = "is"


class Tell(Struct, frozen=True, kw_only=True):
    """next_update, open_for: lengths in microseconds. desk: who takes over.

    worth_telling: a fact to the least change worth an update.
    """

    urgency: Urgency
    notice_class: NoticeClass
    channels: tuple[str, ...]
    next_update: int | None = None
    desk: str
    open_for: int | None = None
    unless_open: tuple[str, ...] = ()
    tells_end: bool = True
    private: bool = False
    worth_telling: Mapping[str, str] = {}


class Wording(Struct, frozen=True, kw_only=True):
    """The sections of a message in one language, each a template. what: one per `says`. None: the rule has no such section."""

    language: str
    what: Mapping[str, str]
    effect: str
    why: str
    sorry: str | None
    doing: str
    you_need_to: str
    choices: tuple[str, ...]
    cleared: str
    solved: str
    corrected: str | None = None


REQUIRED = {
    "effect": "say what it means for the customer",
    "why": "say why it happened, or that we do not know yet",
    "doing": "say what we are doing about it",
    "you_need_to": "say what the customer has to do, or write `nothing`",
    "cleared": "say that all is well again",
    "solved": "say how it ended",
}
"""The sections that every wording has, beside a `what` for each `says`; each with what to do where it is missing."""

NOTHING = "nothing"
"""What `you_need_to` says where the customer has to do nothing."""


class Voice(Struct, frozen=True, kw_only=True):
    """One detector as a message sees it.

    bound: facts that are certain under it; fired: the `by` fact, which in the message is the value at which it fired.
    may_say_is: whether S24 allows `is` for it. counts_tries: whether it knows a number of `tries`.
    """

    detector: str
    says: str
    certainty: Certainty
    bound: frozenset[str]
    fired: str | None
    may_say_is: bool
    counts_tries: bool = False


class RuleTelling(Struct, frozen=True, kw_only=True):
    """All that the telling half knows of a rule. voices: from the lightest to the gravest."""

    rule: str
    title: str
    tell: Tell
    wordings: Mapping[str, Wording]
    facts: Mapping[str, FieldType]
    voices: tuple[Voice, ...]
    watches_complaints: bool = False


class Choice(Struct, frozen=True, kw_only=True):
    """A choice that a message offers. texts: language to text."""

    choice: str
    texts: Mapping[str, str]
    link: str | None = None


LINKS = ("https://", "http://", "mailto:", "tel:")
"""How the link of a choice may begin."""
