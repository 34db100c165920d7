"""Whether somebody else says that it is us: the epoch of each claim in, SameMember once that cannot be chance any more."""

from collections import deque
from collections.abc import Callable

from streams.kafka.claims import Claim
from streams.kafka.errors import SameMember

TOO_OFTEN, TOO_OFTEN_FOR_THE_ELDER = 6, 9
WITHIN_SECONDS = 45.0
ELDER_AFTER_SECONDS = 60.0


class Fences:
    """Two workers with one name take their slots from each other every second or so. A rebalance does so now and then.

    Whoever was there first is more patient: the other ends, and it goes on.
    member: by which the group knows us. elapsed: seconds, which never run back.
    """

    def __init__(self, member: str, elapsed: Callable[[], float]) -> None:
        self._member, self._elapsed = member, elapsed
        self._began = elapsed()
        self._epochs: dict[int, int] = {}
        self._taken: dict[int, deque[float]] = {}

    def claimed(self, claim: Claim) -> None:
        """Raises SameMember when somebody had this slot between two claims of ours again and again."""
        before, self._epochs[claim.slot] = self._epochs.get(claim.slot), claim.epoch
        if before is not None and claim.epoch > before + 1:
            self._count(claim.slot)

    def _count(self, slot: int) -> None:
        now = self._elapsed()
        most = TOO_OFTEN if now - self._began < ELDER_AFTER_SECONDS else TOO_OFTEN_FOR_THE_ELDER
        taken = self._taken.setdefault(slot, deque(maxlen=TOO_OFTEN_FOR_THE_ELDER))
        taken.append(now)
        if len(taken) >= most and now - taken[-most] <= WITHIN_SECONDS:
            raise SameMember(
                f"slot {slot}  it was taken from us {most} times within {WITHIN_SECONDS:.0f} seconds: another worker has our "
                f"name `{self._member}` — give each worker a name of its own: `kafka: member`, or TELLFIRST_KAFKA__MEMBER"
            )
