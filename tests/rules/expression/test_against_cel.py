"""The C++ implementation of CEL agrees with what random expressions answer, unknowns included."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from cel_expr_python import cel

from contracts.times import EPOCH, from_datetime
from contracts.values import FieldType, Money
from rules.expression import ExpressionError
from tests.rules.expression.random_trees import Author, known_values
from tests.rules.expression.scene import FACTS, condition, formula

TYPES = {
    FieldType.INTEGER: cel.Type.INT,
    FieldType.DECIMAL: cel.Type.DOUBLE,
    FieldType.TEXT: cel.Type.STRING,
    FieldType.BOOL: cel.Type.BOOL,
    FieldType.INSTANT: cel.Type.TIMESTAMP,
    FieldType.DURATION: cel.Type.DURATION,
}
PARTS = {
    **{f"{name}_day": cel.Type.STRING for name, kind in FACTS.items() if kind is FieldType.DATE},
    **{f"{name}_ends": cel.Type.TIMESTAMP for name, kind in FACTS.items() if kind is FieldType.DATE},
    **{f"{name}_amount": cel.Type.DOUBLE for name, kind in FACTS.items() if kind is FieldType.MONEY},
}
ENVIRONMENT = cel.NewEnv(
    variables={
        **{name: TYPES[kind] for name, kind in FACTS.items() if kind in TYPES},
        **PARTS,
        "facts": cel.Type.Map(cel.Type.STRING, cel.Type.BOOL),
    }
)
KINDS = (
    FieldType.BOOL,
    FieldType.BOOL,
    FieldType.INTEGER,
    FieldType.DECIMAL,
    FieldType.TEXT,
    FieldType.INSTANT,
    FieldType.DURATION,
)


@pytest.mark.parametrize("first", range(0, 6000, 500))
def test_cel_answers_what_we_answer(first: int) -> None:
    answered = unknown = 0
    for seed in range(first, first + 500):
        random = Random(seed)
        kind, known = random.choice(KINDS), known_values(random)
        text = Author(random).write(kind, random.choice((1, 2, 3, 4)))

        ours = ask(text, kind, known)
        theirs = oracle(ours[1], known)

        assert same(ours[0], theirs), f"seed {seed}: {text} as {ours[1]} with {known}: ours {ours[0]!r}, theirs {theirs!r}"
        answered, unknown = answered + (theirs is not None), unknown + (theirs is None)
    assert answered > 100
    assert unknown > 50


def ask(text: str, kind: FieldType, known: dict[str, Any]) -> tuple[Any, str]:
    values = {**known, **({"price": Money(Decimal(str(known["price"])), "EUR")} if "price" in known else {})}
    try:
        asked = condition(text) if kind is FieldType.BOOL else formula(text)
    except ExpressionError as error:
        raise AssertionError(f"{text}: {error}") from error
    if kind is FieldType.BOOL:
        assert asked.holds(**values) is (asked.truth(**values) is True)
        return asked.truth(**values), asked.compiled.cel
    return asked.value(**values), asked.compiled.cel


def oracle(text: str, known: dict[str, Any]) -> Any:
    """Return CEL's answer in our terms; its errors are unknown.

    The binding takes no times inside maps, so that the parts of dates and money stand as variables here.
    """
    flat = re.sub(r"\b(\w+)\.(day|ends|amount)\b", r"\1_\2", text)
    data = {part: value for name, fact in known.items() for part, value in as_cel(name, fact).items()}
    answer = ENVIRONMENT.compile(flat).eval(data={**data, "facts": dict.fromkeys(known, True)})
    return None if answer.type() == cel.Type.ERROR else from_cel(answer.value())


def as_cel(name: str, value: Any) -> dict[str, Any]:
    match FACTS[name]:
        case FieldType.INSTANT:
            return {name: instant(value)}
        case FieldType.DURATION:
            return {name: timedelta(microseconds=value)}
        case FieldType.DATE:
            return {f"{name}_day": value.day, f"{name}_ends": instant(value.ends)}
        case FieldType.MONEY:
            return {f"{name}_amount": value}
        case _:
            return {name: value}


def instant(value: int) -> datetime:
    return EPOCH + timedelta(microseconds=value)


def from_cel(value: Any) -> Any:
    if isinstance(value, datetime):
        return from_datetime(value if value.tzinfo else value.replace(tzinfo=UTC))
    return value // timedelta(microseconds=1) if isinstance(value, timedelta) else value


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and (one == other or (one != one and other != other))
