"""A topic that was made anew under its old name is found out, however long it is by then."""

import pytest

from storage.sqlite import open_memory
from streams.kafka.errors import KafkaUnreachable, LogMismatch, TornSlot
from streams.kafka.identity import Identity
from streams.kafka.topics import Found


def found(topic: str, number: str, *, partitions: int = 6) -> dict[str, Found]:
    return {topic: Found(topic, number, partitions, 1, (), {})}


def test_a_topic_is_the_one_that_was_read_first_also_after_a_restart() -> None:
    store = open_memory()
    Identity(store, ["orders"], slots=6).must_be_ours(found("orders", "a"))

    again = Identity(store, ["orders"], slots=6)
    again.must_be_ours(found("orders", "a"))
    with pytest.raises(LogMismatch, match="orders  it was made anew since it was read"):
        again.must_be_ours(found("orders", "b"))


def test_brokers_that_give_topics_no_id_are_believed() -> None:
    store = open_memory()
    identity = Identity(store, ["orders"], slots=6)

    identity.must_be_ours(found("orders", "00000000-0000-0000-0000-000000000000"))

    assert store.topic_ids() == {}


def test_a_topic_that_is_gone_or_has_other_partitions_is_said() -> None:
    identity = Identity(open_memory(), ["orders"], slots=6)

    with pytest.raises(KafkaUnreachable, match="orders  there is no such topic — `tellfirst kafka init`"):
        identity.must_be_ours({})
    with pytest.raises(TornSlot, match="orders  it has 12 partitions, where there are 6 slots"):
        identity.must_be_ours(found("orders", "a", partitions=12))
