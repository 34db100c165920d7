"""A time as events write it in, its microseconds since 1970 out; its pieces come again and again, so each is read once."""

from collections.abc import Callable

from contracts.times import DAY, parse_instant

EARLIEST = parse_instant("0002-01-01T00:00:00Z")
LATEST = parse_instant("9999-01-01T00:00:00Z")
MOST_PIECES = 8192
MICROSECONDS = (1_000_000, 100_000, 10_000, 1_000, 100, 10, 1)
LONGEST_PIECE = len(":00.123456789+01:00")


class Pieces(dict[str, int]):
    """What pieces of times come to, in microseconds; as many as it may hold, and none that is long. read: raises ValueError."""

    def __init__(self, read: Callable[[str], int]) -> None:
        self._read = read

    def __missing__(self, piece: str) -> int:
        value = self._read(piece)
        if len(self) >= MOST_PIECES:
            self.clear()
        if len(piece) <= LONGEST_PIECE:
            self[piece] = value
        return value


def _begin_of_day(text: str) -> int:
    """Return when such a day as 2026-03-02 begins in UTC, if it is so far from the ends of time that no zone matters."""
    begin = parse_instant(f"{text}T00:00:00Z")
    if not EARLIEST + DAY <= begin < LATEST - 2 * DAY:
        raise ValueError(f"'{text}' is too near to the ends of time")
    return begin


DAYS = Pieces(_begin_of_day)
MINUTES = Pieces(lambda text: parse_instant(f"1970-01-01{text}:00Z"))
SECONDS = Pieces(lambda text: parse_instant(f"1970-01-01T00:00{text}Z"))
ENDS = Pieces(lambda text: parse_instant(f"1970-01-01T00:00:00{text}"))
SECONDS_AND_ENDS = Pieces(lambda text: SECONDS[text[:3]] + ENDS[text[3:]])


def instant_of(text: str) -> int:
    """Return the microseconds since 1970 of an RFC 3339 text with a zone, of the years 2 to 9998. Raises ValueError."""
    try:
        begun = DAYS[text[:10]] + MINUTES[text[10:16]]
        decimals = text[20:-1]
        if decimals and text[19] == "." and text[-1] == "Z" and _are_digits(decimals):
            return begun + SECONDS[text[16:19]] + int(decimals) * MICROSECONDS[len(decimals)]
        return begun + SECONDS_AND_ENDS[text[16:]]
    except ValueError:
        return _as_a_whole(text)


def _are_digits(decimals: str) -> bool:
    """Whether these are up to six digits; they seldom come again, so they are not kept."""
    return len(decimals) < len(MICROSECONDS) and decimals.isdecimal() and decimals.isascii()


def _as_a_whole(text: str) -> int:
    instant = parse_instant(text)
    if not EARLIEST <= instant < LATEST:
        raise ValueError(f"'{text}' is not in the years 2 to 9998")
    return instant
