"""Values into JSON and back: days and amounts of money come back as what they were."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from msgspec.json import Decoder, encode

from contracts.event import Citation
from contracts.message import Claim
from contracts.problem import Fact, Facts
from contracts.values import Day, FieldType, Money, from_plain, to_plain

TAGGED = {Day: FieldType.DATE, Money: FieldType.MONEY}
KINDS = {kind.value: kind for kind in TAGGED.values()}

_FACTS = Decoder(dict[str, tuple[Any, Citation | None]])
_CLAIMS = Decoder(list[tuple[str, Any, Citation | None]])


def to_json(value: Any) -> str:
    return encode(value).decode()


def facts_to_json(facts: Facts) -> str:
    return to_json({name: (tag(fact.value), fact.event) for name, fact in facts.items()})


@lru_cache(maxsize=1024)
def facts_from_json(text: str) -> Mapping[str, Fact]:
    """Return facts that nobody changes: a problem's are read several times while it is told."""
    return {name: Fact(untag(value), event) for name, (value, event) in _FACTS.decode(text).items()}


def claims_to_json(claims: Iterable[Claim]) -> str:
    return to_json([(claim.fact, tag(claim.value), claim.event) for claim in claims])


def claims_from_json(text: str) -> tuple[Claim, ...]:
    return tuple(Claim(fact, untag(value), event) for fact, value, event in _CLAIMS.decode(text))


def tag(value: Any) -> Any:
    """Return a day as {"date": …} and an amount as {"money": …}; all else is plain already."""
    kind = TAGGED.get(type(value))
    return value if kind is None else {kind.value: to_plain(value)}


def untag(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    [(kind, plain)] = value.items()
    return from_plain(KINDS[kind], plain)
