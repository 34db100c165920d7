"""A message becomes the JSON that a webhook gets; docs/channels.md says what stands in it."""

from typing import Any

from msgspec import json

from contracts.message import About, Claim, Posted, Recipient
from contracts.times import instant_text
from contracts.values import FieldType, from_plain, spell

VERSION = 1
TYPE = "message.send"


def as_payload(message: Posted) -> bytes:
    """Return the body, the same each time it is made."""
    return json.encode({
        "type": TYPE,
        "version": VERSION,
        "timestamp": instant_text(message.composed_at),
        "data": {
            "message": message.message,
            "channel": message.channel,
            "customer": message.customer,
            "to": _to(message.to, message.channel),
            "language": message.language,
            "title": message.title,
            "text": message.text,
            "html": message.html if message.channel == "email" else None,
            "sections": message.sections,
            "says_sorry": message.says_sorry,
            "stop_link": message.stop_link,
            "notices": [_notice(about) for about in message.about],
        },
    })  # fmt: skip


def _to(to: Recipient, channel: str) -> dict[str, str | None]:
    """Return of the customer what this channel needs, and nothing else."""
    match channel:
        case "email":
            return {"name": to.name, "email": to.email}
        case "sms":
            return {"phone": to.phone}
        case _:
            return {}


def _notice(about: About) -> dict[str, Any]:
    return {
        "notice": about.notice,
        "problem": about.problem,
        "rule": about.rule,
        "case": about.case,
        "phase": about.phase.value,
        "hear_again": None if about.hear_again is None else instant_text(about.hear_again),
        "claims": [_claim(claim, about.kinds[claim.fact]) for claim in about.claims],
    }


def _claim(claim: Claim, kind: FieldType) -> dict[str, Any]:
    event = claim.event
    cited = event and {"id": event.id, "source": event.source, "type": event.type, "time": instant_text(event.time)}
    return {"fact": claim.fact, "value": spell(kind, from_plain(kind, claim.value)), "event": cited}
