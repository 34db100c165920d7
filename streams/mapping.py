"""How foreign JSON becomes events: the YAML of a mapping in, the mapping out, or every fault in it with its place."""

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.customer import UPDATED
from rules.catalogue import Catalogue, EventType
from rules.errors import Faulty, fault
from rules.expression import ExpressionError
from rules.reading.part import Faults, Part, shape
from rules.suggest import did_you_mean
from rules.yaml import Map, read_yaml
from streams.decode.choosing import choice_of, question_of
from streams.decode.fields import CUSTOMER
from streams.decode.foreign import Entry, Expression, Mapping, expression_of

__all__ = ["Mapping", "load_mapping"]

MOST_ENTRIES = 100
ARRIVAL = "arrival"
DEAD_LETTER, IGNORE = "dead_letter", "ignore"
UNDESCRIBED = "name one of the catalogue, or describe it in events.yaml"


def load_mapping(text: str | bytes, file: str, catalogue: Catalogue) -> Mapping:
    """Return the mapping of a file's text. Raises Faulty with everything that is wrong with it."""
    root, faults = read_yaml(text, file), Faults()
    if not isinstance(root, Map):
        raise Faulty((fault(root.place, f"the mapping is {shape(root)}", "write keys with values, one on a line"),))
    mapping = _Reader(Part(root, faults), catalogue).read()
    faults.close()
    return mapping


@dataclass
class _Reader:
    part: Part
    catalogue: Catalogue

    def read(self) -> Mapping:
        part = self.part
        part.need("mapping", "give it a name, such as `mapping: shop`")
        part.need("events", "list the events that a record makes")
        customer, customer_id = self._customer()
        mapping = Mapping(
            name=part.text("mapping"),
            source=part.text("source") or None,
            ignores=part.word("else", (DEAD_LETTER, IGNORE), DEAD_LETTER) == IGNORE,
            choice=choice_of(tuple(self._entries())),
            customer=customer,
            customer_id=customer_id,
        )
        part.close()
        return mapping

    def _entries(self) -> Iterator[Entry]:
        items, faults = self.part.items("events"), self.part.faults
        if len(items) > MOST_ENTRIES:
            fact = f"{len(items)} entries are more than {MOST_ENTRIES}"
            faults.refuse(self.part.place_of("events"), fact, "make several mappings")
        for number, item in enumerate(items, start=1):
            if isinstance(item, Map):
                yield self._entry(number, Part(item, faults))
            else:
                remedy = "write its keys below it, such as `type:` and `data:`"
                faults.refuse(item.place, f"an entry of `events` is {shape(item)}", remedy)

    def _entry(self, number: int, part: Part) -> Entry:
        part.need("type", "name the event type that it makes")
        part.need("time", f"write an expression such as `time: raw.time`, or `time: {ARRIVAL}`")
        event_type, data, when = self._event_type(part), part.part("data"), compiled(part, "when")
        entry = Entry(
            number=number,
            type=event_type.name if event_type else "",
            when=when,
            asks=question_of(part.text("when")) if when else None,
            id=compiled(part, "id"),
            time=None if part.text("time") == ARRIVAL else compiled(part, "time"),
            subject=compiled(part, "subject"),
            data=data_of(data or Part(Map((), part.place), part.faults), event_type) if event_type else (),
        )
        part.close()
        return entry

    def _event_type(self, part: Part) -> EventType | None:
        found = part.scalar("type")
        if found is None:
            return None
        if found.text in self.catalogue:
            return self.catalogue[found.text]
        remedy = did_you_mean(found.text, self.catalogue.types, otherwise=UNDESCRIBED)
        part.faults.refuse(found.place, f"there is no event type `{found.text}`", remedy)
        return None

    def _customer(self) -> tuple[Entry | None, Expression | None]:
        part = self.part.part("customer")
        if part is None:
            return None, None
        if UPDATED not in self.catalogue:
            part.faults.refuse(part.place, f"there is no event type `{UPDATED}`", "describe it in events.yaml")
            return None, None
        data = data_of(part, self.catalogue[UPDATED])
        return Entry(number=0, type=UPDATED, data=data), dict(data).get(CUSTOMER)


def data_of(part: Part, event_type: EventType) -> tuple[tuple[str, Expression], ...]:
    """Return the expression of each field that is given; those that the type requires must be."""
    for name, field in event_type.fields.items():
        if not field.optional:
            part.need(name, f"`{event_type.name}` requires it; write `{name}: raw.…`")
    read = [(name, compiled(part, name)) for name in event_type.fields]
    part.close()
    return tuple((name, expression) for name, expression in read if expression is not None)


def compiled(part: Part, key: str) -> Expression | None:
    """Return the expression under the key, None where there is none or where it is at fault."""
    written = part.expression(key)
    if written is None:
        return None
    try:
        return expression_of(written.text)
    except ExpressionError as wrong:
        for each in wrong.faults:
            part.faults.refuse(written.place_at(each.offset), each.message, each.remedy)
        return None
