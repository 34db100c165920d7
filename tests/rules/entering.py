"""An event enters a window as a generated function lets it, and is known there by its mark."""

from struct import iter_unpack

from rules.windows import MARK, Number, Window


def add(window: Window, time: int, mark: int, value: Number | None = None) -> bool:
    """Return False when it changes nothing: it is a known repeat, too old to tell, or before what the window counts since."""
    return packed(mark) not in window.marks and not window.refuses(time) and window.enter(time, packed(mark), value)


def packed(mark: int) -> bytes:
    return mark.to_bytes(MARK, "big", signed=True)


def marks(window: Window) -> list[int]:
    """Return the marks of the entries that are still known one by one, oldest first."""
    return [mark for (mark,) in iter_unpack(">q", window.marks)]
