"""A stored profile becomes a customer: what is missing or broken falls back to the project's own, nobody is dropped."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from contracts.customer import QUIET_FROM, QUIET_UNTIL, Customer
from contracts.times import find_zone
from notifiers.ports import CustomerRow


class Defaults(Struct, frozen=True, kw_only=True):
    """What the project says for customers who say nothing."""

    language: str = "en"
    zone: ZoneInfo = ZoneInfo("UTC")
    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_UNTIL


def customer_of(row: CustomerRow, defaults: Defaults) -> Customer:
    """Return the customer of a profile's row, whose fields are [value, time, event id]."""
    profile = {field: newest[0] for field, newest in row.profile.items() if newest}
    return read_profile(row.customer, profile, defaults)


def read_profile(customer: str, profile: Mapping[str, Any], defaults: Defaults) -> Customer:
    """Return the customer whose profile has these fields."""
    return Customer(
        customer=customer,
        name=_text(profile.get("name")),
        language=_text(profile.get("language")) or defaults.language,
        zone=find_zone(_text(profile.get("zone")) or "") or defaults.zone,
        email=_text(profile.get("email")),
        phone=_text(profile.get("phone")),
        channels=tuple(_words(profile.get("channels"))),
        objects_to=frozenset(_words(profile.get("objects_to"))),
        agrees_to=frozenset(_words(profile.get("agrees_to"))),
        quiet_from=_clock(profile.get("quiet_from"), defaults.quiet_from),
        quiet_until=_clock(profile.get("quiet_until"), defaults.quiet_until),
    )


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _words(value: Any) -> Iterable[str]:
    """Return the words of a list, or of a text that parts them by commas or blanks."""
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return [word for word in value if isinstance(word, str)] if isinstance(value, (list, tuple)) else ()


def _clock(value: Any, default: time) -> time:
    """Return a local time such as 21:00; a broken one falls back."""
    try:
        clock = time.fromisoformat(value) if isinstance(value, str) else default
    except ValueError:
        return default
    return default if clock.tzinfo else clock
