"""What a rule may rely on around it, and which names it may give and use."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from contracts.tell import Choice
from rules.catalogue import Catalogue
from rules.reading.part import Faults, Part
from rules.suggest import did_you_mean, listed
from rules.yaml import Text

RULE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", re.ASCII)
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}", re.ASCII)
EVENT_TYPE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+", re.ASCII)

TAKEN = {
    *("and", "or", "not", "in", "true", "false", "null", "now", "it", "has", "since"),
    *("count", "sum", "min", "max", "mean", "size"),
    *("case", "customer", "tries", "if", "else", "elif", "endif", "is", "none", "loop", "self", "caller", "varargs", "kwargs"),
    *(
        "as",
        "break",
        "const",
        "continue",
        "for",
        "function",
        "import",
        "let",
        "namespace",
        "package",
        "return",
        "var",
        "void",
        "while",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """zone: of days whose event names none. desk: who takes over where a rule names none. choices: None: not checked."""

    catalogue: Catalogue
    zone: ZoneInfo
    language: str = "en"
    desk: str = "desk"
    choices: Mapping[str, Choice] | None = None


@dataclass(frozen=True)
class Watched:
    """Which event types a rule may name: those that concern the kind it watches. kind: empty where it is not known."""

    kind: str
    terms: Terms
    faults: Faults

    def types(self, part: Part, key: str) -> tuple[str, ...]:
        """Return one event type, or a list of them."""
        return tuple(self.type_of(each) for each in part.words(key))

    def type_of(self, text: Text) -> str:
        catalogue, name = self.terms.catalogue, text.text
        if name not in catalogue:
            otherwise = "name one of the catalogue, or describe it in events.yaml"
            self.faults.refuse(
                text.place, f"there is no event type `{name}`", did_you_mean(name, catalogue.types, otherwise=otherwise)
            )
        elif self.kind and not catalogue[name].concerns(self.kind):
            kinds = ", ".join(kind for kind, _ in catalogue[name].cases)
            remedy = f"it concerns {kinds}; watch one of these, or name an event that concerns a case of kind {self.kind}"
            self.faults.refuse(text.place, f"`{name}` is never seen by a rule that watches `{self.kind}`", remedy)
        return name


def may_be_named(text: Text, what: str, faults: Faults) -> bool:
    """Say whether a fact or a detector may have this name; a fault says why not."""
    if WORD.fullmatch(text.text) is None:
        faults.refuse(
            text.place,
            f"`{text.text}` is not a name for a {what}",
            "write one word of letters, digits and _, not beginning with a digit",
        )
    elif text.text in TAKEN:
        faults.refuse(
            text.place,
            f"`{text.text}` is a word of the language, not a name for a {what}",
            f"write another, such as `the_{text.text}`",
        )
    else:
        return True
    return False


def one_kind(text: Text, catalogue: Catalogue, faults: Faults) -> str:
    """Return the kind of case, or nothing where no event concerns it."""
    if text.text in catalogue.kinds:
        return text.text
    remedy = did_you_mean(text.text, catalogue.kinds, otherwise=f"the kinds of case are {listed(catalogue.kinds)}")
    faults.refuse(text.place, f"no event concerns a case of kind `{text.text}`", remedy)
    return ""
