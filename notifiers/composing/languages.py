"""Which language a customer reads, of those that there are."""

from collections.abc import Collection, Iterator

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
