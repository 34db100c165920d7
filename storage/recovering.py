"""Whether a store was put back from a copy, by the log of what was told since; and what it lacks put back."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct

from storage.putting_back import PutsBack
from storage.questions import Questions
from storage.sql_store import SqlStore
from storage.told_lines import ToldLine

AT_ONCE = 512
TRIES = "SELECT message, tries FROM attempts WHERE message IN (%s)"
TOLD = "SELECT notice FROM notices WHERE notice IN (%s) AND told_at IS NOT NULL"
KEPT = "SELECT notice FROM told_before WHERE notice IN (%s)"


class Recovered(Struct, frozen=True):
    """lines: of the log that were read. put_back: notices that are told now. kept: told as soon as they are found."""

    lines: int
    put_back: int
    kept: int


def unknown(store: Questions, lines: Sequence[ToldLine]) -> list[ToldLine]:
    """Return the lines that tell of something heard of which the store knows nothing; any means that it was put back.

    A try is never forgotten while its notice is kept, whatever became of it; so a store that was not put back knows of each.
    """
    newest = {line.notice: line for line in lines}
    heard = {notice: line.hearing for notice, line in newest.items() if line.hearing is not None}
    tries = set(store.session.among(TRIES, [hearing.message for hearing in heard.values() if hearing.message is not None]))
    to_desk = [notice for notice, hearing in heard.items() if hearing.message is None]
    known = {notice for (notice,) in [*store.session.among(KEPT, list(heard)), *store.session.among(TOLD, to_desk)]}
    known |= {notice for notice, hearing in heard.items() if (hearing.message, hearing.tries) in tries}
    return [line for notice, line in newest.items() if notice in heard and notice not in known]


def recover(store: SqlStore, lines: Iterable[ToldLine]) -> Recovered:
    """Put back what the store lacks; repeated, it does nothing more. The newest line of a notice counts, in the log's order."""
    number, missing = 0, dict[str, ToldLine]()
    for some in _handfuls(lines):
        number += len(some)
        for line in some:
            missing.pop(line.notice, None)
        missing |= {line.notice: line for line in unknown(store, some)}
    back = [found for some in _handfuls(missing.values()) for found in _put_back(store, some)]
    return Recovered(number, back.count(True), back.count(False))


def _put_back(store: SqlStore, lines: Sequence[ToldLine]) -> list[bool]:
    with store.session.transaction():
        tx = PutsBack(store.session)
        return [tx.put_back(line) for line in lines]


def _handfuls(lines: Iterable[ToldLine]) -> Iterator[Sequence[ToldLine]]:
    rest = iter(lines)
    while some := list(islice(rest, AT_ONCE)):
        yield some
