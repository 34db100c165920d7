"""The transparency lint: a rule's words and what is certain under each detector in, what would mislead a customer out."""

from collections.abc import Mapping

from contracts.tell import Choice, RuleTelling
from notifiers.lint.finding import Finding, sections_of
from notifiers.lint.placeholders import check_placeholders
from notifiers.lint.whole import check_whole
from notifiers.lint.words import check_words

__all__ = ["Finding", "check"]


def check(telling: RuleTelling, choices: Mapping[str, Choice]) -> list[Finding]:
    """Return all findings of all languages, in the order of the sections; a rule with one that is no warning does not load."""
    found: list[Finding] = []
    for wording in telling.wordings.values():
        found += check_whole(telling, wording, choices)
        for section in sections_of(telling, wording):
            found += check_placeholders(section, telling)
            found += check_words(section, telling)
    return found
