"""An expression's text comes in, its words, numbers, texts and signs go out, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from contracts.times import parse_length
from rules.expression.faults import ExpressionError, refuse

MAX_BYTES = 4096
MAX_INTEGER = 2**63

SIGNS = {"&&": "and", "||": "or", "!": "not"}
WORDS = frozenset({"and", "or", "not", "in", "true", "false", "null", "where"})
MISTAKES = {
    "=": "write `==` to compare",
    "&": "write `and`",
    "|": "write `or`",
    "<>": "write `!=`",
    "===": "write `==`",
    ";": "write one expression only",
    "**": "write a multiplication; there is no power",
}

_PIECE = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
      | (?P<text>(?:[rR][bB]?|[bB][rR]?)?(?:\"\"\"|'''|"|'))
      | (?P<number>0[xX][0-9a-fA-F]+|(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?|(?:\d+[wdhms])+|\d+)\w*)
      | (?P<word>[A-Za-z_]\w*)
      | (?P<mistake>===|<>|\*\*|=(?!=)|&(?!&)|\|(?!\|)|;)
      | (?P<sign>&&|\|\||[=!<>]=|[-+*/%!<>()\[\].,?:])""",
    re.VERBOSE | re.ASCII,
)
_ESCAPE = re.compile(
    r"""\\(?:([\\"'`?])|([abfnrtv])|x([0-9a-fA-F]{2})|X([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|)"""
)
_SHORT = dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True))


@dataclass(frozen=True, slots=True)
class Token:
    """kind: name, word, sign, integer, decimal, length (whole microseconds), text or end; spelling: as it was written."""

    kind: str
    spelling: str
    offset: int
    value: int | float | str = ""

    def shown(self) -> str:
        return "the end" if self.kind == "end" else f"`{self.spelling}`"


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a text, an `end` last. Raises ExpressionError."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise refuse(0, "the expression is longer than 4 KiB", "split it into several detectors")
    return [*_tokens(text), Token("end", "", len(text))]


def _tokens(text: str) -> Iterator[Token]:
    offset = 0
    while offset < len(text):
        piece = _PIECE.match(text, offset)
        if piece is None or piece.lastgroup is None:
            raise refuse(offset, f"`{text[offset]}` means nothing in an expression", "take it away, or put texts in quotes")
        token, offset = _token(piece.lastgroup, piece.group(), text, offset)
        if token is not None:
            yield token


def _token(group: str, spelling: str, text: str, offset: int) -> tuple[Token | None, int]:
    after = offset + len(spelling)
    match group:
        case "space":
            return None, after
        case "text":
            return _quoted(spelling, text, offset)
        case "number":
            return _number(spelling, offset), after
        case "mistake":
            raise refuse(offset, f"`{spelling}` is no operator", MISTAKES[spelling])
        case "word":
            return Token("word" if spelling in WORDS else "name", spelling, offset), after
        case _:
            return Token("sign", spelling, offset), after


def _number(spelling: str, offset: int) -> Token:
    """Return an integer, a decimal or a duration."""
    if re.fullmatch(r"0[xX][0-9a-fA-F]+|\d+", spelling):
        return _integer(spelling, offset)
    if re.fullmatch(r"\d*\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+", spelling):
        if not isfinite(float(spelling)):
            raise refuse(offset, f"`{spelling}` is too large a number", "write one below 1e308")
        return Token("decimal", spelling, offset, float(spelling))
    if re.fullmatch(r"(0[xX][0-9a-fA-F]+|\d+)[uU]", spelling):
        raise refuse(offset, "there are no unsigned numbers here", f"write `{spelling[:-1]}`")
    try:
        return Token("length", spelling, offset, parse_length(spelling))
    except ValueError:
        remedy = "write whole numbers with w, d, h, m or s, in this order, such as 14d or 1d12h"
        raise refuse(offset, f"`{spelling}` is neither a number nor a duration", remedy) from None


def _integer(spelling: str, offset: int) -> Token:
    value = int(spelling, 16) if spelling[:2] in ("0x", "0X") else int(spelling)
    if value > MAX_INTEGER:  # 2**63 itself may still stand after a minus: the parser looks
        raise refuse(offset, f"`{spelling}` is too large a whole number", "write one below 9223372036854775808, or a decimal")
    return Token("integer", spelling, offset, value)


def _quoted(opening: str, text: str, offset: int) -> tuple[Token, int]:
    """Return the text in quotes that begins here, and the offset behind it. CEL's quotes and escapes, raw ones too."""
    prefix, quote = opening.rstrip("\"'").lower(), opening.lstrip("rRbB")
    if "b" in prefix:
        raise refuse(offset, "there are no bytes here", "write the text without `b`")
    start = offset + len(opening)
    end = _closing(text, start, quote)
    if end < 0 or (len(quote) == 1 and "\n" in text[start:end]):
        raise refuse(offset, "the text in quotes does not end", f"close it with {quote}")
    inner = text[start:end]
    value = inner if prefix else _ESCAPE.sub(lambda found: _unescaped(found, start), inner)
    return Token("text", text[offset : end + len(quote)], offset, value), end + len(quote)


def _closing(text: str, start: int, quote: str) -> int:
    found = re.compile(rf"(?:\\.|(?!{quote}).)*", re.DOTALL).match(text, start)
    end = found.end() if found else start
    return end if text.startswith(quote, end) else -1


def _unescaped(found: re.Match[str], start: int) -> str:
    same, short, *codes = found.groups()
    if same or short:
        return same or _SHORT[short]
    for digits, radix in zip(codes, (16, 16, 16, 16, 8), strict=True):
        if digits and (code := int(digits, radix)) <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
            return chr(code)
    raise _bad_escape(start + found.start())


def _bad_escape(offset: int) -> ExpressionError:
    return refuse(offset, "this `\\` begins no escape", "write `\\\\` for a backslash")
