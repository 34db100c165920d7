"""One mapping of a file, read key by key; what nobody asked for is unknown, what is wrong becomes a fault with its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from contracts.times import DAY, parse_length
from rules.errors import Fault, Faulty, fault, warning
from rules.model import Place, Written
from rules.suggest import did_you_mean, listed, nearest
from rules.yaml import List, Map, Node, Text

LONGEST = 366 * DAY
LENGTH_REMEDY = "write whole numbers with w, d, h, m or s, such as 14d"
CUT_REMEDY = "put the expression on its own line after `|`"


@dataclass
class Faults:
    """All that is wrong in what was read, in the order of its places."""

    found: list[tuple[Place, Fault]] = field(default_factory=list)

    def refuse(self, place: Place, fact: str, remedy: str) -> None:
        self.found.append((place, fault(place, fact, remedy)))

    def warn(self, place: Place, fact: str, remedy: str) -> None:
        self.found.append((place, warning(place, fact, remedy)))

    @property
    def refused(self) -> int:
        """How many faults there are, warnings not counted."""
        return sum(not each.warning for _, each in self.found)

    def take(self, faulty: Faulty) -> None:
        """Add what another reading refused."""
        self.found += [(_place_in(each), each) for each in faulty.faults]

    def in_order(self) -> tuple[Fault, ...]:
        return tuple(each for _, each in sorted(self.found, key=lambda one: (one[0].file, one[0].line, one[0].column)))

    def close(self) -> tuple[Fault, ...]:
        """Return the warnings. Raises Faulty with everything when something was refused."""
        if self.refused:
            raise Faulty(self.in_order())
        return self.in_order()


def _place_in(found: Fault) -> Place:
    file, line, column = found.place.rsplit(":", 2)
    return Place(file, int(line), int(column))


class Part:
    """Reads one mapping. Every key that is asked for is a known one; `close` faults the others.

    A getter that finds something wrong says so and returns its default, so that reading goes on and finds the rest.
    """

    def __init__(self, node: Map, faults: Faults) -> None:
        self.place = node.place
        self.faults = faults
        self.entries = {key.text: (key, value) for key, value in node.items}
        self.known: list[str] = []
        self.needed: dict[str, str] = {}

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def place_of(self, key: str) -> Place:
        return self.entries[key][0].place if key in self.entries else self.place

    def node(self, key: str) -> Node | None:
        """Return what stands under the key; None where it is missing or empty."""
        self.known.append(key)
        _, value = self.entries.get(key, (None, None))
        if isinstance(value, Text) and not value.text.strip():
            self.faults.refuse(self.place_of(key), f"`{key}` is empty", "write its value, or leave the key out")
            return None
        return value

    def need(self, key: str, remedy: str) -> None:
        """Say that the key must be there; `close` faults its lack, unless an unknown key is probably it."""
        self.needed[key] = remedy

    def scalar(self, key: str) -> Text | None:
        return as_text(self.node(key), f"`{key}`", self.faults)

    def text(self, key: str, default: str = "") -> str:
        found = self.scalar(key)
        return found.text.strip() if found else default

    def expression(self, key: str) -> Written | None:
        """Return an expression as it stands, for the compiler; what YAML took for a comment in it is a fault here."""
        found = self.scalar(key)
        if found and found.cut and (found.text.count('"') % 2 or found.text.count("'") % 2):
            self.faults.refuse(
                found.place, f"YAML takes the rest of `{key}` for a comment, because of the ` #` in it", CUT_REMEDY
            )
        return found.written if found else None

    def word(self, key: str, words: Iterable[str], default: str) -> str:
        found = self.scalar(key)
        return one_of(found, words, f"a word for `{key}`", self.faults) or default if found else default

    def flag(self, key: str) -> bool | None:
        found = self.scalar(key)
        if found is None or found.text in ("true", "false"):
            return None if found is None else found.text == "true"
        self.faults.refuse(found.place, f"'{found.text}' is neither true nor false", "write true or false")
        return None

    def count(self, key: str, *, most: int) -> int | None:
        """Return a whole number from 1 to `most`."""
        found = self.scalar(key)
        if found is None or (found.text.isdecimal() and len(found.text) <= len(str(most)) and 1 <= int(found.text) <= most):
            return int(found.text) if found else None
        self.faults.refuse(found.place, f"'{found.text}' is not a count", f"write a whole number from 1 to {most}")
        return None

    def length(self, key: str, *, least: int = 1, below: bool = False) -> int | None:
        """Return a length in microseconds. least: 0 where nothing at all makes sense; below: whether a leading minus is read."""
        found = self.scalar(key)
        return as_length(found, self.faults, least=least, below=below) if found else None

    def part(self, key: str) -> "Part | None":
        found = self.node(key)
        if found is None or isinstance(found, Map):
            return None if found is None else Part(found, self.faults)
        self.faults.refuse(found.place, f"`{key}` is {shape(found)}", "write keys with values, one on a line")
        return None

    def items(self, key: str) -> tuple[Node, ...]:
        found = self.node(key)
        if found is None or isinstance(found, List):
            return found.items if found else ()
        self.faults.refuse(
            found.place, f"`{key}` is {shape(found)}", "write a list, such as [a, b], or lines that begin with `- `"
        )
        return ()

    def words(self, key: str, *, may_be_empty: bool = False) -> tuple[Text, ...]:
        """Return one word, or a list of them, none twice."""
        unique: dict[str, Text] = {}
        for text in self.steps(key, may_be_empty=may_be_empty):
            if text.text in unique:
                self.faults.refuse(text.place, f"`{text.text}` stands here twice", "keep one")
            unique.setdefault(text.text, text)
        return tuple(unique.values())

    def steps(self, key: str, *, may_be_empty: bool = False) -> tuple[Text, ...]:
        """Return one word, or a list of them, in which a word may come again."""
        found = self.node(key)
        if isinstance(found, Map):
            self.faults.refuse(found.place, f"`{key}` is a mapping", "write one word, or a list such as [a, b]")
            return ()
        if isinstance(found, List) and not found.items and not may_be_empty:
            self.faults.refuse(found.place, f"`{key}` is an empty list", "name at least one, or leave the key out")
        nodes = found.items if isinstance(found, List) else (found,) if found else ()
        texts = (as_text(each, f"an entry of `{key}`", self.faults) for each in nodes)
        return tuple(each for each in texts if each is not None)

    def close(self) -> None:
        """Fault the keys that nobody asked for, and those that are missing."""
        meant = [self.unknown(key) for key in self.entries if key not in self.known]
        self.missing(meant)

    def unknown(self, key: str) -> str | None:
        """Fault a key, and return the one that was perhaps meant."""
        near = nearest(key, [each for each in self.known if each not in self.entries])
        remedy = f"did you mean `{near}`?" if near else f"the keys here are {listed(dict.fromkeys(self.known))}"
        self.faults.refuse(self.place_of(key), f"unknown key `{key}`", remedy)
        return near

    def missing(self, meant: Iterable[str | None] = ()) -> None:
        for key, remedy in self.needed.items():
            if key not in self.entries and key not in meant:
                self.faults.refuse(self.place, f"`{key}` is missing", remedy)


def shape(node: Node) -> str:
    match node:
        case Text():
            return "a text"
        case List():
            return "a list"
        case Map():
            return "a mapping"


def as_text(node: Node | None, what: str, faults: Faults) -> Text | None:
    if node is None or isinstance(node, Text):
        return node
    remedy = "a text that begins with a bracket needs quotes" if isinstance(node, Map) else "write one value"
    faults.refuse(node.place, f"{what} is {shape(node)}", remedy)
    return None


def as_length(found: Text, faults: Faults, *, least: int = 1, below: bool = False) -> int | None:
    text = found.text.strip()
    try:
        length = -parse_length(text[1:]) if below and text.startswith("-") else parse_length(text)
    except ValueError as wrong:
        faults.refuse(found.place, str(wrong), LENGTH_REMEDY)
        return None
    if abs(length) > LONGEST:
        faults.refuse(found.place, f"'{text}' is longer than a year", "write at most 366d")
    elif length < least and not below:
        faults.refuse(found.place, f"'{text}' is no time at all", "write at least 1s")
    return length


def one_of(found: Text, words: Iterable[str], what: str, faults: Faults) -> str | None:
    known = list(words)
    if found.text in known:
        return found.text
    faults.refuse(
        found.place, f"'{found.text}' is not {what}", did_you_mean(found.text, known, otherwise=f"write {listed(known)}")
    )
    return None
