"""Bytes that are taken for harmless are just those in which nobody needs to look for more."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decode.limits import DEEPEST, LARGEST, are_harmless, check_bytes, is_harmless
from streams.decode.refused import Refused


def nested(opens: bytes, closes: bytes, depth: int) -> bytes:
    return opens * depth + b"1" + closes * depth


def passes(raw: bytes) -> bool:
    try:
        check_bytes(raw)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("depth", [1, DEEPEST - 1, DEEPEST, DEEPEST + 1, 3 * DEEPEST])
@pytest.mark.parametrize(("opens", "closes"), [(b"[", b"]"), (b'{"":', b"}"), (b'{"a":[', b"]}")])
def test_nothing_nested_too_deep_is_harmless(opens: bytes, closes: bytes, depth: int) -> None:
    raw = nested(opens, closes, depth)

    assert is_harmless(raw) is passes(raw)


@pytest.mark.parametrize("text", ["\\u0085", "\x7f", "\x85", "\x9f", "§", "\\"])
def test_a_text_that_may_hold_a_control_character_is_not_harmless(text: str) -> None:
    assert not is_harmless(f'"{text}"'.encode())


@pytest.mark.parametrize("text", ["é", "\u2028", "中", "🛵"])
def test_a_text_in_any_language_is_harmless(text: str) -> None:
    assert is_harmless(f'"{text}"'.encode())


@given(st.text().map(str.encode) | st.binary() | st.text(alphabet='{["a\\\x7f\x80\x9f\xa0é').map(str.encode))
def test_what_is_harmless_is_utf8_without_control_characters_that_json_allows(raw: bytes) -> None:
    if is_harmless(raw):
        assert passes(raw)
        assert not re.search("[\x7f-\x9f]", raw.decode())


@given(
    st.lists(st.text(alphabet='{["a\\\x7f\x80é', max_size=9).map(str.encode) | st.sampled_from([b"\xc3", b"\xa9"])),
    st.sampled_from([b"", b"{" * 300, b"1" * LARGEST]),
)
def test_records_are_harmless_together_only_where_each_is(raws: list[bytes], other: bytes) -> None:
    if are_harmless([*raws, other]):
        assert all(map(is_harmless, [*raws, other]))


def test_plain_records_are_harmless_together() -> None:
    assert are_harmless([b'{"a":{"b":1}}', '{"a":"Malmö"}'.encode()] * 50)


def test_a_record_may_be_harmless_up_to_its_largest_size() -> None:
    assert is_harmless(b"1" * LARGEST)
    assert not is_harmless(b"1" * (LARGEST + 1))
