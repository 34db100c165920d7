"""The topics there should be and those there are in; what must be made, put right or refused out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contracts.times import HOUR
from streams.decode.limits import LARGEST as LARGEST_EVENT
from streams.kafka.settings import LONGEST as LONGEST_KEPT
from streams.kafka.settings import KafkaSettings
from streams.kafka.topics import LARGEST, LEAST_IN_SYNC, POLICY, RETENTION, Found, Wanted, routed_of

ENVELOPE = 4 << 10
SHORTEST_KEPT = HOUR
NEW_TOPICS = "make new topics and a new `group`, and let the old ones run empty"


@dataclass(frozen=True)
class Disagreement:
    """refused: whether nothing may run like this. A topic that is merely not as we would make it is not refused."""

    topic: str
    fact: str
    remedy: str
    refused: bool

    def __str__(self) -> str:
        return f"{self.topic}  {self.fact} — {self.remedy}"


@dataclass(frozen=True)
class Work:
    """missing: topics to make. wrong: settings of our own topics to put right."""

    missing: tuple[Wanted, ...]
    wrong: Mapping[str, Mapping[str, str]]


def work_of(wanted: Sequence[Wanted], found: Mapping[str, Found]) -> Work:
    wrong = {each.topic: _wrong(each, found[each.topic]) for each in wanted if each.ours and each.topic in found}
    missing = tuple(each for each in wanted if each.topic not in found)
    return Work(missing, {topic: configs for topic, configs in wrong.items() if configs})


def _wrong(wanted: Wanted, found: Found) -> dict[str, str]:
    return {name: value for name, value in wanted.configs.items() if found.configs.get(name) != value}


def disagreements(settings: KafkaSettings, wanted: Sequence[Wanted], found: Mapping[str, Found]) -> tuple[Disagreement, ...]:
    """Return all that is wrong with the topics that are there, what is refused first."""
    there = [found[each.topic] for each in wanted if each.topic in found]
    inputs = [found[each.topic] for each in wanted if not each.ours and each.topic in found]
    every = [*_slots(settings, wanted, found), *(each for topic in there for each in _served(topic))]
    every += [each for topic in inputs for each in _as_input(topic)]
    every += [each for topic in wanted if topic.topic in found for each in _copies(topic, found[topic.topic])]
    return tuple(sorted(every, key=lambda each: not each.refused))


def _slots(settings: KafkaSettings, wanted: Sequence[Wanted], found: Mapping[str, Found]) -> Iterator[Disagreement]:
    there = [found[each.topic].partitions for each in wanted if each.slotted and each.topic in found]
    if settings.partitions is not None and len(there) > 1 and {*there} == {there[0]} != {settings.partitions}:
        fact = f"it says {settings.partitions}, and all {len(there)} topics that are there have {there[0]}"
        yield Disagreement("kafka: partitions", fact, f"write `partitions: {there[0]}`, or {NEW_TOPICS}", refused=True)
        return
    for each in wanted:
        topic = found.get(each.topic)
        if topic is not None and each.slotted and topic.partitions != each.partitions:
            fact = f"it has {topic.partitions} partitions, where there are {each.partitions} slots"
            yield Disagreement(each.topic, *_why(settings, topic, fact, began=routed_of(settings) in found), refused=True)


def _why(settings: KafkaSettings, topic: Found, fact: str, *, began: bool) -> tuple[str, str]:
    """Return what is wrong with other partitions than slots, and a remedy. began: whether slots were there before."""
    if settings.partitions is not None:
        return fact, f"write `partitions: {topic.partitions}` where all inputs have so many, else {NEW_TOPICS}"
    if began:
        return f"{fact}: cases would be looked for where they are not", f"partitions cannot be added later; {NEW_TOPICS}"
    return f"{fact}: what belongs to one case would be in two", "give all inputs equally many partitions"


def _served(topic: Found) -> Iterator[Disagreement]:
    if topic.leaderless:
        numbers = ", ".join(map(str, topic.leaderless[:5]))
        yield Disagreement(topic.topic, f"nobody serves its partitions {numbers}", "see which broker is down", refused=False)


def _as_input(topic: Found) -> Iterator[Disagreement]:
    if "compact" in topic.configs.get(POLICY, ""):
        fact = "it is compacted: of a case's events only the newest would be kept"
        yield Disagreement(topic.topic, fact, f"set its {POLICY} to delete", refused=True)
    if (largest := _number(topic, LARGEST)) is not None and largest < LARGEST_EVENT + ENVELOPE:
        fact = f"it takes records of {largest} bytes at most"
        yield Disagreement(topic.topic, fact, f"set its {LARGEST} to {LARGEST_EVENT + ENVELOPE} or more", refused=False)
    kept = _number(topic, RETENTION)
    if kept is not None and not 0 <= kept <= LONGEST_KEPT // 1_000:
        yield Disagreement(topic.topic, "it keeps customers' data for more than 30 days", f"set its {RETENTION}", refused=False)
    elif kept is not None and kept < SHORTEST_KEPT // 1_000:
        yield Disagreement(topic.topic, "it forgets within an hour what was not read", f"set its {RETENTION}", refused=False)


def _copies(wanted: Wanted, found: Found) -> Iterator[Disagreement]:
    in_sync = int(wanted.configs[LEAST_IN_SYNC]) if wanted.ours else _number(found, LEAST_IN_SYNC) or 1
    if in_sync > found.replicas:
        fact = f"a write would need {in_sync} of its {found.replicas} replicas, so that nothing could be written"
        yield Disagreement(found.topic, fact, f"let its {LEAST_IN_SYNC} be at most {found.replicas}", refused=True)
    if found.replicas < wanted.replicas:
        fact = f"it has {found.replicas} replicas, {wanted.replicas} are wanted"
        yield Disagreement(found.topic, fact, "add replicas with the tools of Kafka", refused=False)


def _number(topic: Found, name: str) -> int | None:
    text = topic.configs.get(name, "")
    return int(text) if text.lstrip("-").isdecimal() else None
