"""The catalogue and choices of a project in; the JSON Schema (2020-12) of its rule files out."""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.notice import NoticeClass, Reason, Urgency
from contracts.tell import REQUIRED
from rules.catalogue import Catalogue, EventType
from rules.reading.detectors import KINDS, MOST_DETECTORS, MOST_STEPS
from rules.reading.facts import MOST_FACTS
from rules.reading.lines import EVENTS
from rules.reading.rule import NEEDED
from rules.reading.tells import CHANNELS
from rules.reading.terms import LANGUAGE, RULE_NAME, WORD
from rules.schema import keys

Schema = dict[str, Any]

ADDRESS = "https://json-schema.org/draft/2020-12/schema"
LENGTH = r"^-?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?$"
LEANS_ON = {
    "by": ["expect"],
    "of": ["expect", "within"],
    "silence": ["longer_than"],
    "longer_than": ["silence"],
    "after": ["silence"],
    "for": ["when"],
    "clear": ["when"],
    "sequence": ["within"],
    "not": ["sequence"],
}


def schema_of(catalogue: Catalogue, choices: Iterable[str] | None = None) -> Schema:
    """Return the schema of a rule file; a file with nothing but `message` is one of another language. choices: None for any."""
    translation = _keys({"message": keys.RULE["message"]}, {"message": _ref("message")}, needed=["message"])
    return {
        "$schema": ADDRESS,
        "title": "A rule of tellfirst",
        "type": "object",
        "if": {"propertyNames": {"const": "message"}},
        "then": translation,
        "else": _rule(),
        "$defs": {**_words(catalogue), **_parts(choices), "given": _given(catalogue)},
    }


def _rule() -> Schema:
    own = {
        "rule": {"type": "string", "pattern": _whole(RULE_NAME.pattern)},
        "title": {"type": "string"},
        "language": {"type": "string", "pattern": _whole(LANGUAGE.pattern)},
        "owner": {"type": "string"},
        "watch": _ref("kind"),
        "from": _ref("events"),
        "once": {"type": "boolean"},
        "until": {"anyOf": [_ref("events"), _keys(keys.UNTIL, dict.fromkeys(keys.UNTIL, _ref("events")))]},
        "facts": _named(_ref("field"), most=MOST_FACTS),
        "detect": _named(_ref("detector"), least=1, most=MOST_DETECTORS),
        "tell": _ref("tell"),
        "message": _ref("message"),
        "tests": {"type": "array", "items": _ref("test")},
    }
    return _keys(keys.RULE, own, needed=NEEDED)


def _words(catalogue: Catalogue) -> Schema:
    """Return what is written in one word: event types, their fields, kinds of case, lengths, values."""
    types = list(catalogue.types.values())
    events = {"enum": [each.name for each in types]}
    return {
        "event": events,
        "events": _one_or_more({"$ref": "#/$defs/event"}),
        "field": {"enum": [f"{each.name}.{field}" for each in types for field in each.fields]},
        "kind": {"enum": list(catalogue.kinds)},
        "length": {"type": "string", "minLength": 2, "pattern": LENGTH, "description": "Such as 36h, 14d or 1d12h."},
        "expression": {"type": ["string", "number", "boolean"]},
        "value": {"type": ["string", "number", "boolean", "null"]},
        "words": _one_or_more({"type": "string"}, may_be_empty=True),
    }


def _parts(choices: Iterable[str] | None) -> Schema:
    choice = {"type": "string"} if choices is None else {"enum": list(choices)}
    return {
        "detector": _detector(),
        "tell": _tell(),
        "message": _message(choice),
        "test": _test(),
        "then": _then(),
        "profile": _profile(),
    }


def _detector() -> Schema:
    own = {
        **dict.fromkeys(("expect", "of", "silence", "after", "not"), _ref("events")),
        **dict.fromkeys(("within", "longer_than", "for", "grace"), _ref("length")),
        **dict.fromkeys(("by", "when", "clear", "where", "if"), _ref("expression")),
        "sequence": {"type": "array", "items": _ref("event"), "minItems": 2, "maxItems": MOST_STEPS},
        "says": {"type": "string", "pattern": "^(may|is)( |$)"},
    }
    return {
        **_keys(keys.DETECTOR, own, needed=["says"]),
        "oneOf": [{"required": [kind]} for kind in KINDS],
        "dependentRequired": LEANS_ON,
    }


