"""As much of JSON Schema as ours uses: a value and a schema in, what is wrong with the value out; other words raise KeyError."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "null": lambda value: value is None,
}
SILENT = ("$schema", "$defs", "title", "description", "if", "then", "else", "propertyNames", "additionalProperties")


def wrong(value: Any, schema: Any, root: Any, path: str = "") -> Iterator[str]:
    """Yield each place at which a value breaks a schema, with the word of the schema."""
    for word, says in schema.items():
        if word not in SILENT and not RULES[word](value, says, root, path):
            yield f"{path}: {word}"
    yield from _branch(value, schema, root, path)
    if "$ref" in schema:
        yield from wrong(value, _found(schema["$ref"], root), root, path)
    if isinstance(value, dict):
        yield from _in_object(value, schema, root, path)
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from wrong(each, schema.get("items", {}), root, f"{path}/{number}")
    for part in schema.get("allOf", ()):
        yield from wrong(value, part, root, path)


def _branch(value: Any, schema: Any, root: Any, path: str) -> Iterator[str]:
    if "if" in schema:
        yield from wrong(value, schema.get("then" if fits(value, schema["if"], root) else "else", {}), root, path)


def _in_object(value: Any, schema: Any, root: Any, path: str) -> Iterator[str]:
    known = schema.get("properties", {})
    for key, each in value.items():
        yield from wrong(key, schema.get("propertyNames", {}), root, f"{path}/{key}")
        other = schema.get("additionalProperties", {})
        if key in known or other is not False:
            yield from wrong(each, known.get(key, other), root, f"{path}/{key}")
        else:
            yield f"{path}/{key}: unknown"


def fits(value: Any, schema: Any, root: Any) -> bool:
    return not any(wrong(value, schema, root))


def _found(reference: str, root: Any) -> Any:
    for name in reference.removeprefix("#/").split("/"):
        root = root[name]
    return root


def _depends(value: Any, says: Any, root: Any, path: str) -> bool:
    return not isinstance(value, dict) or all(need in value for key, needs in says.items() if key in value for need in needs)


RULES: Mapping[str, Callable[[Any, Any, Any, str], bool]] = {
    "$ref": lambda value, says, root, path: True,
    "properties": lambda value, says, root, path: True,
    "items": lambda value, says, root, path: True,
    "allOf": lambda value, says, root, path: True,
    "type": lambda value, says, root, path: any(TYPES[each](value) for each in ([says] if isinstance(says, str) else says)),
    "enum": lambda value, says, root, path: value in says,
    "const": lambda value, says, root, path: value == says,
    "pattern": lambda value, says, root, path: not isinstance(value, str) or re.search(says, value) is not None,
    "minLength": lambda value, says, root, path: not isinstance(value, str) or len(value) >= says,
    "minItems": lambda value, says, root, path: not isinstance(value, list) or len(value) >= says,
    "maxItems": lambda value, says, root, path: not isinstance(value, list) or len(value) <= says,
    "minProperties": lambda value, says, root, path: not isinstance(value, dict) or len(value) >= says,
    "maxProperties": lambda value, says, root, path: not isinstance(value, dict) or len(value) <= says,
    "required": lambda value, says, root, path: not isinstance(value, dict) or set(says) <= set(value),
    "dependentRequired": _depends,
    "anyOf": lambda value, says, root, path: any(fits(value, each, root) for each in says),
    "oneOf": lambda value, says, root, path: sum(fits(value, each, root) for each in says) == 1,
}
