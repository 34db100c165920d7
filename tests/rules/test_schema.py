"""The schema for editors: every key that the reading knows is in it, and it takes and refuses what the reading does."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.errors import Faulty
from rules.loader import library, load_choices, load_events, read_rule
from rules.reading.part import Part
from rules.schema import keys, schema_of
from rules.shipped import shipped_catalogue
from tests.rules.json_schema import wrong

SEMANTICS = Path(__file__).parent.parent / "semantics"
TRACES = [path for path in sorted(SEMANTICS.glob("*.yaml")) if path.name not in ("events.yaml", "choices.yaml")]
WHOLE = """\
rule: late
title: Late
watch: parcel
from: shipment.created
until: {solved: delivery.delivered}
facts: {promised: delivery.promised.promised_day}
detect:
  a: {expect: delivery.delivered, by: promised, says: is late}
  b: {silence: delivery.scanned, longer_than: 36h, says: may be late}
  c: {when: has(promised), says: may be late}
  d: {sequence: [delivery.scanned, delivery.attempted], within: 6h, says: may be late}
tell: {hand_over: {to: desk}}
message:
  what: {may be late: May be late., is late: Late.}
  effect: It takes longer.
  why: We do not know yet.
  sorry: We are sorry.
  doing: We look.
  you_need_to: nothing
  choices: []
  cleared: Well.
  solved: Here.
tests:
  - name: one
    customer: {language: en}
    given: [{at: 0h, event: shipment.created}]
    then: [{at: 1h, opened: a}]
"""


class Editor(yaml.CSafeLoader):
    """YAML as an editor reads it: by the core schema, in which neither `on` nor 22:00 is anything but a text."""


Editor.yaml_implicit_resolvers = {}
for pattern, tag, first in (
    (r"^(?:true|false)$", "bool", "tf"),
    (r"^[-+]?[0-9]+$", "int", "-+0123456789"),
    (r"^[-+]?[0-9]+\.[0-9]+$", "float", "-+0123456789"),
    (r"^(?:~|null|)$", "null", ["~", "n", ""]),
):
    Editor.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


def as_an_editor_reads(text: str) -> Any:
    return yaml.load(text, Loader=Editor)


def faults(text: str, schema: Any = None) -> list[str]:
    schema = schema or schema_of(shipped_catalogue())
    return list(wrong(as_an_editor_reads(text), schema, schema))


@pytest.mark.parametrize("path", sorted(library().glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_rule_and_translation_is_valid(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


def test_every_rule_of_the_traces_is_valid() -> None:
    catalogue = load_events(SEMANTICS / "events.yaml", shipped_catalogue())
    schema = schema_of(catalogue, load_choices(SEMANTICS / "choices.yaml"))

    found = {path.stem: faults(path.read_text(encoding="utf-8"), schema) for path in TRACES}

    assert not {name: each for name, each in found.items() if each}


def test_every_key_that_the_reading_knows_is_in_it_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    known = asked_for(monkeypatch)

    assert known["until"] == set(keys.UNTIL)
    assert known["tell"] == set(keys.TELL)
    assert known["hand_over"] == set(keys.HAND_OVER)
    assert known["message"] == set(keys.MESSAGE)
    assert known["rule"] == set(keys.RULE)
    assert known["name"] == set(keys.TEST)
    assert known["opened"] == set(keys.THEN)
    assert known["language"] == set(keys.PROFILE)
    detectors = known["expect"] | known["silence"] | known["when"] | known["sequence"]
    assert detectors == set(keys.DETECTOR)
    assert {"at", "event", "time"} == known["given"]


def asked_for(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Read one whole rule, and return the keys that were asked for in each kind of part, by a key that is in no other."""
    closed: list[Part] = []
    close = Part.close
    monkeypatch.setattr(Part, "close", lambda part: (closed.append(part), close(part))[1])
    opened: list[Part] = []
    made = Part.__init__
    monkeypatch.setattr(Part, "__init__", lambda part, *words: (made(part, *words), opened.append(part))[0])

    read_rule(WHOLE, "whole.yaml", shipped_catalogue())

    marks = {"until": "solved", "tell": "hand_over", "hand_over": "to", "message": "what"}
    names = {"rule", "name", "opened", "language", "expect", "silence", "when", "sequence"}
    marks |= {name: name for name in names}
    known = {name: set(next(part.known for part in closed if mark in part.entries)) for name, mark in marks.items()}
    return known | {"given": set(next(part.known for part in opened if "event" in part.entries))}


def misspelt() -> Iterator[str]:
    """Yield the whole rule, each time with one key of ours written wrongly."""
    own = {key for table in (keys.RULE, keys.UNTIL, keys.DETECTOR, keys.TELL, keys.HAND_OVER, keys.MESSAGE) for key in table}
    own |= {*keys.TEST, *keys.GIVEN, *keys.THEN}
    for key in sorted(own):
        before, found, after = WHOLE.partition(f"{key}:")
        if found and before[-1:] in ("", " ", "\n", "{"):
            yield f"{before}{key[0]}x{key[1:]}:{after}"


def test_what_is_misspelt_is_refused_by_both() -> None:
    changed = list(misspelt())

    assert len(changed) > 30
    for text in changed:
        assert faults(text), text
        with pytest.raises(Faulty):
            read_rule(text, "changed.yaml", shipped_catalogue())


@pytest.mark.parametrize(
    ("right", "said_wrongly"),
    [
        ("watch: parcel", "watch: parcle"),
        ("longer_than: 36h", "longer_than: 2 weeks"),
        ("longer_than: 36h", "longer_than: 36"),
        ("says: is late", "says: late"),
        ("by: promised, ", "by: promised, for: 10m, "),
        ("by: promised, ", "when: has(promised), by: promised, "),
        ("delivery.promised.promised_day", "delivery.promised.day"),
        ("event: shipment.created}", "event: shipment.made}"),
        ("event: shipment.created}", "event: shipment.created, parcel: P1}"),
        ("hand_over: {to: desk}", "urgency: soonish"),
        ("hand_over: {to: desk}", "channels: [mail]"),
        ("opened: a", "held: tired"),
    ],
)
def test_what_the_reading_refuses_is_refused(right: str, said_wrongly: str) -> None:
    assert right in WHOLE
    assert faults(WHOLE) == []
    text = WHOLE.replace(right, said_wrongly, 1)

    assert faults(text)
    with pytest.raises(Faulty):
        read_rule(text, "changed.yaml", shipped_catalogue())


def test_every_key_has_its_description() -> None:
    schema = schema_of(shipped_catalogue())

    assert all(part["description"] for part in schema["else"]["properties"].values())
    assert all(part["description"] for part in schema["$defs"]["detector"]["properties"].values())
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
