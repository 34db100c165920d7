"""Whoever follows the tutorial or a how-to page sees what the page shows."""

from pathlib import Path

import pytest

from tests.docs.running import Block, Reader, agrees, blocks_of, commands_of

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "first-rule.md", *sorted((DOCS / "how-to").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_reader_who_does_what_a_page_says_sees_what_it_shows(page: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    try:
        for block in blocks_of(page):
            reader.read(block)
            for done in reader.done:
                assert done.fits, f"{page.name}:{done.line}  $ {done.command}\n(exit code {done.code})\n{done.said}"
    finally:
        reader.close()

    assert len(reader.done) > 3


def test_an_ellipsis_stands_for_anything_and_nothing_else_does() -> None:
    assert agrees("one\n…\nfour", "one\ntwo\nthree\nfour\n")
    assert agrees("at … it said", "at 12:00 it said")
    assert agrees("one\n…", "one\ntwo")
    assert not agrees("one\n…\nfour", "one\ntwo\nthree")
    assert not agrees("one", "one\ntwo")
    assert not agrees("a.b", "axb")


def test_a_page_that_shows_what_is_not_so_is_found(tmp_path: Path) -> None:
    reader = Reader(tmp_path)

    reader.read(Block("console", None, "$ echo one\ntwo\n$ false\n$ echo well\n", 1))

    assert [done.fits for done in reader.done] == [False, False, True]


def test_a_command_may_go_on_in_the_next_line_and_have_a_remark() -> None:
    block = Block("console", None, "$ echo a \\\n>   b   # says both\na b\n", 7)

    assert list(commands_of(block)) == [("echo a b", "a b", 8)]
