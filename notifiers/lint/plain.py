"""Is a section hard to read: HTML, a long sentence, or something done by nobody?"""

import re
from collections.abc import Iterator

from notifiers.lint.finding import PLACEHOLDER, STATEMENT, Finding, Section
from notifiers.lint.wordlists import denied, phrases, quoted

MOST_WORDS = 30
_HTML = re.compile(r"</?[A-Za-z][^>]*>|<!--|&(?:[A-Za-z]+|#\d+);")
_SENTENCE = re.compile(r"[^.!?]+")
_ACTOR = re.compile(r"[^.!?]*\b(?:by|von|vom|durch)\b", re.IGNORECASE)


def html(section: Section) -> Iterator[Finding]:
    if (found := _HTML.search(section.words)) is not None:
        yield section.finding(f"`{found.group()}` is HTML", "write plain text; the layout makes the page", offset=found.start())


def hidden_actor(section: Section) -> Iterator[Finding]:
    """What was done to the customer was done by somebody; `by` in the same sentence names them."""
    for found in phrases("hidden-actor", section.language).finditer(section.words):
        if not (_ACTOR.match(section.words, found.end()) or denied(section, found.start())):
            fact = f"`{quoted(section, found)}` hides who did it"
            yield section.finding(fact, "say who: `we cancelled`, `the carrier lost`", offset=found.start())


def long_sentence(section: Section) -> Iterator[Finding]:
    """A placeholder counts as a word, the branches of an `if` are not added up."""
    spoken = re.sub(f"{STATEMENT}+", lambda code: "." * len(code.group()), section.words)
    for sentence in _SENTENCE.finditer(re.sub(f"{PLACEHOLDER}+", lambda code: "x" * len(code.group()), spoken)):
        count = len(sentence.group().split())
        if count > MOST_WORDS:
            start = sentence.start() + len(sentence.group()) - len(sentence.group().lstrip())
            yield section.finding(f"a sentence of {count} words", f"say it in fewer than {MOST_WORDS}", offset=start)
