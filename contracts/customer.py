"""Who is told: a customer's profile, what customer.updated carried, field by field the newest."""

from datetime import time
from zoneinfo import ZoneInfo

from msgspec import Struct

QUIET_FROM = time(21)
QUIET_UNTIL = time(8)


class Customer(Struct, frozen=True, kw_only=True):
    """channels: in the order wished, empty for no wish; objects_to: names of rules, classes or urgencies."""

    customer: str
    name: str | None = None
    language: str
    zone: ZoneInfo
    email: str | None = None
    phone: str | None = None
    channels: tuple[str, ...] = ()
    objects_to: frozenset[str] = frozenset()
    agrees_to: frozenset[str] = frozenset()
    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_UNTIL


UPDATED = "customer.updated"
PROFILE = frozenset(Customer.__struct_fields__) - {"customer"}
"""What an event of this type may carry of a profile."""
