"""What every part of a mapping knows: its error, and times of their own types."""

from typing import Any


class MappingError(Exception):
    """A value of a foreign record cannot be taken as what its mapping wants."""


class Instant(int):
    """Whole microseconds since 1970 UTC; its own type, so that numbers of a record are never taken for times."""


class Length(int):
    """Whole microseconds."""


def refused(value: Any, wanted: str) -> MappingError:
    """Return the error of a value that is not what is wanted, to be raised."""
    return MappingError(f"{shown(value)} is not {wanted}")


def shown(value: Any) -> str:
    """Return a value in as few characters as tell it."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
