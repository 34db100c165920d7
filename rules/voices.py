"""What the telling half may know of a rule: its `tell` and `message`, and which facts are bound under which detector."""

from collections.abc import Mapping

from contracts.tell import Certainty, RuleTelling, Voice
from contracts.values import FieldType
from rules.catalogue import Catalogue
from rules.detectors.compiling import named_types
from rules.expression import Condition
from rules.model import Detector, Expect, Rule, Sequence, Silence
from rules.plan import CompiledDetector


def telling_of(
    rule: Rule,
    catalogue: Catalogue,
    types: Mapping[str, FieldType],
    detectors: tuple[CompiledDetector, ...],
    deadlines: Mapping[str, str],
) -> RuleTelling:
    return RuleTelling(
        rule=rule.name,
        title=rule.title,
        tell=rule.tell,
        wordings=rule.wordings,
        facts=types,
        voices=tuple(
            _voice(rule, written, compiled, catalogue, deadlines.get(written.name))
            for written, compiled in zip(rule.detectors, detectors, strict=True)
        ),
        watches_complaints=any(each.startswith("complaint.") for each in _names(rule)),
    )


def _voice(rule: Rule, written: Detector, compiled: CompiledDetector, catalogue: Catalogue, deadline: str | None) -> Voice:
    condition = getattr(compiled, "condition", None)
    return Voice(
        detector=written.name,
        says=written.says,
        certainty=Certainty(written.says.split()[0]),
        bound=_bound(rule, written, compiled, catalogue),
        fired=deadline,
        may_say_is=_may_say_is(written, condition, deadline),
        counts_tries=isinstance(written, Sequence) or getattr(compiled, "counted", None) is not None,
    )


def _may_say_is(written: Detector, condition: Condition | None, deadline: str | None) -> bool:
    """S24: a passed promise, a sequence that was seen, or a condition without now or absence."""
    match written:
        case Expect():
            return deadline is not None
        case Silence():
            return False
        case Sequence():
            return True
        case _:
            return condition is not None and not condition.moments


def _bound(rule: Rule, written: Detector, compiled: CompiledDetector, catalogue: Catalogue) -> frozenset[str]:
    """Facts without which the detector cannot take hold: read by it, or required in an event that must have come."""
    bound: set[str] = set()
    for part in (getattr(compiled, "condition", None), compiled.only_if):
        bound |= part.bound if part is not None else frozenset()
    by = getattr(compiled, "by", None)
    bound |= by.reads_facts if by is not None else frozenset()
    came = {names[0] for names in _must_have_come(rule, written) if len(names) == 1}
    return frozenset(bound) | {
        fact.name for fact in rule.facts if fact.event_type in came and not catalogue[fact.event_type].fields[fact.field].optional
    }


def _must_have_come(rule: Rule, written: Detector) -> list[tuple[str, ...]]:
    """Return sets of event types of each of which at least one must have come."""
    match written:
        case Expect():
            return [rule.opens_on, written.of]
        case Silence():
            return [rule.opens_on, written.after]
        case Sequence():
            return [rule.opens_on, *((step,) for step in written.steps)]
        case _:
            return [rule.opens_on]


def _names(rule: Rule) -> set[str]:
    return {
        *rule.opens_on,
        *(name for each in rule.detectors for name in named_types(each)),
        *(fact.event_type for fact in rule.facts),
    }
