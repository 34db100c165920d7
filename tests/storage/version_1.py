"""A store as the first version of the schema left it: a parcel whose silence is armed, in either database."""

from pathlib import Path
from typing import Any

from msgspec import json

from storage.schema import VERSIONS, migrations
from storage.session import Session

LEFT = Path(__file__).with_name("a_store_of_version_1.json")


def left_in(session: Session) -> None:
    """Make the tables of version 1 in an empty database, and what a run had written to them."""
    version, name, text = migrations()[0]
    with session.transaction():
        for statement in (VERSIONS, *filter(str.strip, text.split(";\n"))):
            session.change(session.worded(statement))
        session.change("INSERT INTO schema_versions (version, name) VALUES (?, ?)", version, name)
        for table, rows in json.decode(LEFT.read_bytes()).items():
            for row in rows:
                columns, marks = ", ".join(f'"{column}"' for column in row), ", ".join("?" * len(row))
                session.change(f"INSERT INTO {table} ({columns}) VALUES ({marks})", *map(_value, row.values()))


def _value(value: Any) -> Any:
    """Return what stands in a column; of bytes the hexadecimal digits were kept."""
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value
