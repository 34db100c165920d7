"""The consumer group watched: a fault that passes is taken note of, so that it can heal; one that lasts ends the worker.

aiokafka halts at a fault of the group until somebody asks for it, and leaves the group when nothing is fetched for long. Faust
never asks, and fetches only once it has joined: both would wait for ever. So we ask each second, and say that we are there.
"""

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import GroupAuthorizationFailedError, TopicAuthorizationFailedError

from streams.kafka.errors import GroupLost, KafkaRefused

EVERY_SECONDS = 1.0
MOST_FAULTS = 10.0
HEALED_BY_A_GOOD_ONE = 0.1
NOT_ALLOWED = (GroupAuthorizationFailedError, TopicAuthorizationFailedError)


class GroupWatch:
    """faults: since the group was well, the old ones fading."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self.faults = 0.0

    async def look(self) -> None:
        """In the consumer's thread. Raises KafkaRefused for what we may not do, GroupLost for what does not heal."""
        coordinator = self._consumer._coordinator
        with self._consumer._subscription.fetch_context():
            pass
        try:
            coordinator.check_errors()
        except NOT_ALLOWED as refused:
            raise KafkaRefused(f"the consumer group  the brokers refuse: {refused} — see our rights there") from None
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is the group's, and it is counted
            self._count(fault, is_final=coordinator._coordination_task.done())
        else:
            self.faults = max(0.0, self.faults - HEALED_BY_A_GOOD_ONE)

    def leave(self) -> None:
        """Have the group deal out what is ours as soon as the consumer stops; of members with names it waits for the session."""
        self._consumer._coordinator._group_instance_id = None

    def _count(self, fault: Exception, *, is_final: bool) -> None:
        self.faults += 1
        if is_final or self.faults >= MOST_FAULTS:
            reason = f"{type(fault).__name__}: {fault}".rstrip(": ")
            raise GroupLost(f"the consumer group  it does not have us: {reason} — see that all workers are of one kind") from None