def _tell() -> Schema:
    change = {"anyOf": [{"enum": ["always", "never"]}, _ref("length"), {"type": "string", "pattern": r"^\d{1,4}(\.\d{1,4})?%$"}]}
    hand_over = {"to": {"type": "string"}, "when_open_for": _ref("length")}
    own = {
        "urgency": {"enum": [each.value for each in Urgency]},
        "class": {"enum": [each.value for each in NoticeClass]},
        "channels": _one_or_more({"enum": list(CHANNELS)}),
        "next_update": _ref("length"),
        "hand_over": {**_keys(keys.HAND_OVER, hand_over), "minProperties": 1},
        "unless_open": _one_or_more({"type": "string"}),
        "on_clear": {"enum": ["tell", "silent"]},
        "again": {"anyOf": [{"const": "never"}, _ref("length")]},
        "worth_telling": _named(change),
        "private": {"type": "boolean"},
    }
    return _keys(keys.TELL, own)


def _message(choice: Schema) -> Schema:
    own: Schema = dict.fromkeys(keys.MESSAGE, {"type": "string"})
    own["what"] = {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}
    own["choices"] = {"type": "array", "items": choice}
    return _keys(keys.MESSAGE, own, needed=["what", *REQUIRED])


def _test() -> Schema:
    own = {
        **dict.fromkeys(("name", "start", "zone"), {"type": "string"}),
        **dict.fromkeys(("live", "disorder", "until"), _ref("length")),
        "given": {"type": "array", "items": _ref("given")},
        "then": {"type": "array", "items": _ref("then")},
        "customer": {"anyOf": [{"const": "unknown"}, _ref("profile")]},
        "with": _one_or_more({"type": "string"}),
    }
    return _keys(keys.TEST, own, needed=["name", "given", "then"])


def _given(catalogue: Catalogue) -> Schema:
    """Return what a given line may say: of each event type its own fields, and no other."""
    own = {"at": _ref("length"), "time": _ref("length"), "event": _ref("event"), "id": _ref("value"), "source": _ref("value")}
    line = _keys(keys.GIVEN, own, needed=["at", "event"])
    del line["additionalProperties"]
    return {**line, "allOf": [_fields_of(each) for each in catalogue.types.values()]}


def _fields_of(event_type: EventType) -> Schema:
    fields = {name: {"description": field.description or f"{field.type}"} for name, field in event_type.fields.items()}
    return {
        "if": {"properties": {"event": {"const": event_type.name}}, "required": ["event"]},
        "then": {"properties": fields, "propertyNames": {"enum": [*keys.GIVEN, *fields]}},
    }


def _then() -> Schema:
    own: Schema = dict.fromkeys(keys.THEN, {"type": "string"})
    own |= dict.fromkeys(("at", "found"), _ref("length"))
    own |= dict.fromkeys(("held", "withheld"), {"enum": [each.value for each in Reason]})
    return {**_keys(keys.THEN, own), "anyOf": [{"required": [word]} for word in EVENTS]}


def _profile() -> Schema:
    own: Schema = dict.fromkeys(keys.PROFILE, _ref("value"))
    own |= dict.fromkeys(("channels", "objects_to", "agrees_to"), _ref("words"))
    return _keys(keys.PROFILE, own)


def _keys(said: Mapping[str, str], own: Mapping[str, Schema], *, needed: Iterable[str] = ()) -> Schema:
    """Return the schema of a mapping with these keys and no others, each with what it says."""
    properties = {key: {"description": text, **own[key]} for key, text in said.items()}
    required = {"required": list(needed)} if needed else {}
    return {"type": "object", "properties": properties, "additionalProperties": False, **required}


def _named(value: Schema, *, least: int = 0, most: int | None = None) -> Schema:
    """Return the schema of a mapping whose keys are names that its writer gives."""
    bounds = {"minProperties": least, **({"maxProperties": most} if most else {})}
    return {"type": "object", "propertyNames": {"pattern": _whole(WORD.pattern)}, "additionalProperties": value, **bounds}


def _one_or_more(each: Schema, *, may_be_empty: bool = False) -> Schema:
    return {"anyOf": [each, {"type": "array", "items": each, "minItems": 0 if may_be_empty else 1}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"
