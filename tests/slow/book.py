"""What a provider writes down of every message that reaches it, before it says anything."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct, convert, to_builtins


class Entry(Struct, frozen=True, kw_only=True):
    """One message that came. to: the customer, by the address or the id that the message names; id: under which it came.

    took: whether it was kept, whatever was said then; fault: what is wrong with its signature or its headers.
    at, dated: when it came, and when it says that it was made, in seconds since 1970.
    """

    channel: str
    to: str
    id: str
    took: bool
    fate: str
    dated: float
    at: float
    fault: str = ""


class Book:
    """Every line is on the disk before the provider answers."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("ab", buffering=0)

    def write(self, **entry: Any) -> None:
        self._file.write(json.dumps(to_builtins(Entry(**entry, at=time.time()))).encode() + b"\n")
        os.fsync(self._file.fileno())


class Reader:
    """Reads a book while it is written. number: of the entries so far."""

    def __init__(self, file: Path) -> None:
        self._file, self._read, self._number = file, 0, 0

    @property
    def number(self) -> int:
        with self._file.open("rb") as book:
            book.seek(self._read)
            new = book.read()
        self._read += len(new)
        self._number += new.count(b"\n")
        return self._number

    def entries(self) -> Iterator[Entry]:
        with self._file.open("rb") as lines:
            for line in lines:
                yield convert(json.loads(line), Entry)
