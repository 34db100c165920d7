"""The text of a YAML file in; lists, mappings and texts out, each with its place, and no type guessed.

libyaml's base loader reads; what it gives are events, because only they show anchors, aliases and tags, all of which are refused.
A file that cannot be read is one fault, where YAML stumbled; what is doubled or refused inside is a fault each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from rules.complaints import explain, stumbled
from rules.errors import Fault, Faulty, fault
from rules.model import Place, Written

LARGEST = 256 * 1024
DEEPEST = 24
NULLS = ("", "null", "~")
LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Text:
    """bare: written without quotes and not as a block. cut: a comment follows on its line."""

    written: Written
    bare: bool
    cut: bool

    @property
    def text(self) -> str:
        return self.written.text

    @property
    def place(self) -> Place:
        return self.written.starts[0]


@dataclass(frozen=True)
class List:
    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True)
class Map:
    items: tuple[tuple[Text, "Node"], ...]
    place: Place


Node: TypeAlias = Text | List | Map


def read_yaml(source: str | bytes, file: str) -> Node:
    """Return what the one document of a file holds; an empty file is an empty mapping. Raises Faulty."""
    start = Place(file, 1, 1)
    text = _decoded(source, start) if isinstance(source, bytes) else source
    if len(text.encode(errors="replace")) > LARGEST:
        raise Faulty((fault(start, f"the file is larger than {LARGEST // 1024} KiB", "split it"),))
    tree = _Tree(file, text)
    try:
        root = tree.document(_events(text))
    except yaml.YAMLError as complaint:
        raise Faulty(_without_echo(tree.faults, explain(complaint, text, file))) from None
    if tree.faults:
        raise Faulty(tuple(tree.faults))
    return root


def _without_echo(faults: list[Fault], stopped: Fault) -> tuple[Fault, ...]:
    """Return all faults; of the line at which YAML stopped only the one that says why."""
    line = stopped.place.rpartition(":")[0]
    return (*(each for each in faults if each.place.rpartition(":")[0] != line), stopped)


def _decoded(source: bytes, start: Place) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Faulty((fault(start, f"byte {wrong.start} is not UTF-8", "save the file as UTF-8"),)) from None


def _events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=_Loader))


@dataclass
class _Tree:
    """Builds the tree from YAML's events and collects what is refused on the way."""

    file: str
    text: str
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = [*LINE_BREAK.split(self.text), ""]

    def document(self, events: Iterator[Any]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._refuse(event, "a second document begins here", "write one document in a file, without `---` between")
                    break
                root = self._node(next(events), events, depth=1)
        return root if root is not None else Map((), Place(self.file, 1, 1))

    def _node(self, event: Any, events: Iterator[Any], *, depth: int) -> Node:
        self._plain_only(event)
        if depth > DEEPEST:
            raise Faulty(
                (*self.faults, fault(self._place(event), f"this is nested more than {DEEPEST} deep", "write it flatter"))
            )
        match event:
            case yaml.MappingStartEvent():
                return self._map(event, events, depth=depth)
            case yaml.SequenceStartEvent():
                return List(tuple(self._items(events, yaml.SequenceEndEvent, depth=depth)), self._place(event))
            case yaml.ScalarEvent():
                return self._text(event)
            case _:
                return Text(Written("", (self._place(event),)), bare=True, cut=False)

    def _items(self, events: Iterator[Any], end: type, *, depth: int) -> Iterator[Node]:
        for event in events:
            if isinstance(event, end):
                return
            yield self._node(event, events, depth=depth + 1)

    def _map(self, event: Any, events: Iterator[Any], *, depth: int) -> Map:
        nodes = list(self._items(events, yaml.MappingEndEvent, depth=depth))
        entries: dict[str, tuple[Text, Node]] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Text):
                self._misread(key.place, "a key must be one word", "put a text that begins with a bracket in quotes")
            elif key.bare and key.text == "<<":
                self.faults.append(fault(key.place, "merge keys are not read", "write the keys out"))
            elif key.text in entries:
                self.faults.append(fault(key.place, f"`{key.text}` stands here twice", "keep one"))
            else:
                entries[key.text] = (key, value)
        return Map(tuple(entries.values()), self._place(event))

    def _plain_only(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"the alias `*{event.anchor}` is not read", "write the text out, or put it in quotes")
        elif event.anchor is not None:
            self._refuse(event, f"the anchor `&{event.anchor}` is not read", "write the text out, or put it in quotes")
        elif event.tag is not None:
            self._misread(
                self._place(event), f"the tag `{event.tag}` is not read", "write the text without it, or put it in quotes"
            )

    def _misread(self, place: Place, fact: str, remedy: str) -> None:
        """Fault what YAML took for something else, with the sign that misled it where that is plain."""
        self.faults.append(stumbled(self.text, place) or fault(place, fact, remedy))

    def _refuse(self, event: Any, fact: str, remedy: str) -> None:
        self.faults.append(fault(self._place(event), fact, remedy))

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _text(self, event: Any) -> Text:
        mark, line = event.start_mark, self.lines[event.start_mark.line]
        style = line[mark.column : mark.column + 1]
        bare = bool(event.implicit[0]) and style not in ("|", ">")
        if style in ("|", ">") and not bare:
            starts = self._block_starts(event, folded=style == ">")
        else:
            starts = self._line_starts(event, quoted=not bare)
        ends = self.lines[event.end_mark.line][event.end_mark.column :]
        return Text(Written(event.value, starts), bare=bare, cut=bare and ends.lstrip().startswith("#"))

    def _line_starts(self, event: Any, *, quoted: bool) -> tuple[Place, ...]:
        """Return the place of the text's first line, and of those that follow an empty line in the file."""
        mark = event.start_mark
        starts = [Place(self.file, mark.line + 1, mark.column + 1 + quoted)]
        for number in range(mark.line + 1, event.end_mark.line + 1):
            if not self.lines[number - 1].strip():
                starts.append(self._first_word(number))
        return tuple(starts)

    def _block_starts(self, event: Any, *, folded: bool) -> tuple[Place, ...]:
        first = event.start_mark.line + 1
        written = self.lines[first : max(event.end_mark.line, first + 1)]
        if folded:
            full = [first + number for number, line in enumerate(written) if line.strip()]
            return tuple(map(self._first_word, full[:1] or [min(first, len(self.lines) - 1)]))
        lines = event.value.split("\n")
        indent = next((len(raw.rstrip("\r")) - len(line) for raw, line in zip(written, lines, strict=False) if line), 0)
        return tuple(Place(self.file, first + number + 1, indent + 1) for number in range(len(lines)))

    def _first_word(self, number: int) -> Place:
        line = self.lines[number]
        return Place(self.file, number + 1, len(line) - len(line.lstrip()) + 1)
