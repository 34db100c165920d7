"""Whether somebody else says that it is us: each fenced slot in, SameMember once that cannot be chance any more."""

from collections import deque
from collections.abc import Callable

from streams.kafka.errors import SameMember

TOO_OFTEN = 5
WITHIN_SECONDS = 60.0


class Fences:
    """A slot is taken over once in a rebalance. Two workers with one name take it from each other about once a second.

    member: by which the group knows us. elapsed: seconds, which never run back.
    """

    def __init__(self, member: str, elapsed: Callable[[], float]) -> None:
        self._member, self._elapsed = member, elapsed
        self._times: dict[int, deque[float]] = {}

    def fenced(self, slot: int) -> None:
        """Raises SameMember when this slot was taken from us 5 times within a minute."""
        now = self._elapsed()
        times = self._times.setdefault(slot, deque(maxlen=TOO_OFTEN))
        times.append(now)
        if len(times) == TOO_OFTEN and now - times[0] <= WITHIN_SECONDS:
            raise SameMember(
                f"slot {slot}  it was taken from us {TOO_OFTEN} times within a minute: another worker has our name "
                f"`{self._member}` — give each worker a name of its own: `kafka: member`, or TELLFIRST_KAFKA__MEMBER"
            )
