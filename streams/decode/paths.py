"""The text of a mapping's expression in, the function that reads it from a record out; a mere path is read the short way."""

from typing import Any

from rules.expression.mapping import compile_mapping
from rules.expression.parser import parse
from rules.expression.tree import dotted
from streams.decode.foreign import Expression


def expression_of(text: str) -> Expression:
    """Return what compile_mapping does; a value at a path, such as raw.data.items, is plain already. Raises ExpressionError."""
    read = compile_mapping(text)
    match (dotted(parse(text)) or "").split("."):
        case ["raw", name]:
            return lambda raw: raw.get(name) if isinstance(raw, dict) else None
        case ["raw", name, *names]:
            return lambda raw: _at(raw, name, names)
        case _:
            return read


def _at(raw: Any, name: str, names: list[str]) -> Any:
    value = raw.get(name) if isinstance(raw, dict) else None
    for each in names:
        value = value.get(each) if isinstance(value, dict) else None
    return value
