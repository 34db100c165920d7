"""The shipped event types, and those that a project describes itself."""

# ruff: noqa: E501
from pathlib import Path

import pytest

from contracts.values import FieldType
from rules.catalogue import Catalogue, EventType
from rules.domains.customers import CustomerUpdated
from rules.errors import Faulty
from rules.loader import load_events
from rules.shipped import EVENTS, shipped_catalogue

TRACES = Path(__file__).parent.parent / "semantics" / "events.yaml"


def read(tmp_path: Path, text: str) -> Catalogue:
    path = tmp_path / "events.yaml"
    path.write_text(text)
    return load_events(path, shipped_catalogue())


def faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(Faulty) as caught:
        read(tmp_path, text)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("event_type", shipped_catalogue().types.values(), ids=lambda each: each.name)
def test_every_shipped_type_is_whole(event_type: EventType) -> None:
    assert event_type.description and event_type.label in event_type.fields
    assert 1 <= len(event_type.cases) <= 4
    assert all(event_type.fields[field].type is FieldType.TEXT for _, field in event_type.cases)
    assert all(each.description for name, each in event_type.fields.items() if name != "customer_id")
    assert all(each.example for each in event_type.fields.values() if not each.optional)


def test_no_type_is_shipped_twice() -> None:
    assert len(shipped_catalogue().types) == len(EVENTS)


def test_the_types_of_the_traces_are_shipped_with_their_fields_and_cases() -> None:
    traces = load_events(TRACES, Catalogue(()))

    for name, of_traces in traces.types.items():
        shipped = shipped_catalogue()[name]
        assert set(of_traces.cases) <= set(shipped.cases) and of_traces.cases[0] == shipped.cases[0]
        assert {(key, each.type, each.optional, each.example) for key, each in of_traces.fields.items()} <= {
            (key, each.type, each.optional, each.example) for key, each in shipped.fields.items()
        }


def test_a_profile_may_list_its_channels() -> None:
    profile = CustomerUpdated.model_validate({"customer_id": "C1", "channels": ["push", "email"]})

    assert profile.channels == "push, email"


def test_a_type_of_the_project_is_added_and_one_of_the_same_name_replaces_the_shipped(tmp_path: Path) -> None:
    catalogue = read(
        tmp_path,
        """\
types:
  meter.read:
    description: A meter was read
    cases: {meter: meter_id}
    label: meter_id
    fields: {meter_id: {type: text, example: M1}, value: {type: decimal, example: 7, description: what it showed}, at_home?: bool}
  order.placed: {cases: {order: order_id}, fields: {order_id: text}}
""",
    )

    assert catalogue["meter.read"].fields["at_home"].optional
    assert catalogue["meter.read"].fields["value"].example == "7"
    assert catalogue["order.placed"].cases == (("order", "order_id"),)
    assert "meter" in catalogue.kinds and "parcel" in catalogue.kinds


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("typs: {}", ["1:1  unknown key `typs` — did you mean `types`?"]),
        ("[a]", ["1:1  the file is a list — write `types:`, and below it the event types with their cases and fields"]),
        ("types: {order: {cases: {o: i}, fields: {i: text}}}", ["1:9  `order` is not a name for an event type — write what it happened to and what happened, such as order.placed"]),
        ("types: {a.b: {cases: {o: i}, fields: {i: tekst}}}", ["1:42  'tekst' is not a type of field — did you mean `text`?"]),
        ("types: {a.b: {cases: {o: j}, fields: {i: text}}}", ["1:26  there is no field `j` — describe it below `fields`"]),
        ("types: {a.b: {cases: {o: i}, fields: {i: integer}}}", ["1:26  `i` is not a text, so it holds no id — give the field the type text"]),
        ("types: {a.b: {fields: {i: text}}}", ["1:14  `cases` is missing — write kind and field, such as {order: order_id}; the first is the subject's"]),
        ("types: {a.b: {cases: {o: i}, fields: {i: text, i?: text}}}", ["1:48  `i` stands here with and without `?` — keep one"]),
        ("types: {a.b: {cases: {o: i}, label: k, fields: {i: text}}}", ["1:37  there is no field `k` — describe it below `fields`"]),
        ("types: {a.b: {cases: {o: i}, fields: {i: text, d: {type: date, example: soon}}}}", ["1:73  'soon' is not a date — write a day such as 2026-03-05, or +3d from the event's own time"]),
        ("types: {a.b: {cases: {o: i, p: i, q: i, r: i, s: i}, fields: {i: text}}}", ["1:22  an event concerns 1 to 4 cases, not 5 — name those that a rule may watch"]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_type_is_told_with_its_place(tmp_path: Path, written: str, expected: list[str]) -> None:
    assert faults(tmp_path, written) == [f"events.yaml:{each}" for each in expected]
