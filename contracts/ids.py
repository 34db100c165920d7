"""Ids, computed from what they name and never drawn, so that a repeated batch writes the same rows."""

from functools import lru_cache
from hashlib import blake2b
from struct import Struct

SIGNS = "abcdefghijklmnopqrstuvwxyz234567"
PAIRS = [one + other for one in SIGNS for other in SIGNS]
PLACES = range(120, -1, -10)  # 128 bits and two of padding are 26 signs, written two by two

_length = Struct(">I").pack
_lengths = [_length(length) for length in range(128)]


def kind_of(case: str) -> str:
    """Return the kind of KIND/ID."""
    return case.partition("/")[0]


def problem_id(rule: str, case: str, watch_start: int, number: int) -> str:
    """number: problems of this watch before it, from 0; watch_start in microseconds since 1970."""
    return "prb_" + _hash(rule, case, watch_start, number)


def notice_id(problem: str, phase: str, number: int) -> str:
    """number: notices of that phase of the problem before it, from 0."""
    return "ntc_" + _hash(problem, phase, number)


def message_id(notice: str, channel: str) -> str:
    return "msg_" + _hash(notice, channel)


def trace_of(problem: str) -> int:
    """Return the trace of a problem, of 128 bits: every process that tells of it finds the same, and nothing has to keep it."""
    return int.from_bytes(blake2b(problem.encode(), digest_size=16).digest(), "big")


def span_of(name: str) -> int:
    """Return the span of a problem or a notice, of 64 bits. name: its id."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")


def mark_of(source: str, event_id: str) -> bytes:
    """Return the 8-byte mark by which a repeat of an event is known: its identity is (source, id)."""
    part, parts = event_id.encode(), _begun(source).copy()
    parts.update(_lengths[len(part)] if len(part) < len(_lengths) else _length(len(part)))
    parts.update(part)
    return parts.digest()


def number_of(mark: bytes) -> int:
    """Return a mark as it is stored among numbers."""
    return int.from_bytes(mark, "big", signed=True)


@lru_cache(maxsize=1024)
def _begun(source: str) -> blake2b:
    """Return the hash of a mark as far as the source goes: most events come from a few sources."""
    part = source.encode()
    return blake2b(_length(len(part)) + part, digest_size=8)


def _hash(*parts: str | int) -> str:
    joined = b""
    for part in parts:
        text = str(part).encode()
        joined += len(text).to_bytes(4, "big") + text
    bits = int.from_bytes(blake2b(joined, digest_size=16).digest(), "big") << 2
    return "".join([PAIRS[bits >> place & 1023] for place in PLACES])
