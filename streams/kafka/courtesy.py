"""How far the slots are, told to Kafka for tools that show lag; the truth is the database's, so nothing here may fail."""

from collections.abc import Mapping

import structlog
from aiokafka.errors import KafkaError as ClientError

from streams.kafka.claims import Claim
from streams.kafka.log import Log, Where

log = structlog.get_logger()


class Courtesy:
    """Commits to our group what has changed, and never less than it has: after a restore it still shows how far we had been.

    failed: how often it did not work.
    """

    def __init__(self, brokers: Log) -> None:
        self._log = brokers
        self._told: dict[Where, int] = {}
        self.failed = 0

    async def tell(self, claims: Mapping[int, Claim]) -> None:
        reached = {(topic, slot): offset for slot, claim in claims.items() for topic, offset in claim.next.items()}
        try:
            if unknown := [where for where in reached if where not in self._told]:
                self._told |= dict.fromkeys(unknown, 0) | dict(await self._log.committed(unknown))
            if news := {where: offset for where, offset in reached.items() if offset > self._told[where]}:
                await self._log.commit(news)
                self._told |= news
        except (ClientError, TimeoutError) as fault:
            self.failed += 1
            log.debug("offsets were not told to Kafka", reason=type(fault).__name__)

    def forget(self) -> None:
        """Others may tell Kafka of these slots from now on."""
        self._told.clear()
