"""Every scalar is the text that was written, with its place; what YAML adds to that is refused."""

# ruff: noqa: E501
import contextlib

import pytest

from rules.errors import Faulty
from rules.model import Place
from rules.yaml import LARGEST, List, Map, Text, read_yaml


def read(text: str) -> Map:
    node = read_yaml(text, "a.yaml")
    assert isinstance(node, Map)
    return node


def text_of(node: Map, key: str) -> Text:
    found = next(value for written, value in node.items if written.text == key)
    assert isinstance(found, Text)
    return found


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(Faulty) as caught:
        read_yaml(text, "a.yaml")
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("written", ["22:00", "NO", "on", "0700", "1_000", "2026-03-02", "null", "1e3", "0x10", ".inf"])
def test_nothing_is_turned_into_something_else(written: str) -> None:
    assert text_of(read(f"a: {written}"), "a").text == written


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert read("") == Map((), Place("a.yaml", 1, 1))


def test_lines_of_a_block_stand_where_they_were_written() -> None:
    written = text_of(read("a:\n  b: 1\nwhen: |\n\n    x\n      y\nz: 1\n"), "when").written

    assert written.text == "\nx\n  y\n"
    assert [str(written.place_at(written.text.index(letter))) for letter in "xy"] == ["a.yaml:5:5", "a.yaml:6:7"]


def test_a_block_may_say_its_indentation() -> None:
    written = text_of(read("when: |2\n    x\n"), "when").written

    assert written.text == "  x\n"
    assert str(written.place_at(2)) == "a.yaml:2:5"


def test_a_folded_block_begins_at_its_first_word() -> None:
    assert str(text_of(read("when: >-\n\n   x\n   y\n"), "when").place) == "a.yaml:3:4"


def test_columns_count_characters_behind_letters_of_any_alphabet() -> None:
    assert str(text_of(read("größe: {b: 1, c: 'ü'}\nd: e"), "d").place) == "a.yaml:2:4"


def test_windows_line_ends_are_line_ends() -> None:
    written = text_of(read("when: |\r\n  x\r\n  y\r\nz: 1\r\n"), "when").written

    assert str(written.place_at(written.text.index("y"))) == "a.yaml:3:3"


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    node = read_yaml("\ufeffa: 1".encode(), "a.yaml")

    assert isinstance(node, Map) and node.items[0][0].text == "a"


def test_everything_refused_is_found_in_one_run() -> None:
    assert faults("a: &x 1\nb: *x\na: 2\n<<: {c: 1}\nd: !!int 3\n? [e]\n: 4\n") == [
        "a.yaml:1:4  the anchor `&x` is not read — write the text out, or put it in quotes",
        "a.yaml:2:4  the alias `*x` is not read — write the text out, or put it in quotes",
        "a.yaml:5:4  YAML does not read this as one text, because a leading `!` is a tag — put the text in quotes, or on its own line after `|`",
        "a.yaml:3:1  `a` stands here twice — keep one",
        "a.yaml:4:1  merge keys are not read — write the keys out",
        "a.yaml:6:3  a key must be one word — put a text that begins with a bracket in quotes",
    ]


def test_a_file_that_is_not_utf_8_says_where() -> None:
    assert faults(b"a: \xff") == ["a.yaml:1:1  byte 3 is not UTF-8 — save the file as UTF-8"]


def test_a_control_character_is_refused_at_its_place() -> None:
    assert faults("a: b\nc: \x07") == ["a.yaml:2:4  this character may not stand in YAML — take it out"]


def test_a_large_file_is_refused() -> None:
    assert faults("a: " + "x" * LARGEST) == ["a.yaml:1:1  the file is larger than 256 KiB — split it"]


def test_a_deep_file_is_refused_quickly() -> None:
    assert faults("[" * 100_000) == ["a.yaml:1:25  this is nested more than 24 deep — write it flatter"]


def test_a_doubled_alias_cannot_grow() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{after}: &{after} [*{before}, *{before}]\n" for before, after in zip("abcdef", "bcdefg", strict=True)
    )

    assert len(faults(bomb)) == 19


def test_lists_and_mappings_know_where_they_begin() -> None:
    (_, items), (_, flow) = read("a:\n  - 1\nb: {c: 1}\n").items

    assert isinstance(items, List) and str(items.place) == "a.yaml:2:3"
    assert isinstance(flow, Map) and str(flow.place) == "a.yaml:3:4"


@pytest.mark.parametrize(
    "text", ["a: {b: 1, c", "a: [x,", "a:", "? a", "a: {b:", "{a\r", "a: 'b\u2028c'\nd", "a: \x85b\u2029c: ["]
)
def test_a_file_that_ends_anywhere_has_a_place_and_no_traceback(text: str) -> None:
    with contextlib.suppress(Faulty):
        read_yaml(text, "rules/x.yaml")


@pytest.mark.parametrize("sign", ["\r", "\r\n", "\x85", "\u2028"])
def test_every_line_break_of_yaml_counts_as_one(sign: str) -> None:
    tree = read(f"a: 1{sign}b: |\n  two")

    assert [str(value.place) for _, value in tree.items] == ["a.yaml:1:4", "a.yaml:3:3"]
