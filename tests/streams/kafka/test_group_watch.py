"""The consumer group watched: what passes is borne, what lasts ends the worker."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.consumer.subscription_state import SubscriptionState
from aiokafka.errors import GroupAuthorizationFailedError, InconsistentGroupProtocolError

from streams.kafka.errors import GroupLost, KafkaRefused
from streams.kafka.group_watch import MOST_FAULTS, GroupWatch


class Group:
    """What of aiokafka's consumer knows how its group is. fault: what it says of it, None while all is well."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.ended = False
        self.asked = 0
        self._coordinator = self._subscription = self._coordination_task = self

    def check_errors(self) -> None:
        if self.fault is not None:
            raise self.fault

    def done(self) -> bool:
        return self.ended

    @contextmanager
    def fetch_context(self) -> Iterator[None]:
        self.asked += 1
        yield


def look(group: Group, *, times: int = 1, watch: GroupWatch | None = None) -> None:
    watch = watch or GroupWatch(group)
    for _ in range(times):
        asyncio.run(watch.look())


def test_each_look_says_that_we_are_there() -> None:
    group = Group()
    look(group, times=3)

    assert group.asked == 3


def test_a_fault_that_passes_is_borne_and_one_that_lasts_is_not() -> None:
    group = Group()
    watch = GroupWatch(group)
    group.fault = InconsistentGroupProtocolError()

    look(group, times=int(MOST_FAULTS) - 1, watch=watch)
    with pytest.raises(GroupLost, match="it does not have us: InconsistentGroupProtocolError"):
        look(group, watch=watch)


def test_faults_now_and_then_are_forgotten() -> None:
    group = Group()
    watch = GroupWatch(group)

    for _ in range(100):
        group.fault = InconsistentGroupProtocolError()
        look(group, watch=watch)
        group.fault = None
        look(group, times=20, watch=watch)


def test_a_group_that_has_ended_ends_us() -> None:
    group = Group()
    group.fault, group.ended = RuntimeError("cancelled"), True

    with pytest.raises(GroupLost):
        look(group)


def test_what_we_may_not_do_is_said_at_once() -> None:
    group = Group()
    group.fault = GroupAuthorizationFailedError("tellfirst")

    with pytest.raises(KafkaRefused, match="the brokers refuse"):
        look(group)


def test_who_leaves_has_no_name_any_more_so_that_aiokafka_says_that_it_goes() -> None:
    said: list[object] = []
    client = cast(Any, SimpleNamespace(cluster=SimpleNamespace(add_listener=lambda listener: None)))

    async def leave() -> None:
        coordinator = GroupCoordinator(client, SubscriptionState(), group_id="tellfirst", group_instance_id="worker-1")
        coordinator.generation, coordinator.member_id = 1, "the third"
        coordinator._send_req = _noted(said)
        GroupWatch(cast(Any, SimpleNamespace(_coordinator=coordinator))).leave()
        await coordinator._maybe_leave_group()
        await coordinator.close()

    asyncio.run(leave())

    assert [type(each).__name__ for each in said] == ["LeaveGroupRequest"]


def _noted(said: list[object]) -> Callable[[object], Awaitable[None]]:
    async def note(request: object) -> None:
        said.append(request)

    return note
