"""What is to be said of a project's rules as a whole, beyond what each has wrong by itself."""

from contracts.notice import Urgency
from rules.errors import Fault
from streams.project import Project

MOST_URGENT = 0.1


def judged(project: Project, *, strict: bool) -> list[Fault]:
    """Return the project's warnings and ours, those without a test as faults where strict."""
    return [*project.warnings, *_untested(project, strict), *_too_urgent(project)]


def _untested(project: Project, strict: bool) -> list[Fault]:
    known = {warning.place for warning in project.warnings}
    return [
        Fault(str(rule.place), f"the rule `{rule.name}` has no tests", "add an example under `tests:`", warning=not strict)
        for rule in project.rules
        if not rule.tests and (strict or str(rule.place) not in known)
    ]


def _too_urgent(project: Project) -> list[Fault]:
    urgent = [rule for rule in project.rules if rule.tell.urgency is Urgency.NOW]
    if len(urgent) <= MOST_URGENT * len(project.rules):
        return []
    fact = f"{len(urgent)} of {len(project.rules)} rules are `now`, which passes quiet hours and caps"
    return [Fault(str(urgent[0].place), fact, "keep `now` for what cannot wait until the morning", warning=True)]
