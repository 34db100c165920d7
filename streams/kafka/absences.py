"""Which rules find something missing by topics of which nobody knows yet how long they may be silent."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from rules.model import Expect, Rule, Silence
from streams.kafka.settings import KafkaSettings


def unheard(rules: Iterable[Rule], settings: KafkaSettings, *, known: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return such topics, by the names of rules that await something by them. known: the topics of which it is known."""
    awaited = {rule.name: dict.fromkeys(_awaited(rule, settings)) for rule in rules}
    found = {name: tuple(topic for topic in topics if topic not in known) for name, topics in awaited.items()}
    return {name: topics for name, topics in found.items() if topics}


def _awaited(rule: Rule, settings: KafkaSettings) -> Iterator[str]:
    for detector in rule.detectors:
        if isinstance(detector, Expect | Silence):
            yield from (each.topic for event_type in detector.awaited for each in settings.carrying(event_type))
