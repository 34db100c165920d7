"""Which language a customer reads, of those that there are, and by whose customs dates and numbers are written."""

from collections.abc import Collection, Iterator
from functools import lru_cache

from babel import Locale, UnknownLocaleError

CUSTOMS = {"en": "en_GB"}
FALLBACK = "en"


def chain(language: str, default: str) -> Iterator[str]:
    """Yield the languages to look for, the dearest first: de-AT, de, the project's, its base."""
    for wished in (language, default):
        parts = wished.replace("_", "-").split("-")
        yield from ("-".join(parts[:count]) for count in range(len(parts), 0, -1))


def chosen(language: str, available: Collection[str], *, default: str) -> str:
    """Return the best of the available languages; any of them rather than none. Raises ValueError where there is none at all."""
    if language in available:
        return language
    found = next((wished for wished in chain(language, default) if wished in available), None)
    return found if found is not None else min(available)


def base(language: str) -> str:
    return language.replace("_", "-").split("-")[0]


@lru_cache(maxsize=256)
def customs(language: str, spoken: str) -> Locale:
    """Return the customs of the customer's own language where the message speaks it, else those of the language spoken."""
    wished = language if base(language) == base(spoken) else spoken
    name = CUSTOMS.get(wished, wished).replace("-", "_")
    for known in (name, base(spoken)):
        try:
            return Locale.parse(known)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(CUSTOMS[FALLBACK])
