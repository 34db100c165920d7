"""What every contestant written in Python does: take a stream from an empty state, then say what it found."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeAlias

Found: TypeAlias = set[tuple[str, str]]  # (rule, key)


class Contestant(Protocol):
    def take(self, lines: Sequence[bytes]) -> None:
        """Take a whole stream and judge what is due at its end: this is what is measured."""

    def found(self) -> Found:
        """Return what was found; this is not measured."""

    def elsewhere_ns(self) -> int:
        """Return the nanoseconds of CPU that other processes took for it so far."""
        return 0


Make: TypeAlias = Callable[[Path], Contestant]  # from a folder that it may write to
