"""A rule in; the hash of its meaning out, the same whatever its comments, the order of its keys, its tests, title or owner are.

The order of the detectors is meaning: it is from the lightest to the gravest.
"""

from base64 import b32encode
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from typing import Any

from msgspec import Struct, json, structs

from rules.model import Place, Rule, Written

MEANINGLESS = frozenset({"title", "owner", "tests", "sections", "fingerprint", "place"})


def fingerprint(rule: Rule) -> str:
    """Return 128 bits of hash as 26 letters and digits."""
    meaning = {each.name: _plain(getattr(rule, each.name)) for each in fields(rule) if each.name not in MEANINGLESS}
    meaning["facts"] = sorted(meaning["facts"], key=str)
    digest = blake2b(json.encode(meaning, order="deterministic"), digest_size=16).digest()
    return b32encode(digest).decode().rstrip("=").lower()


def _plain(value: Any) -> Any:
    match value:
        case Place():
            return None
        case Written():
            return value.text.strip()
        case Struct():
            return {name: _plain(each) for name, each in structs.asdict(value).items()}
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
    if is_dataclass(value):
        return [type(value).__name__, {each.name: _plain(getattr(value, each.name)) for each in fields(value)}]
    return value
