"""Mappings read foreign JSON: what is missing is unknown, what cannot be converted is an error that says why."""

from typing import Any

import pytest

from rules.expression import ExpressionError
from rules.expression.mapping import MappingError, compile_mapping

RAW = {
    "type": "order.placed",
    "n": 7,
    "price": 12.5,
    "text": "  Hub ",
    "flag": True,
    "a": {"b": {"c": 1}, "two words": 2, "in": 3},
    "items": [{"id": "I1"}, {"id": "I2"}],
    "nothing": None,
    "at": "2016-10-20T21:30:00-03:00",
    "local": "2016-10-20 21:30:00",
    "ends": "2016-10-21T00:00",
    "ms": 1477009800123,
    "amount": "12.50",
}
SAO_PAULO = '"America/Sao_Paulo"'


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("raw.type", "order.placed"),
        ("raw.a.b.c", 1),
        ('raw["a"]["two words"]', 2),
        ("raw.a.in", 3),
        ("raw.items[1].id", "I2"),
        ("raw.items[2].id", None),
        ("raw.missing.deeper", None),
        ("raw.type.deeper", None),
        ("raw.nothing", None),
        ("has(raw.a.b) and not has(raw.a.x)", True),
        ('raw.type == "order.placed"', True),
        ("raw.missing == 1", None),
        ("raw.missing == 1 and raw.n == 8", False),
        ("raw.missing == 1 or raw.n == 7", True),
        ("raw.n > 5 ? 'many' : 'few'", "many"),
        ("raw.missing > 5 ? 'many' : 'few'", None),
        ("raw.n / 2", 3),
        ("-raw.n % 4", -3),
        ("raw.n / 0", None),
        ("raw.n * 9223372036854775807", None),
        ("raw.n + raw.price", 19.5),
        ("raw.n / 2.0", 3.5),
        ("raw.type + '/' + text(raw.n)", "order.placed/7"),
        ("raw.n + raw.missing", None),
        ("raw.type in ['a', 'order.placed']", True),
        ("raw.type not in ['a']", True),
        ("raw.flag == 1", False),
        ("raw.n == 7.0", True),
        ("size(raw.items)", 2),
        ("raw.type.startsWith('order.')", True),
        ("'x'", "x"),
        ("36h", "1d12h"),
        ("integer('42')", 42),
        ("integer(3.0)", 3),
        ("decimal('2.5')", 2.5),
        ("decimal(2)", 2.0),
        ("bool('YES')", True),
        ("bool(0)", False),
        ("text(raw.flag)", "true"),
        ("text(raw.price)", "12.5"),
        ("lower(trim(raw.text))", "hub"),
        ("upper('a')", "A"),
        ("split('a/b/c', '/', 1)", "b"),
        ("split('a/b/c', '/', 9)", None),
        ("default(raw.missing, raw.n)", 7),
        ("default(raw.n, 1)", 7),
        ("instant(raw.at)", "2016-10-21T00:30:00Z"),
        (f"instant(raw.local, {SAO_PAULO})", "2016-10-20T23:30:00Z"),
        (f"instant(raw.at, {SAO_PAULO})", "2016-10-21T00:30:00Z"),
        ("instant(raw.at) + 36h", "2016-10-22T12:30:00Z"),
        ("instant(raw.at) - instant('2016-10-20T00:30:00Z')", "1d"),
        ("instant(raw.at) < instant('2016-10-21T00:30:01Z')", True),
        ("epoch(raw.ms, 'ms')", "2016-10-21T00:30:00.123000Z"),
        ("epoch('1477009800.5', 's')", "2016-10-21T00:30:00.500000Z"),
        ("day('2016-10-20')", "2016-10-20"),
        ("day(raw.at)", "2016-10-20"),
        ("day(raw.at, 'UTC')", "2016-10-21"),
        (f"day(raw.local, {SAO_PAULO})", "2016-10-20"),
        (f"day(instant(raw.local, {SAO_PAULO}), 'Asia/Tokyo')", "2016-10-21"),
        (f"day_before_midnight(raw.ends, {SAO_PAULO})", "2016-10-20"),
        (f"day_before_midnight('2016-10-21T00:00:00-02:00', {SAO_PAULO})", "2016-10-20"),
        (f"day_before_midnight('2016-10-16T01:00:00-02:00', {SAO_PAULO})", "2016-10-15"),
        ("length(90, 'm')", "1h30m"),
        ("length('1.5', 'h')", "1h30m"),
        ("length(2, 'd') * 2", "4d"),
        ("money(raw.amount, 'BRL')", {"amount": "12.50", "currency": "BRL"}),
        ("money(raw.price, 'EUR')", {"amount": "12.5", "currency": "EUR"}),
        ("money(raw.missing, 'EUR')", None),
        ("instant(raw.missing)", None),
    ],
)
def test_a_mapping_gives_a_plain_value(text: str, value: Any) -> None:
    found = compile_mapping(text)(RAW)

    assert found == value
    assert type(found) in (type(None), bool, int, float, str, dict)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("integer('4x')", "'4x' is not a whole number"),
        ("integer(true)", "True is not a whole number"),
        ("integer(raw.price)", "12.5 is not a whole number"),
        ("integer('99999999999999999999')", "is not a whole number"),
        ("decimal('nan')", "'nan' is not a decimal"),
        ("decimal('1e999')", "is not a decimal"),
        ("bool('perhaps')", "is not true or false"),
        ("text(raw.items)", "is not a text"),
        ("lower(raw.n)", "7 is not a text"),
        ("instant(raw.local)", "names no zone"),
        ("instant(raw.n)", "epoch"),
        ("instant('2016-13-45T00:00:00Z')", "is not an instant"),
        ("instant('0001-01-01T00:00:00+14:00')", "years 1 to 9999"),
        ("instant(raw.local, 'Mars/Olympus')", "time zone"),
        ("epoch(1e30, 's')", "years 1 to 9999"),
        ("epoch(raw.ms, 'h')", "is not a unit"),
        ("day('20161020')", "is not a day"),
        ("day('2016-02-30')", "is not a day"),
        (f"day_before_midnight(raw.local, {SAO_PAULO})", "is not a midnight in America/Sao_Paulo"),
        (f"day_before_midnight('2016-10-21T00:00:00-03:00', {SAO_PAULO})", "is not a midnight"),
        ("length(-1, 'h')", "is not a duration"),
        ("length(1, 'years')", "is not a unit"),
        ("money('12,50', 'BRL')", "is not an amount"),
        ("money(raw.flag, 'BRL')", "is not an amount"),
        ("money(raw.amount, 'reais')", "is not an amount of money"),
        ("raw.type > 3", "between a text and a number"),
        ("raw.flag and raw.n", "neither true nor false"),
        ("raw.type - 'x'", "between a text and a text"),
        ("raw.items + raw.items", "a list or an object"),
        ("-raw.type", "cannot stand before a text"),
        ("1e308 * 10", "not a number"),
        ("1h - 2h", "negative"),
        ("split('a', '', 0)", "separates nothing"),
    ],
)
def test_a_value_that_cannot_be_taken_says_why(text: str, says: str) -> None:
    read = compile_mapping(text)

    with pytest.raises(MappingError, match=says):
        read(RAW)


