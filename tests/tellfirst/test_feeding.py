"""What a file or a pipe holds by now is handed over at once, in order, as records without their ends."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from tellfirst.run.feeding import AT_ONCE, LONGEST, from_file, lines_of


async def listed(records: AsyncIterator[list[bytes]]) -> list[list[bytes]]:
    return [some async for some in records]


def piped(*chunks: bytes) -> list[list[bytes]]:
    async def read() -> list[list[bytes]]:
        reader = asyncio.StreamReader()
        handed = asyncio.ensure_future(listed(lines_of(reader)))
        for chunk in chunks:
            reader.feed_data(chunk)
            await asyncio.sleep(0)
        reader.feed_eof()
        return await handed

    return asyncio.run(read())


def test_a_file_is_handed_over_many_records_at_a_time_from_where_it_was_left(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"".join(b"%d\n" % number for number in range(AT_ONCE + 7)))

    first, second = asyncio.run(listed(from_file(file, skip=5)))

    assert (len(first), first[0]) == (AT_ONCE, b"5")
    assert second == [b"%d" % (AT_ONCE + 5), b"%d" % (AT_ONCE + 6)]


def test_lines_that_came_together_are_handed_over_together() -> None:
    assert piped(b"one\r\ntwo\n\n  \nthr", b"ee\nfour") == [[b"one", b"two"], [b"three"], [b"four"]]


def test_never_more_lines_than_a_limit_are_handed_over_at_once() -> None:
    assert [len(some) for some in piped(b"1\n" * (2 * AT_ONCE + 1))] == [AT_ONCE, AT_ONCE, 1]


def test_a_line_without_an_end_is_cut_at_its_limit() -> None:
    handed = [record for some in piped(b"x" * (LONGEST + 1), b"y\n") for record in some]

    assert [len(record) for record in handed] == [LONGEST + 1, 1]
