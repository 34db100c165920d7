"""What a slot has to wait for: from rules, catalogue and inputs, the topics that count and the kinds that copies can reach."""

from collections.abc import Iterator

from rules.catalogue import Catalogue
from rules.compiler import RuleSet
from streams.kafka.settings import KafkaSettings
from streams.people import RAISED, RESOLVED


def awaited_topics(rules: RuleSet, settings: KafkaSettings) -> frozenset[str]:
    """Return the inputs that may carry what some rule reads, or a complaint, which keeps us silent."""
    types = {event_type for plan in rules.plans.values() for event_type, reading in plan.readings.items() if reading.rules}
    return frozenset(each.topic for event_type in (*types, RAISED, RESOLVED) for each in settings.carrying(event_type))


def kinds_by_copy(rules: RuleSet, catalogue: Catalogue, settings: KafkaSettings) -> frozenset[str]:
    """Return the watched kinds that an event may reach from another slot: further cases, and whatever foreign keys may name."""
    return frozenset(_kinds_by_copy(rules, catalogue, settings))


def _kinds_by_copy(rules: RuleSet, catalogue: Catalogue, settings: KafkaSettings) -> Iterator[str]:
    for kind, plan in rules.plans.items():
        for event_type, reading in plan.readings.items():
            first = catalogue[event_type].cases[0][0]
            is_foreign = any(each.mapping is not None for each in settings.carrying(event_type))
            if (reading.rules or event_type in (RAISED, RESOLVED)) and (is_foreign or first != kind):
                yield kind
