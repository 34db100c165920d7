"""A word that nobody knows in; the known word that was perhaps meant out."""

from collections.abc import Iterable
from difflib import get_close_matches

SHOWN = 12


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is much like this one, if there is one; capitals do not matter."""
    words = {each.lower(): each for each in known}
    return next((words[each] for each in get_close_matches(word.lower(), words, n=1)), None)


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str) -> str:
    """Return the remedy for an unknown word: the nearest known one as a question, else `otherwise`."""
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else otherwise


def listed(words: Iterable[str]) -> str:
    """Return words as a message lists them; a long list ends with how many more there are."""
    quoted = [f"`{word}`" for word in words] or ["nothing"]
    more = [f"{len(quoted) - SHOWN} more"] if len(quoted) > SHOWN else []
    shown = quoted[:SHOWN] + more
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
