"""The word lists, phrases/CHECK.LANGUAGE.txt, as patterns: a translator adds a file, and the check speaks one language more.

A list has one phrase per line; what follows a # is a comment. In a phrase `*` is the rest of a word, `…` some words of the
same sentence, `(this|that)` either, `{}` a placeholder. A phrase all in capitals is found in capitals only, any other in any.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.resources import files

from notifiers.composing.languages import base
from notifiers.lint.finding import PLACEHOLDER, STATEMENT, Finding, Section

LANGUAGES = ("en", "de")
_SIGNS = {
    "*": r"\w*",
    " … ": rf"[^\w.!?{STATEMENT}][^.!?{STATEMENT}]{{0,60}}?(?<!\w)",
    " ": r"\s+",
    "{}": rf"{PLACEHOLDER}+",
    "(": "(?:",
    "|": "|",
    ")": ")",
}
_SIGN = re.compile(r" … |\{\}|[*()| ]")
_NEVER = re.compile(r"(?!)")
_NEAR = 40
_DENIED = re.compile(
    r"\b(?:not|cannot|can't|never|no|nobody|nothing|nicht|keine?\w?|nie|niemand|nichts)\b[^.!?,;:]{0,20}$", re.IGNORECASE
)


@lru_cache(maxsize=128)
def phrases(name: str, language: str) -> re.Pattern[str]:
    """Return the pattern of a list; it finds nothing in a language that has no such list."""
    listed = list(_listed(name, base(language)))
    return re.compile("|".join(map(_pattern, listed)), re.IGNORECASE) if listed else _NEVER


def finds(name: str, fact: str, remedy: str, *, even_denied: bool = True) -> Callable[[Section], Iterator[Finding]]:
    """Return a look for the phrases of a list. fact: what they do, as in `act now` hurries the customer.
    even_denied: also after a `not`, as in `we have no ETA`; where it is false, `it is not your fault` passes."""

    def look(section: Section) -> Iterator[Finding]:
        for found in phrases(name, section.language).finditer(section.words):
            if not even_denied and denied(section, found.start()):
                continue
            yield section.finding(f"`{quoted(section, found)}` {fact}", remedy, offset=found.start())

    return look


def quoted(section: Section, found: re.Match[str]) -> str:
    """Return what was found as the author wrote it, in one line."""
    return " ".join(section.text[found.start() : found.end()].split())


def denied(section: Section, at: int) -> bool:
    """Whether a `not` or a `nobody` stands right before a place in the section, as in `nobody can say for certain`."""
    return _DENIED.search(section.words, max(0, at - _NEAR), at) is not None


def _listed(name: str, language: str) -> Iterator[str]:
    path = files("notifiers.lint").joinpath("phrases", f"{name}.{language}.txt")
    if language in LANGUAGES and path.is_file():
        lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
        yield from filter(None, lines)


def _pattern(phrase: str) -> str:
    parts = _SIGN.split(phrase)
    signs = [_SIGNS[sign] for sign in _SIGN.findall(phrase)] + [""]
    words = "".join(re.escape(part) + sign for part, sign in zip(parts, signs, strict=True))
    return rf"(?<!\w){'(?-i:' if phrase.isupper() else '(?:'}{words})(?!\w)"
