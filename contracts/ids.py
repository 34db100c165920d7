"""Ids, computed from what they name and never drawn, so that a repeated batch writes the same rows."""

from hashlib import blake2b

SIGNS = "abcdefghijklmnopqrstuvwxyz234567"
PAIRS = [one + other for one in SIGNS for other in SIGNS]
PLACES = range(120, -1, -10)  # 128 bits and two of padding are 26 signs, written two by two


def problem_id(rule: str, case: str, watch_start: int, number: int) -> str:
    """number: problems of this watch before it, from 0; watch_start in microseconds since 1970."""
    return "prb_" + _hash(rule, case, watch_start, number)


def notice_id(problem: str, phase: str, number: int) -> str:
    """number: notices of that phase of the problem before it, from 0."""
    return "ntc_" + _hash(problem, phase, number)


def message_id(notice: str, channel: str) -> str:
    return "msg_" + _hash(notice, channel)


def mark_of(source: str, event_id: str) -> int:
    """Return the 8-byte mark by which a repeat of an event is known: its identity is (source, id)."""
    first, second = source.encode(), event_id.encode()
    parts = len(first).to_bytes(4, "big") + first + len(second).to_bytes(4, "big") + second
    return int.from_bytes(blake2b(parts, digest_size=8).digest(), "big", signed=True)


def _hash(*parts: str | int) -> str:
    joined = b""
    for part in parts:
        text = str(part).encode()
        joined += len(text).to_bytes(4, "big") + text
    bits = int.from_bytes(blake2b(joined, digest_size=16).digest(), "big") << 2
    return "".join([PAIRS[bits >> place & 1023] for place in PLACES])
