"""The brokers asked and told: which topics there are and how, how far they were written and read; topics made and put right."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import sleep
from typing import Any

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, OffsetSpec
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    NoError,
    NotCoordinatorError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
    for_code,
)

from streams.kafka.client import reaching, words_of
from streams.kafka.lag import Offsets
from streams.kafka.settings import KafkaSettings
from streams.kafka.topics import SETTINGS, Cluster, Found, Wanted

COORDINATOR_TRIES = 20
BETWEEN_TRIES_SECONDS = 0.25
NO_LEADER = -1


class Admin:
    """Talks to the brokers by kafka-python. Its methods raise KafkaUnreachable and KafkaRefused."""

    def __init__(self, client: Any, settings: KafkaSettings) -> None:
        self._client, self._settings = client, settings

    def cluster(self) -> Cluster:
        with reaching(self._settings):
            said = self._client.describe_cluster()
        return Cluster(said["cluster_id"], len(said["brokers"]))

    def topics(self, names: Sequence[str]) -> Mapping[str, Found]:
        """Return those of these topics that are there."""
        with reaching(self._settings):
            said = [each for each in self._client.describe_topics(list(names)) if _is_there(each)]
            asked = [ConfigResource(ConfigResourceType.TOPIC, each["name"], list(SETTINGS)) for each in said]
            configs = self._client.describe_configs(asked, config_filter="all").get("topic", {}) if asked else {}
        return {each["name"]: _found(each, configs[each["name"]]) for each in said}

    def make(self, wanted: Sequence[Wanted]) -> None:
        """Make topics, and return once all of their partitions are served. One that was made meanwhile stays as it is."""
        for each in wanted:
            how = {"num_partitions": each.partitions, "replication_factor": each.replicas, "configs": dict(each.configs)}
            with reaching(self._settings):
                try:
                    self._client.create_topics({each.topic: how})
                except TopicAlreadyExistsError:
                    continue
        with reaching(self._settings):
            self._client.wait_for_topics([each.topic for each in wanted])

    def put_right(self, wrong: Mapping[str, Mapping[str, str]]) -> None:
        """Set settings of topics, and leave all others as they are. Look again: brokers do not say here what they refused."""
        asked = [ConfigResource(ConfigResourceType.TOPIC, topic, dict(configs)) for topic, configs in wrong.items()]
        with reaching(self._settings):
            if asked:
                self._client.alter_configs(asked)

    def begins(self, found: Mapping[str, Found]) -> Offsets:
        """Return the offset of the oldest record that is kept."""
        return self._offsets(found, OffsetSpec.EARLIEST)

    def ends(self, found: Mapping[str, Found]) -> Offsets:
        """Return the offset that the next record will have, those of open transactions counted."""
        return self._offsets(found, OffsetSpec.LATEST)

    def _offsets(self, found: Mapping[str, Found], which: Any) -> Offsets:
        asked = {TopicPartition(each.topic, part): which for each in found.values() for part in each.served}
        with reaching(self._settings):
            said = self._client.list_partition_offsets(asked) if asked else {}
        return {(where.topic, where.partition): each.offset for where, each in said.items()}

    def committed(self) -> Offsets:
        """Return what our group has committed, a moment less than it read.

        A cluster that never had a group needs a moment to find its coordinator.
        """
        group = self._settings.group
        with reaching(self._settings):
            said = _patiently(lambda: self._client.list_group_offsets(group))[group]
        return {(where.topic, where.partition): each.offset for where, each in said.items() if each.offset >= 0}


@contextmanager
def administering(settings: KafkaSettings, folder: Path) -> Iterator[Admin]:
    """Come to the brokers. folder: where the settings' files stand. Raises KafkaError, OSError, ValueError."""
    with reaching(settings):
        client = KafkaAdminClient(**words_of(settings, folder))
    with closing(client):
        yield Admin(client, settings)


def _is_there(said: Mapping[str, Any]) -> bool:
    """Whether there is such a topic. Raises what else the brokers say of it."""
    error = for_code(said["error_code"])
    if error not in (NoError, UnknownTopicOrPartitionError):
        raise error(said["name"])
    return error is NoError


def _found(said: Mapping[str, Any], configs: Mapping[str, Mapping[str, Any]]) -> Found:
    partitions = said["partitions"]
    return Found(
        topic=said["name"],
        id=str(said["topic_id"]),
        partitions=len(partitions),
        replicas=min((len(each["replica_nodes"]) for each in partitions), default=0),
        leaderless=tuple(sorted(each["partition_index"] for each in partitions if each["leader_id"] == NO_LEADER)),
        configs={name: str(each["value"]) for name, each in configs.items()},
    )


def _patiently(ask: Callable[[], Any]) -> Any:
    for _ in range(COORDINATOR_TRIES - 1):
        try:
            return ask()
        except (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError):
            sleep(BETWEEN_TRIES_SECONDS)
    return ask()
