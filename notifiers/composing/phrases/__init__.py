"""The system's own sentences, in every shipped language; what stands in braces is filled in."""

from functools import lru_cache

from notifiers.composing.languages import FALLBACK, chosen
from notifiers.composing.phrases.de import GERMAN
from notifiers.composing.phrases.en import ENGLISH
from notifiers.composing.phrases.phrases import Phrases

PHRASES: dict[str, Phrases] = {"en": ENGLISH, "de": GERMAN}

__all__ = ["PHRASES", "Phrases", "phrases_in"]


@lru_cache(maxsize=256)
def phrases_in(language: str) -> Phrases:
    """Return the system's sentences nearest to a language."""
    return PHRASES[chosen(language, PHRASES.keys(), default=FALLBACK)]
