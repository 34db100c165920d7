"""What one request carries, a JSON array or one record per line, in; its records as bytes out."""

import msgspec

MOST_RECORDS = 50_000

_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_ONE = msgspec.json.Decoder(msgspec.Raw)


def read_batch(raw: bytes) -> list[bytes]:
    """Return the records of an array, of lines, or the one record that stands on several lines. Empty lines are left out.

    Whether each record is an event is not asked here. Raises ValueError for an array that is no JSON, and for too many records.
    """
    records = _items(raw) if raw.lstrip()[:1] == b"[" else _lines(raw)
    if len(records) > MOST_RECORDS:
        raise ValueError(f"{len(records)} records are more than {MOST_RECORDS}")
    return records


def _items(raw: bytes) -> list[bytes]:
    try:
        return [bytes(item) for item in _ARRAY.decode(raw)]
    except (msgspec.DecodeError, RecursionError) as wrong:
        raise ValueError(f"the array cannot be read: {wrong}") from None


def _lines(raw: bytes) -> list[bytes]:
    lines = [line for line in raw.splitlines() if line.strip()]
    return [raw.strip()] if len(lines) > 1 and _is_one(raw) else lines


def _is_one(raw: bytes) -> bool:
    try:
        _ONE.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True
