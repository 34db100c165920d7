"""The transparency lint: a rule's words and what is certain under each detector in, what would mislead a customer out."""

from collections.abc import Mapping

from contracts.tell import Choice, RuleTelling
from notifiers.lint.finding import Finding, Page, choices_of, sections_of
from notifiers.lint.library import CHECKS, OF_CHOICES, OF_PAGES, OF_SECTIONS

__all__ = ["CHECKS", "Finding", "check"]


def check(telling: RuleTelling, choices: Mapping[str, Choice]) -> list[Finding]:
    """Return all findings of all languages, in the order of the sections; a rule with one that is no warning does not load."""
    found: list[Finding] = []
    for wording in telling.wordings.values():
        page = Page(rule=telling, wording=wording, choices=choices)
        found += (finding for each in OF_PAGES for finding in each.findings(page))
        found += (finding for section in sections_of(page) for each in OF_SECTIONS for finding in each.findings(section))
        found += (finding for choice in choices_of(page) for each in OF_CHOICES for finding in each.findings(choice))
    return found
