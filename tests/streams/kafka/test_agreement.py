"""The topics there should be beside those there are: what is made, put right, refused, or only spoken of."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from contracts.times import DAY
from streams.kafka.agreement import Disagreement, disagreements, work_of
from streams.kafka.settings import Input, KafkaSettings
from streams.kafka.topics import Cluster, Found, wanted_of

SHOP = KafkaSettings(brokers=("a:1",), inputs=(Input("orders", ("order",)), Input("parcels", ("parcel",))))
THREE, ONE = Cluster("abc", brokers=3), Cluster("abc", brokers=1)


def as_wanted(settings: KafkaSettings = SHOP, cluster: Cluster = THREE) -> dict[str, Found]:
    """Return the topics as they are once they were made."""
    wanted = wanted_of(settings, cluster, {})
    return {each.topic: Found(each.topic, "id", each.partitions, each.replicas, (), each.configs) for each in wanted}


def told(found: Mapping[str, Found], settings: KafkaSettings = SHOP, cluster: Cluster = THREE) -> tuple[Disagreement, ...]:
    return disagreements(settings, wanted_of(settings, cluster, found), found)


def changed(topic: str, **how: object) -> dict[str, Found]:
    found = as_wanted()
    return {**found, topic: replace(found[topic], **how)}  # type: ignore[arg-type]


def with_setting(topic: str, name: str, value: str) -> dict[str, Found]:
    return changed(topic, configs={**as_wanted()[topic].configs, name: value})


def test_a_new_cluster_gets_inputs_and_our_own_topics() -> None:
    wanted = wanted_of(SHOP, THREE, {})

    names = ["routed", "problems", "notices", "receipts", "dead-letters", "told"]
    assert [each.topic for each in wanted] == ["orders", "parcels", *(f"tellfirst.{name}" for name in names)]
    assert [each.topic for each in wanted if each.slotted] == ["orders", "parcels", "tellfirst.routed"]
    assert {(each.partitions, each.replicas, each.configs["min.insync.replicas"]) for each in wanted} == {(12, 3, "2")}
    assert work_of(wanted, {}).missing == wanted


def test_told_is_kept_as_the_newest_of_each_key_and_all_else_for_a_week() -> None:
    found = as_wanted()

    assert found["tellfirst.told"].configs["cleanup.policy"] == "compact"
    others = [each.configs for name, each in found.items() if name != "tellfirst.told"]
    assert {(configs["cleanup.policy"], configs["retention.ms"]) for configs in others} == {("delete", str(7 * DAY // 1_000))}


def test_one_broker_keeps_one_copy_and_takes_writes() -> None:
    wanted = wanted_of(SHOP, ONE, {})

    assert {(each.replicas, each.configs["min.insync.replicas"]) for each in wanted} == {(1, "1")}


def test_what_was_made_is_agreed_to() -> None:
    found = as_wanted()

    work = work_of(wanted_of(SHOP, THREE, found), found)

    assert (work.missing, work.wrong, told(found)) == ((), {}, ())


def test_topics_that_are_there_say_how_many_slots_there_are() -> None:
    found = {"orders": replace(as_wanted()["orders"], partitions=6)}

    assert {each.partitions for each in wanted_of(SHOP, THREE, found)} == {6}
    assert told(found) == ()


@pytest.mark.parametrize(
    ("settings", "found", "fact"),
    [
        (replace(SHOP, partitions=6), {"orders": as_wanted()["orders"]}, "it has 12 partitions, where there are 6 slots"),
        (SHOP, changed("parcels", partitions=13), "it has 13 partitions, where there are 12 slots: cases would be looked for"),
        (SHOP, {name: replace(as_wanted()[name], partitions=n) for name, n in (("orders", 4), ("parcels", 5))}, "5 partitions"),
        (SHOP, with_setting("orders", "cleanup.policy", "compact,delete"), "it is compacted"),
        (SHOP, with_setting("orders", "min.insync.replicas", "4"), "a write would need 4 of its 3 replicas"),
        (SHOP, changed("tellfirst.told", replicas=1), "a write would need 2 of its 1 replicas"),
    ],
)
def test_what_would_tear_cases_apart_or_lose_events_is_refused(
    settings: KafkaSettings, found: dict[str, Found], fact: str
) -> None:
    refused = [each for each in told(found, settings) if each.refused]

    assert refused
    assert fact in refused[0].fact
    assert " — " in str(refused[0])


def test_settings_that_want_other_partitions_than_all_topics_have_are_told_so_once() -> None:
    (refused,) = told(as_wanted(), replace(SHOP, partitions=6))

    assert str(refused).startswith(
        "kafka: partitions  it says 6, and all 3 topics that are there have 12 — write `partitions: 12`, or"
    )


@pytest.mark.parametrize(
    ("found", "fact"),
    [
        (changed("orders", leaderless=(3, 7)), "nobody serves its partitions 3, 7"),
        (changed("orders", replicas=2), "it has 2 replicas, 3 are wanted"),
        (with_setting("orders", "max.message.bytes", "100000"), "it takes records of 100000 bytes at most"),
        (with_setting("orders", "retention.ms", "-1"), "it keeps customers' data for more than 30 days"),
        (with_setting("orders", "retention.ms", "60000"), "it forgets within an hour what was not read"),
    ],
)
def test_what_is_merely_not_as_it_should_be_is_spoken_of(found: dict[str, Found], fact: str) -> None:
    assert [(each.fact, each.refused) for each in told(found)] == [(fact, False)]


def test_settings_of_our_own_topics_are_put_right_and_those_of_inputs_left() -> None:
    input_changed = with_setting("orders", "retention.ms", "86400000")["orders"]
    found = {**with_setting("tellfirst.told", "cleanup.policy", "delete"), "orders": input_changed}

    work = work_of(wanted_of(SHOP, THREE, found), found)

    assert work.wrong == {"tellfirst.told": {"cleanup.policy": "compact"}}
