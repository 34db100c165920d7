"""A project's Kafka: its topics made and verified, and looked at with how far we are behind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.customer import UPDATED
from storage.errors import StoreError
from streams.kafka.admin import Admin, administering
from streams.kafka.agreement import Disagreement, disagreements, work_of
from streams.kafka.client import place_of, words_of
from streams.kafka.errors import KafkaRefused, KafkaUnreachable
from streams.kafka.lag import Offsets, Share, mismatches, shares_of
from streams.kafka.settings import KafkaSettings
from streams.kafka.topics import Cluster, Found, Wanted, names_of, wanted_of
from streams.project import Project
from tellfirst.kafka.hearing import Known, known_of
from tellfirst.stopping import Exit, Stopped, stop, unusable
from tellfirst.wiring import SETTINGS, project_of, reading

MOST_NAMED = 5
STORE, GROUP = "the store", "the group's committed offsets"


@dataclass(frozen=True)
class Made:
    """made: topics that were missing. put_right: settings of our own topics that were wrong. found: all as they are now."""

    wanted: Sequence[Wanted]
    made: tuple[str, ...]
    put_right: Mapping[str, Mapping[str, str]]
    found: Mapping[str, Found]
    findings: tuple[Disagreement, ...]


@dataclass(frozen=True)
class State:
    """read_by: who says how far the slots were read. known: how long each input may be silent."""

    cluster: Cluster
    wanted: Sequence[Wanted]
    found: Mapping[str, Found]
    shares: tuple[Share, ...]
    findings: tuple[Disagreement, ...]
    read_by: str
    known: Mapping[str, Known]


def make_topics(folder: Path | None) -> Made:
    """Make what is missing and put right what is ours, unless something there is refused. Raises Stopped, KafkaError."""
    project = project_of(folder)
    settings = kafka_of(project)
    with administering(settings, project.folder) as admin:
        wanted, found = _there(admin, settings)
        _refuse(disagreements(settings, wanted, found))
        work = work_of(wanted, found)
        admin.make(work.missing)
        admin.put_right(work.wrong)
        wanted, found = _there(admin, settings)
    findings = disagreements(settings, wanted, found)
    _refuse(findings)
    if left := work_of(wanted, found).wrong:
        fact = f"the brokers did not take the settings of {', '.join(left)}"
        raise KafkaRefused(f"{place_of(settings)}  {fact} — see their logs, and our rights there")
    made = tuple(each.topic for each in work.missing)
    return Made(wanted, made, work.wrong, found, (*findings, *_uncarried(project, settings)))


def state_of(folder: Path | None) -> State:
    """Look at topics and lags. Raises Stopped, KafkaError; KafkaUnreachable also for topics that are missing."""
    project = project_of(folder)
    settings = kafka_of(project)
    with administering(settings, project.folder) as admin:
        cluster = admin.cluster()
        wanted, found = _there(admin, settings)
        _need(settings, wanted, found)
        slotted = {each.topic: found[each.topic] for each in wanted if each.slotted}
        begins, stored = admin.begins(slotted), _stored(folder, slotted)
        shares = shares_of(begins, admin.ends(slotted), stored or admin.committed())
    findings = (*disagreements(settings, wanted, found), *mismatches(shares), *_uncarried(project, settings))
    return State(cluster, wanted, found, shares, findings, read_by=STORE if stored else GROUP, known=known_of(project))


def _stored(folder: Path | None, slotted: Mapping[str, Found]) -> Offsets:
    """Return how far the store says that slots were read; nothing where it cannot be asked, or never heard of them."""
    everywhere = [(each.topic, slot) for each in slotted.values() for slot in range(each.partitions)]
    try:
        with reading(folder) as store:
            known = {where: store.position(*where) for where in everywhere}
    except StoreError:
        return {}
    return {where: position.next for where, position in known.items() if position is not None}


def slots_of(project: Project, settings: KafkaSettings) -> Mapping[str, int]:
    """Return how many partitions each input has, where they may be written to. Raises Stopped, KafkaError."""
    with administering(settings, project.folder) as admin:
        wanted, found = _there(admin, settings)
    inputs = [each for each in wanted if not each.ours]
    _need(settings, inputs, found)
    _refuse(disagreements(settings, wanted, found))
    return {each.topic: found[each.topic].partitions for each in inputs}


def topics_to_read(project: Project, settings: KafkaSettings) -> Mapping[str, Found]:
    """Return the topics of which a slot has a partition each, as they are. Raises Stopped, KafkaError."""
    with administering(settings, project.folder) as admin:
        wanted, found = _there(admin, settings)
    _need(settings, wanted, found)
    _refuse(disagreements(settings, wanted, found))
    return {each.topic: found[each.topic] for each in wanted if each.slotted}


def kafka_of(project: Project) -> KafkaSettings:
    """Return the project's Kafka settings. Raises Stopped where there are none, or where a mapping or a file is missing."""
    settings, place = project.settings.kafka, project.folder / SETTINGS
    if settings is None:
        raise stop(Exit.CONFIGURATION, place, "there is no `kafka`", "write `kafka: {brokers: HOST:PORT}`; see docs/kafka.md")
    for each in settings.inputs:
        if each.mapping is not None and each.mapping not in project.mappings:
            fact = f"there is no mapping `{each.mapping}`, by which `{each.topic}` is read"
            raise stop(Exit.CONFIGURATION, place, fact, f"the project has {', '.join(project.mappings) or 'none'}")
    try:
        words_of(settings, project.folder)
    except (OSError, ValueError) as fault:
        raise stop(Exit.CONFIGURATION, place, f"`kafka` cannot be used: {unusable(fault)}", "see docs/kafka.md") from None
    return settings


def _there(admin: Admin, settings: KafkaSettings) -> tuple[Sequence[Wanted], Mapping[str, Found]]:
    found = admin.topics(names_of(settings))
    return wanted_of(settings, admin.cluster(), found), found


def _refuse(findings: Sequence[Disagreement]) -> None:
    if refused := [str(each) for each in findings if each.refused]:
        raise Stopped(Exit.REFUSED, *refused)


def _need(settings: KafkaSettings, wanted: Sequence[Wanted], found: Mapping[str, Found]) -> None:
    if missing := [f"`{each.topic}`" for each in wanted if each.topic not in found]:
        more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
        fact = f"missing: {', '.join(missing[:MOST_NAMED])}{more}"
        raise KafkaUnreachable(f"{place_of(settings)}  {fact} — `tellfirst kafka init` makes what is missing")


def _uncarried(project: Project, settings: KafkaSettings) -> Iterator[Disagreement]:
    """Yield the event types that are read here and that no input carries."""
    plans = project.ruleset.plans
    for event_type in project.catalogue.types:
        read = event_type == UPDATED or any(project.ruleset.reads(event_type, kind) for kind in plans)
        if read and not settings.carrying(event_type):
            remedy = "name it under `kafka: topics`, where it comes at all"
            yield Disagreement(SETTINGS, f"no topic carries `{event_type}`, which is read here", remedy, refused=False)
