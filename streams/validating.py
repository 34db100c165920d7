"""Records in, what would become of those that are not well out; nothing is applied."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from contracts.event import DeadReason
from streams.intake import Intake


class Finding(Struct, frozen=True):
    """One thing about one line. reason: why it would be a dead letter, None for a warning about a line that can be taken."""

    line: int
    reason: DeadReason | None
    detail: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason or 'warning'}: {self.detail}"


def validate(lines: Iterable[bytes], intake: Intake, *, arrived: int | None = None) -> Iterator[Finding]:
    """Yield findings in the order of the lines; empty lines are passed over. arrived: as in Intake.read."""
    for number, line in enumerate(lines, start=1):
        if not (raw := line.strip()):
            continue
        record = intake.read(raw, arrived=arrived, position=number)
        if record.letter is not None:
            yield Finding(number, record.letter.reason, record.letter.detail)
            continue
        warnings = [
            *record.warnings,
            *(f"the key `{key}` stands twice in one object; the last counts" for key in doubled_keys(raw)),
        ]
        yield from (Finding(number, None, warning) for warning in warnings)


def doubled_keys(raw: bytes) -> list[str]:
    """Return the keys that stand more than once in one object of a record that can be read, each once, in order."""
    doubled: dict[str, None] = {}

    def note(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                doubled[key] = None
            seen.add(key)

    json.loads(raw, object_pairs_hook=note, parse_int=str, parse_float=str)
    return list(doubled)
