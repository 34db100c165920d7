"""A project's Kafka: whether its brokers are there and its topics as they must be; only asked for by --connect."""

from collections.abc import Iterator
from pathlib import Path

from streams.kafka.errors import KafkaError
from tellfirst import wiring
from tellfirst.doctor.finding import Finding, halves
from tellfirst.kafka.hearing import known_of
from tellfirst.stopping import Stopped

REMEDY = "set its `quiet_after`, or wait for four weeks; see docs/kafka.md"


def look_at_kafka(folder: Path, *, connect: bool) -> Iterator[Finding]:
    try:
        project = wiring.sound_part_of(folder)
        settings = project.settings.kafka
    except (Stopped, OSError):
        return  # the look at the project has told it
    if settings is None:
        return
    for topic, known in known_of(project).items():
        is_known = True if known.patience is not None else None
        yield Finding("topics", is_known, f"`{topic}` is quiet after: {known}", "" if is_known else REMEDY)
    if connect:
        yield from _knock(folder)
    else:
        yield Finding("kafka", None, f"brokers at {', '.join(settings.brokers)}", "`tellfirst doctor --connect` knocks at them")


def _knock(folder: Path) -> Iterator[Finding]:
    from tellfirst.kafka.brokers import state_of

    try:
        state = state_of(folder)
    except (KafkaError, Stopped, ValueError, OSError) as fault:
        yield Finding("kafka", False, *halves(fault))
        return
    for each in state.findings:
        yield Finding("kafka", False if each.refused else None, f"{each.topic}  {each.fact}", each.remedy)
    slots = next(each.partitions for each in state.wanted if each.slotted)
    brokers = state.cluster.brokers
    yield Finding("kafka", True, f"{len(state.found)} topics, {slots} slots, {brokers} broker{'' if brokers == 1 else 's'}")
