"""A stored profile becomes a customer: what is missing or broken falls back to the project's own, nobody is dropped."""

from collections.abc import Callable, Mapping
from datetime import time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from contracts.customer import QUIET_FROM, QUIET_UNTIL, Customer
from contracts.telling import Known
from contracts.times import find_zone


class Defaults(Struct, frozen=True, kw_only=True):
    """What the project says for customers who say nothing."""

    language: str = "en"
    zone: ZoneInfo = ZoneInfo("UTC")
    quiet_from: time = QUIET_FROM
    quiet_until: time = QUIET_UNTIL


def customer_of(row: Known, defaults: Defaults) -> Customer:
    profile = {field: newest[0] for field, newest in row.profile.items() if newest}
    return read_profile(row.customer, profile, defaults)


def read_profile(customer: str, profile: Mapping[str, Any], defaults: Defaults) -> Customer:
    told = {field: value for field in FIELDS.keys() & profile if (value := FIELDS[field](profile[field])) is not None}
    return Customer(customer=customer, **{**_fallback(defaults), **told})


@lru_cache
def _fallback(defaults: Defaults) -> Mapping[str, Any]:
    return structs.asdict(defaults)


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _zone(value: Any) -> ZoneInfo | None:
    return find_zone(_text(value) or "")


def _words(value: Any) -> tuple[str, ...]:
    """Return the words of a list, or of a text that parts them by commas or blanks."""
    if isinstance(value, str):
        return tuple(value.replace(",", " ").split())
    return tuple([word for word in value if isinstance(word, str)]) if isinstance(value, (list, tuple)) else ()


def _set(value: Any) -> frozenset[str]:
    return frozenset(_words(value))


def _clock(value: Any) -> time | None:
    """Return a local time such as 21:00."""
    try:
        clock = time.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if clock is None or clock.tzinfo else clock


FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "name": _text,
    "language": _text,
    "zone": _zone,
    "email": _text,
    "phone": _text,
    "channels": _words,
    "objects_to": _set,
    "agrees_to": _set,
    "quiet_from": _clock,
    "quiet_until": _clock,
}
"""How each field of a profile is read; what is None is missing or broken."""
