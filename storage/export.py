"""The documented export: rows of the store as plain fields that others can check us by; docs/export.md is the page of it."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any

from contracts.times import instant_text
from storage.rows import columns
from storage.session import Session

FORMAT = 1

FIELDS = {
    "problems": "problem rule case customer phase detector at found_at ended_by number watch_start says",
    "notices": "notice problem rule case customer phase says at found_at answer reason channel sent_at detector fact urgency",
    "promises": "notice problem rule case customer made_at deadline keep_at news_before state ended_at",
    "attempts": "message tries notice channel outcome began_at ended_at detail sent_in receipt receipt_at",
    "dead-letters": "source position reason detail at raw",
    "cases": "case customer layout ripe_at",
}
ROWS = {
    "problems": "phases ORDER BY opened_at, problem, place",
    "notices": 'notices ORDER BY at, "case", rule, found_at, notice',
    "promises": 'promises ORDER BY made_at, "case", rule, notice',
    "attempts": "attempts JOIN messages USING (message) ORDER BY began_at, message, tries",
    "dead-letters": "dead_letters ORDER BY at, source, position",
    "cases": 'cases ORDER BY "case"',
}
EXACT = ("at", "watch_start", "deadline")
NAMES = {table: tuple(fields.split()) for table, fields in FIELDS.items()}
INSTANTS = {table: tuple(name for name in names if name in EXACT or name.endswith("_at")) for table, names in NAMES.items()}


def export(session: Session, table: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of one table, oldest first. Raises KeyError for a table that is not exported."""
    for row in session.each(f"SELECT {columns(NAMES[table])} FROM {ROWS[table]}"):
        line = line_of(table, row)
        yield _with_text(line) if table == "dead-letters" else line


def line_of(table: str, row: Sequence[Any]) -> dict[str, Any]:
    """Return the line of a row, whose values are in the order of the table's names."""
    line = dict(zip(NAMES[table], row, strict=True))
    for name in INSTANTS[table]:
        line[name] = None if line[name] is None else instant_text(line[name])
    return line


def _with_text(line: dict[str, Any]) -> dict[str, Any]:
    """Add the bytes as text where they are UTF-8; raw is base64."""
    raw = line["raw"]
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = None
    return line | {"raw": b64encode(raw).decode(), "text": text}
