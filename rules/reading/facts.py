"""The `facts` part: names in, each with the event type and the field it is the newest value of out."""

from collections.abc import Iterable

from contracts.values import FieldType
from rules.catalogue import Catalogue
from rules.model import FactSource, Written
from rules.reading.part import Part, as_text
from rules.reading.terms import EVENT_TYPE, Watched, may_be_named
from rules.suggest import did_you_mean, listed
from rules.yaml import Map, Text

MOST_FACTS = 32


def read_facts(part: Part | None, watched: Watched) -> tuple[FactSource, ...]:
    if part is None:
        return ()
    if len(part.entries) > MOST_FACTS:
        part.faults.refuse(
            part.place, f"a rule has at most {MOST_FACTS} facts, not {len(part.entries)}", "split it into several rules"
        )
    found = [_read(part, name, watched) for name in part.entries]
    return tuple(each for each in found if each is not None)


def _read(part: Part, name: str, watched: Watched) -> FactSource | None:
    key, node = part.entries[name]
    may_be_named(key, "fact", part.faults)
    found = as_text(node, f"`{name}`", part.faults)
    if found is None:
        return None
    event_type, _, field = found.text.rpartition(".")
    if EVENT_TYPE.fullmatch(found.text) is None or EVENT_TYPE.fullmatch(event_type) is None:
        part.faults.refuse(
            found.place, f"'{found.text}' is not a field of an event", "write event type and field, such as delivery.eta.day"
        )
        return None
    _check(found, event_type, field, watched)
    return FactSource(name, event_type, field, key.place)


def _check(found: Text, event_type: str, field: str, watched: Watched) -> None:
    catalogue = watched.terms.catalogue
    if event_type not in catalogue and found.text in catalogue:
        watched.faults.refuse(
            found.place,
            f"`{found.text}` names an event, not a field of one",
            f"add one of {listed(catalogue[found.text].fields)}",
        )
        return
    watched.type_of(Text(Written(event_type, found.written.starts), bare=True, cut=False))
    if event_type in catalogue and field not in catalogue[event_type].fields:
        fields = catalogue[event_type].fields
        remedy = did_you_mean(field, fields, otherwise=f"its fields are {listed(fields)}")
        watched.faults.refuse(found.place, f"`{event_type}` has no field `{field}`", remedy)


def fact_types(rule: Part, facts: Iterable[FactSource], catalogue: Catalogue) -> dict[str, FieldType | None]:
    """Return the type of every fact that is written, None where it is at fault."""
    _, written = rule.entries.get("facts", (None, None))
    types: dict[str, FieldType | None] = dict.fromkeys(key.text for key, _ in written.items) if isinstance(written, Map) else {}
    for fact in facts:
        if fact.event_type in catalogue and fact.field in catalogue[fact.event_type].fields:
            types[fact.name] = catalogue[fact.event_type].fields[fact.field].type
    return types
