"""Why bytes cannot be taken as an event."""

import re
from collections.abc import Iterable
from typing import Any

from contracts.event import DeadReason

LONGEST_DETAIL = 500
TYPE_NAMES = {"str": "text", "int": "integer", "float": "decimal", "array": "list", "Amount": "money"}


class Refused(Exception):
    """Carries the reason and the detail of the dead letter that the bytes become; it never leaves the intake."""

    def __init__(self, reason: DeadReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail if len(detail) <= LONGEST_DETAIL else f"{detail[:LONGEST_DETAIL]}…"


def by_schema(faults: Iterable[str]) -> Refused:
    """Return the refusal for faults such as `order_id: missing`."""
    return Refused(DeadReason.SCHEMA, "; ".join(faults))


def kind_of(value: Any) -> str:
    return {type(None): "null", list: "a list", str: "a text", bool: "a bool"}.get(type(value), "a number")


def in_our_words(fact: str) -> str:
    """Return what msgspec says with our names of types: "expected text, got integer"."""
    text = re.sub("`([^`]*)`", lambda found: " or ".join(TYPE_NAMES.get(each, each) for each in found[1].split(" | ")), fact)
    return text[:1].lower() + text[1:]
