"""The `tests` part: what is given and what then happens, as written; the rule tests run it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from contracts.times import find_zone, parse_instant
from rules.model import Happening, Place, RuleTest, Written
from rules.reading.lines import Sayable, read_line
from rules.reading.part import Faults, Part, as_text, shape
from rules.reading.terms import Terms
from rules.reading.values import check_value
from rules.suggest import did_you_mean
from rules.yaml import NULLS, List, Map, Node, Text

MONDAY = parse_instant("2026-03-02T09:00:00Z")
IDENTITY = ("id", "source")
LISTS = ("channels", "objects_to", "agrees_to")
PROFILE = ("name", "language", "zone", "email", "phone", "quiet_from", "quiet_until", "customer_id")


@dataclass(frozen=True)
class Examples:
    """Reads the tests of one rule. sayable: what their `then` may name."""

    terms: Terms
    sayable: Sayable
    faults: Faults

    def read(self, nodes: tuple[Node, ...]) -> tuple[RuleTest, ...]:
        tests = tuple(self._test(Part(node, self.faults)) for node in nodes if self._is_map(node, "a test"))
        for again in (each for number, each in enumerate(tests) if each.name in {other.name for other in tests[:number]}):
            self.faults.refuse(again.place, f"two tests are named '{again.name}'", "name each for what it shows")
        return tests

    def _is_map(self, node: Node, what: str) -> TypeGuard[Map]:
        if not isinstance(node, Map):
            self.faults.refuse(
                node.place, f"{what} is {shape(node)}", "write keys with values, such as {at: 0h, event: order.placed}"
            )
        return isinstance(node, Map)

    def _test(self, part: Part) -> RuleTest:
        part.need("name", "say in a sentence what the test shows")
        part.need("given", "list the events that come in")
        part.need("then", "list what happens, or write `then: []` where nothing does")
        start, others = part.scalar("start"), tuple(each.text for each in part.words("with"))
        sayable = self.sayable.beside(others)
        disorder = part.length("disorder", least=0)
        test = RuleTest(
            name=part.text("name"),
            start=self._start(start),
            zone=self._zone(part.scalar("zone")),
            customer=self._customer(part),
            with_rules=others,
            live=part.length("live", least=0),
            disorder=disorder,
            given=self._given(part.items("given"), as_file=disorder is not None),
            until=part.length("until"),
            then=tuple(
                read_line(Part(node, self.faults), sayable) for node in part.items("then") if self._is_map(node, "a line")
            ),
            place=part.place,
        )
        part.close()
        return test

    def _start(self, found: Text | None) -> int:
        try:
            return parse_instant(found.text) if found else MONDAY
        except ValueError as wrong:
            self.faults.refuse(found.place if found else Place("", 1, 1), str(wrong), "write it as 2026-03-02T09:00:00Z")
            return MONDAY

    def _zone(self, found: Text | None) -> str | None:
        if found and find_zone(found.text) is None:
            self.faults.refuse(found.place, f"there is no time zone '{found.text}'", "write a name such as Europe/Berlin")
        return found.text if found else None

    def _customer(self, test: Part) -> Mapping[str, str | tuple[str, ...]] | None:
        """Return the profile that a test gives its customer: {} for the usual one, None for one whom nobody knows."""
        node = test.node("customer")
        if isinstance(node, Text) and node.text == "unknown":
            return None
        if isinstance(node, Map):
            return self._profile(Part(node, self.faults))
        if node is not None:
            self.faults.refuse(
                node.place, "`customer` is neither a profile nor `unknown`", "write such as {zone: Asia/Tokyo, language: en}"
            )
        return {}

    def _profile(self, part: Part) -> dict[str, str | tuple[str, ...]]:
        self._zone(part.scalar("zone"))
        profile: dict[str, str | tuple[str, ...]] = {key: part.text(key) for key in PROFILE if key in part}
        profile |= {key: tuple(each.text for each in part.words(key, may_be_empty=True)) for key in LISTS if key in part}
        part.known.extend((*PROFILE, *LISTS))
        part.close()
        return profile

    def _given(self, nodes: tuple[Node, ...], *, as_file: bool) -> tuple[Happening, ...]:
        given = tuple(self._happening(Part(node, self.faults)) for node in nodes if self._is_map(node, "a line"))
        for before, line in zip(given, given[1:], strict=False):
            if line.at < before.at and not as_file:
                self.faults.refuse(
                    line.place,
                    "this line stands after a later one",
                    "order the lines by `at`, and give a late event its own `time`",
                )
        return given

    def _happening(self, part: Part) -> Happening:
        part.need("at", "write when it comes in, such as `at: 1h`")
        part.need("event", "write which event it is")
        part.missing()
        at, found = part.length("at", least=0) or 0, part.scalar("event")
        time = part.length("time", below=True)
        fields = {key: value for key, (_, value) in part.entries.items() if key not in ("at", "event", "time")}
        name = found.text if found else ""
        if found and name not in self.terms.catalogue:
            remedy = did_you_mean(
                name, self.terms.catalogue.types, otherwise="name one of the catalogue, or describe it in events.yaml"
            )
            self.faults.refuse(found.place, f"there is no event type `{name}`", remedy)
        known = found is not None and name in self.terms.catalogue
        written = self._fields(part, name, fields) if known else {}
        return Happening(at=at, time=at if time is None else time, event_type=name, fields=written, place=part.place)

    def _fields(self, part: Part, name: str, fields: Mapping[str, Node]) -> dict[str, Written]:
        event_type = self.terms.catalogue[name]
        for missing in (
            key for key, each in event_type.fields.items() if not each.optional and each.example is None and key not in fields
        ):
            self.faults.refuse(
                part.place,
                f"`{name}` needs `{missing}`, which has no example",
                f"write `{missing}` here, or an example in events.yaml",
            )
        written = {key: self._field(part, name, key, node) for key, node in fields.items()}
        return {key: value for key, value in written.items() if value is not None}

    def _field(self, part: Part, name: str, key: str, node: Node) -> Written | None:
        known = self.terms.catalogue[name].fields
        if key not in known and key not in IDENTITY:
            remedy = did_you_mean(key, [*known, "at", "time", "event"], otherwise="write one of its fields")
            self.faults.refuse(part.place_of(key), f"`{name}` has no field `{key}`", remedy)
            return None
        if isinstance(node, List) and key in LISTS:
            return Written(", ".join(each.text for each in node.items if isinstance(each, Text)), (node.place,))
        found = as_text(node, f"`{key}`", self.faults)
        if found is None or key not in known:
            return found.written if found else None
        null = found.bare and found.text in NULLS
        if null and not known[key].optional:
            self.faults.refuse(found.place, f"`{key}` of `{name}` must have a value", "write one, or leave the key out")
        elif not null:
            check_value(found, known[key].type, self.terms.zone, self.faults, shifts=True)
        if key == self.terms.catalogue[name].zone_field and not null:
            self._zone(found)
        return Written(found.text, found.written.starts, null=null)
