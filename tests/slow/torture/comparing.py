"""What two stores hold of problems, notices and dead letters in; the lines in which they differ out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from storage.store import Store

SEEN = {"problems": {"found_at"}, "notices": {"found_at", "sent_at"}}
"""When we looked: the only fields in which equal runs may differ."""
SHOWN = 20

Line = tuple[tuple[str, Any], ...]


def differences(table: str, expected: Store, found: Store) -> list[str]:
    """Return what is missing and what is too much, in the words of the export, the first of each; empty where all is the same."""
    wanted, got = (_lines(table, store.export(table)) for store in (expected, found))
    missing, too_much = wanted - got, got - wanted
    told = [f"{table}: of {wanted.total()} lines {missing.total()} are missing, and {too_much.total()} are too much"]
    return [*told, *_shown("missing", missing), *_shown("too much", too_much)] if missing or too_much else []


def _lines(table: str, lines: Iterable[Mapping[str, Any]]) -> Counter[Line]:
    return Counter(tuple((name, value) for name, value in line.items() if name not in SEEN[table]) for line in lines)


def _shown(what: str, lines: Counter[Line]) -> Iterator[str]:
    for line in islice(sorted(lines, key=str), SHOWN):
        yield f"{what}: {dict(line)}"
