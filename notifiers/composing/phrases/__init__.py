"""The system's own sentences, in every shipped language; what stands in braces is filled in."""

from notifiers.composing.phrases.de import GERMAN
from notifiers.composing.phrases.en import ENGLISH
from notifiers.composing.phrases.phrases import Phrases

PHRASES: dict[str, Phrases] = {"en": ENGLISH, "de": GERMAN}

__all__ = ["PHRASES", "Phrases"]
