"""Why bytes cannot be taken as an event."""

from collections.abc import Iterable

from contracts.event import DeadReason

LONGEST_DETAIL = 500


class Refused(Exception):
    """Carries the reason and the detail of the dead letter that the bytes become; it never leaves the intake."""

    def __init__(self, reason: DeadReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail if len(detail) <= LONGEST_DETAIL else f"{detail[:LONGEST_DETAIL]}…"


def by_schema(faults: Iterable[str]) -> Refused:
    """Return the refusal for faults such as `order_id: missing`."""
    return Refused(DeadReason.SCHEMA, "; ".join(faults))
