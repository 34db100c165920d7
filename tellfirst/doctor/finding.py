"""What one look found."""

from msgspec import Struct


class Finding(Struct, frozen=True):
    """well: None for what is only worth knowing. remedy: empty where nothing is to be done."""

    look: str
    well: bool | None
    fact: str
    remedy: str = ""


def halves(error: Exception) -> tuple[str, str]:
    """Return the fact and the remedy of an error that tells both."""
    fact, _, remedy = str(error).partition(" — ")
    return fact, remedy