@pytest.mark.parametrize(
    ("text", "offset", "remedy"),
    [
        ("row.type", 0, "`raw.row`"),
        ("raw.n + intger(raw.x)", 8, "did you mean `integer`?"),
        ("money(raw.n)", 0, "converters"),
        ("raw.n.lower()", 6, "lower"),
        ("count(raw.items, 24h)", 0, "in a rule"),
        ("[1, 2]", 0, "raw.type in"),
        ("raw.n in raw.items", 9, "write it out"),
        ("raw.", 4, "expected"),
    ],
)
def test_a_mapping_with_a_fault_names_place_and_remedy(text: str, offset: int, remedy: str) -> None:
    with pytest.raises(ExpressionError, match=remedy) as raised:
        compile_mapping(text)

    assert raised.value.faults[0].offset == offset


def test_every_value_of_a_call_is_asked_though_another_is_unknown() -> None:
    with pytest.raises(MappingError, match="7 is not a text"):
        compile_mapping("money(raw.missing, upper(raw.n))")(RAW)


def test_what_a_choice_or_a_junction_does_not_need_is_not_asked() -> None:
    assert compile_mapping("raw.flag ? 1 : lower(raw.n)")(RAW) == 1
    assert compile_mapping("raw.flag or lower(raw.n) == 'x'")(RAW) is True


def test_a_constant_is_a_value_like_any_other() -> None:
    assert compile_mapping("has('x') and default('x', 'y') == 'x'")(RAW) is True
