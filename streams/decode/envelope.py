"""The CloudEvents 1.0 envelope in JSON: bytes in, its attributes out, with the data still unread.

Specification: CloudEvents 1.0.2, JSON event format. Attributes that we do not know are extensions, and ignored.
"""

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from contracts.event import DeadReason
from streams.decode.limits import LONGEST_ID, LONGEST_SOURCE, LONGEST_SUBJECT, has_control
from streams.decode.refused import Refused, by_schema, in_our_words

VERSION = "1.0"
NOTHING = Raw(b"")


class Envelope(Struct, gc=False):
    specversion: str
    id: str
    source: str
    type: str
    time: str | None = None
    subject: str | None = None
    data: Raw = NOTHING
    datacontenttype: str | None = None
    data_base64: Raw | UnsetType = UNSET


_DECODER = msgspec.json.Decoder(Envelope)


def open_envelope(raw: bytes) -> Envelope:
    """Return the envelope of bytes that passed check_bytes. Raises Refused."""
    try:
        envelope = _DECODER.decode(raw)
    except msgspec.ValidationError as wrong:
        raise _refused(str(wrong)) from None
    except msgspec.DecodeError as wrong:
        raise Refused(DeadReason.SYNTAX, str(wrong)) from None
    if envelope.data_base64 is not UNSET or envelope.datacontenttype is not None or envelope.specversion != VERSION:
        _check_form(envelope)
    if envelope.data is NOTHING:
        raise by_schema(["data: missing"])
    _check_names(envelope)
    return envelope


def _refused(fact: str) -> Refused:
    what, _, path = fact.partition(" - at ")
    if what.startswith("Object missing required field"):
        return by_schema([f"{what.split('`')[1]}: missing"])
    field = path.strip("`").removeprefix("$").removeprefix(".")
    reason = DeadReason.SUBJECT if field == "subject" else DeadReason.SCHEMA
    return Refused(reason, f"{field or 'the record'}: {in_our_words(what)}")


def _check_form(envelope: Envelope) -> None:
    if envelope.specversion != VERSION:
        raise by_schema([f"specversion: '{envelope.specversion[:20]}' is not {VERSION}"])
    if envelope.data_base64 is not UNSET:
        raise by_schema(["data_base64: data in bytes is not read; send it as JSON in `data`"])
    name = (envelope.datacontenttype or "application/json").partition(";")[0].strip().lower()
    if name != "application/json" and not name.endswith("+json"):
        raise by_schema([f"datacontenttype: '{name[:100]}' is not JSON"])


def _check_names(envelope: Envelope) -> None:
    if not 0 < len(envelope.id) <= LONGEST_ID or has_control(envelope.id):
        raise by_schema([f"id: needs 1 to {LONGEST_ID} characters, none of them a control character"])
    if not 0 < len(envelope.source) <= LONGEST_SOURCE or has_control(envelope.source):
        raise by_schema([f"source: needs 1 to {LONGEST_SOURCE} characters, none of them a control character"])
    subject = envelope.subject
    if subject is not None and (len(subject) > LONGEST_SUBJECT or has_control(subject)):
        raise Refused(DeadReason.SUBJECT, f"needs at most {LONGEST_SUBJECT} characters, none of them a control character")
