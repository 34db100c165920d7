"""What no reader of JSON should be given: bytes are checked here before anything else looks at them."""

import re
from collections.abc import Sequence

from contracts.event import DeadReason
from streams.decode.refused import Refused

LARGEST = 256 * 1024
DEEPEST = 64
LONGEST_ID = 256
LONGEST_SOURCE = 256
LONGEST_SUBJECT = 512

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*+\\u0000")
_SHALLOW = 4 * DEEPEST  # an object that opens before this is not deeper than DEEPEST: each around it takes `{"":`
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_OPENS, _CLOSES = b"{[", b"}]"
_BRACE, _BRACKET, _BACKSLASH, _DELETE = b"{[\\\x7f"  # to look for one byte as a number is much faster than as bytes
_BEFORE_CONTROL = 0xC2  # with which UTF-8 begins every control character that is not ASCII


def is_harmless(raw: bytes) -> bool:
    """Whether bytes are so plain that, if they are JSON, check_bytes passes them and no text holds a control character."""
    return (
        len(raw) <= LARGEST
        and (raw.isascii() or (_BEFORE_CONTROL not in raw and _is_utf8(raw)))
        and _BACKSLASH not in raw
        and _DELETE not in raw
        and ((raw.rfind(_BRACE) < _SHALLOW and _BRACKET not in raw) or _opens(raw) <= DEEPEST)
    )


def are_harmless(raws: Sequence[bytes]) -> bool:
    """Whether all of these are; one look at them together is cheaper than one at each."""
    together = b"".join(raws)
    return (
        len(together) <= LARGEST
        and _BACKSLASH not in together
        and _DELETE not in together
        and _BRACKET not in together
        and _BRACE not in b"".join([raw[_SHALLOW:] for raw in raws])
        and (together.isascii() or (_BEFORE_CONTROL not in together and _are_utf8(raws)))
    )


def check_bytes(raw: bytes) -> None:
    """Refuse what is too large, not UTF-8, nested too deep, or holds a NUL, which databases cannot keep."""
    if len(raw) > LARGEST:
        raise Refused(DeadReason.SIZE, f"{len(raw)} bytes are more than {LARGEST}")
    if not raw.isascii():
        _check_utf8(raw)
    if _opens(raw) > DEEPEST and depth_of(raw) > DEEPEST:
        raise Refused(DeadReason.SYNTAX, f"nested more than {DEEPEST} deep")
    if _BACKSLASH in raw and _NUL.search(raw):
        raise Refused(DeadReason.SYNTAX, "a text holds a NUL character")


def _are_utf8(raws: Sequence[bytes]) -> bool:
    return all(map(_is_utf8, [raw for raw in raws if not raw.isascii()]))


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _check_utf8(raw: bytes) -> None:
    try:
        raw.decode()
    except UnicodeDecodeError as wrong:
        raise Refused(DeadReason.SYNTAX, f"byte {wrong.start} is not UTF-8") from None


def _opens(raw: bytes) -> int:
    return raw.count(_BRACE) + (raw.count(_BRACKET) if _BRACKET in raw else 0)


def depth_of(raw: bytes) -> int:
    """Return how deep brackets are nested outside of texts; in time proportional to the bytes, whatever they hold."""
    depth = deepest = 0
    for byte in _STRING.sub(b"", raw):
        if byte in _OPENS:
            depth += 1
            deepest = max(deepest, depth)
        elif byte in _CLOSES:
            depth -= 1
    return deepest


def has_control(text: str) -> bool:
    """Whether a control character stands in the text."""
    return not text.isprintable() and _CONTROL.search(text) is not None
