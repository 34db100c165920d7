"""A word that nobody knows in; the known word that was perhaps meant out."""

from collections.abc import Iterable
from difflib import get_close_matches

SHOWN = 12


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str) -> str:
    """Return the remedy for an unknown word: the nearest known one as a question, else `otherwise`."""
    near = get_close_matches(word.lower(), {each.lower(): each for each in known}, n=1)
    meant = {each.lower(): each for each in known}
    return f"did you mean `{meant[near[0]]}`?" if near else otherwise


def listed(words: Iterable[str]) -> str:
    """Return words as a message lists them; a long list ends with how many more there are."""
    quoted = [f"`{word}`" for word in words]
    more = [f"{len(quoted) - SHOWN} more"] if len(quoted) > SHOWN else []
    shown = quoted[:SHOWN] + more
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
