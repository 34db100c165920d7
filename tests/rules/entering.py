"""An event enters a window as a generated function lets it."""

from rules.windows import MARK, Number, Window


def add(window: Window, time: int, mark: int, value: Number | None = None) -> bool:
    """Return False when it changes nothing: it is a known repeat, too old to tell, or before what the window counts since."""
    return packed(mark) not in window.marks and not window.refuses(time) and window.enter(time, packed(mark), value)


def packed(mark: int) -> bytes:
    return mark.to_bytes(MARK, "big", signed=True)
