"""What tellfirst.yaml says of how a provider is treated: how long it is waited for, how much it gets, when it is left alone."""

import re

from msgspec.structs import replace

from contracts.times import DAY, HOUR, MINUTE, SECOND, length_text
from notifiers.channels.providers import Care, Patience, Rate
from rules.reading.part import Part

LONGEST_WAIT = 2 * MINUTE  # well below the courier's lease of five minutes
MOST_AT_ONCE, MOST_IN_A_ROW = 256, 1_000
SHORTEST_REST, LONGEST_REST = SECOND, HOUR
RATE = re.compile(r"([1-9]\d{0,6})\s*/\s*([smhd])")
PER = {"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}


def read_patience(own: Part) -> Patience:
    part = own.part("wait_at_most")
    if part is None:
        return Patience()
    read = {name: part.length(name) for name in ("connect", "answer", "total")}
    for name, length in read.items():
        if length is not None and length > LONGEST_WAIT:
            part.faults.refuse(part.place_of(name), f"`{name}` is too long", "write at most 2m")
    part.close()
    return Patience(**{name: length for name, length in read.items() if length is not None})


def read_care(own: Part, usual: Care) -> Care:
    """usual: what holds where nothing is said."""
    at_once, rate = _count(own, "at_once", most=MOST_AT_ONCE), _rate(own)
    care = replace(usual, rate=rate, at_once=usual.at_once if at_once is None else at_once)
    part = own.part("breaker")
    if part is None:
        return care
    after, rest = _count(part, "after", most=MOST_IN_A_ROW), _rest(part)
    part.close()
    return replace(care, rest_after=care.rest_after if after is None else after, rest=care.rest if rest is None else rest)


def _rate(own: Part) -> Rate | None:
    found = own.scalar("rate")
    if found is None:
        return None
    if (said := RATE.fullmatch(found.text)) is None:
        own.faults.refuse(found.place, f"'{found.text}' is not a rate", "write such as 10/s, 600/m, 5000/h or 20000/d")
        return None
    return Rate(int(said[1]), PER[said[2]])


def _rest(part: Part) -> int | None:
    rest = part.length("rest")
    if rest is None or SHORTEST_REST <= rest <= LONGEST_REST:
        return rest
    remedy = f"write a length from {length_text(SHORTEST_REST)} to {length_text(LONGEST_REST)}"
    part.faults.refuse(part.place_of("rest"), f"`rest` is {length_text(rest)}", remedy)
    return None


def _count(part: Part, key: str, *, most: int) -> int | None:
    found = part.scalar(key)
    if found is None:
        return None
    if not found.text.isdecimal() or not 1 <= int(found.text) <= most:
        part.faults.refuse(found.place, f"'{found.text}' is not a count", f"write a whole number from 1 to {most}")
        return None
    return int(found.text)
