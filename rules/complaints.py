"""What YAML says when it stumbles in; place, fact and remedy as a person who wrote a rule needs them out.

An expression or a text often begins or continues with a sign that means something else to YAML: `!`, `: `, a quote, a brace.
"""

import re
from typing import Any

from rules.errors import Fault, fault
from rules.model import Place

FOR_EXPRESSIONS = "put the expression on its own line after `|`, or write `not`"
FOR_TEXTS = "put the text in quotes, or on its own line after `|`"

INDENT = "begin both in the same column; a line that has others below it ends in `:`"

_KEY = re.compile(r"\s+[A-Za-z_][\w. ?-]*")
_ENTRY = re.compile(r"^\s*(?:- +)*(?P<key>[A-Za-z_][\w. ?-]*):\s+(?P<value>\S.*)$")
_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*(#.*)?""")
_EXPRESSIONS = ("when", "if", "where", "clear", "by")


def explain(complaint: Any, text: str, file: str) -> Fault:
    """Return the fault for what YAML complained of."""
    mark = getattr(complaint, "problem_mark", None)
    line, column = (mark.line, mark.column) if mark else _line_and_column(text, getattr(complaint, "position", 0))
    place = Place(file, line + 1, column + 1)
    return _misplaced(complaint, text, place) or stumbled(text, place) or fault(place, *_plainly(complaint))


def _misplaced(complaint: Any, text: str, place: Place) -> Fault | None:
    """Return the fault of a line that is sound in itself, and stands too far in or out for the one before it."""
    lines, problem = text.split("\n"), getattr(complaint, "problem", None) or ""
    before = lines[place.line - 1][: place.column - 1] if place.line <= len(lines) else ""
    stands_out = problem == "did not find expected key" and not before.strip()
    stands_in = problem.startswith("mapping values are not allowed") and _KEY.fullmatch(before) is not None
    if not stands_out and not stands_in:
        return None
    start = Place(place.file, place.line, len(before) - len(before.lstrip()) + 1)
    return fault(start, "this line does not fit the one before it", INDENT)


def stumbled(text: str, place: Place) -> Fault | None:
    """Return the fault of a value that begins or continues with a sign of YAML, if the line at hand has one."""
    lines = text.split("\n")
    entry = _ENTRY.match(lines[place.line - 1]) if place.line <= len(lines) else None
    if entry is None:
        return None
    sign = _sign(entry["value"])
    if sign is None:
        return None
    noun, remedy = ("expression", FOR_EXPRESSIONS) if entry["key"] in _EXPRESSIONS else ("text", FOR_TEXTS)
    start = Place(place.file, place.line, entry.start("value") + 1)
    return fault(start, f"YAML does not read this as one {noun}, because {sign}", remedy)


def _sign(value: str) -> str | None:
    first = value[0]
    if first == "!":
        return "a leading `!` is a tag"
    if first in "'\"":
        return None if _QUOTED.fullmatch(value) else "more follows the quoted part"
    if first in "{[%@`*&":
        return f"of its leading `{first}`"
    return "of the `: ` in it" if ": " in value else None


def _plainly(complaint: Any) -> tuple[str, str]:
    problem = getattr(complaint, "problem", None)
    if problem is None:
        return "this character may not stand in YAML", "take it out"
    if "tab" in problem or "cannot start any token" in problem:
        return f"YAML stumbles here: {problem}", "indent with spaces, and put a text that begins with a sign in quotes"
    return f"YAML stumbles here: {problem}", "look at the indentation, the brackets and the quotes before this place"


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n"), offset - (before.rfind("\n") + 1)
