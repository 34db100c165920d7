"""The `detect` part: each detector in, from the lightest to the gravest; its record as written out."""

from collections.abc import Callable
from typing import TypedDict

from contracts.times import MINUTE
from rules.model import Detector, Expect, Place, Sequence, Silence, When, Written
from rules.reading.part import Part, shape
from rules.reading.terms import Watched, may_be_named
from rules.yaml import Map

MOST_DETECTORS = 12
MOST_STEPS = 8
GRACE = 2 * MINUTE
NOWHERE = Written("", (Place("", 1, 1),))

KINDS = ("expect", "silence", "when", "sequence")
KEYS = {
    "by": "expect",
    "of": "expect",
    "after": "silence",
    "longer_than": "silence",
    "for": "when",
    "clear": "when",
    "not": "sequence",
    "within": "expect` or `sequence",
}
SHARED = ("where", "if", "grace", "says")


class Common(TypedDict):
    name: str
    says: str
    grace: int
    only_where: Written | None
    only_if: Written | None
    place: Place


def read_detectors(part: Part | None, watched: Watched) -> tuple[Detector, ...]:
    if part is None:
        return ()
    if not 1 <= len(part.entries) <= MOST_DETECTORS:
        part.faults.refuse(
            part.place, f"a rule has 1 to {MOST_DETECTORS} detectors, not {len(part.entries)}", "split it into several rules"
        )
    found = [_read(part, name, watched) for name in part.entries]
    return tuple(each for each in found if each is not None)


def _read(detect: Part, name: str, watched: Watched) -> Detector | None:
    written, node = detect.entries[name]
    may_be_named(written, "detector", detect.faults)
    if not isinstance(node, Map):
        detect.faults.refuse(
            node.place, f"the detector `{name}` is {shape(node)}", "write its keys below it, such as `when:` and `says:`"
        )
        return None
    part = Part(node, detect.faults)
    kind = _kind(part, name)
    if kind is None:
        return None
    _misplaced(part, kind)
    detector = READERS[kind](part, _common(part, name, written.place), watched)
    part.known.extend(SHARED)
    part.close()
    return detector


def _kind(part: Part, name: str) -> str | None:
    named = [kind for kind in KINDS if kind in part]
    if len(named) == 1:
        return named[0]
    if named:
        part.faults.refuse(
            part.place_of(named[1]), f"`{name}` has both `{named[0]}` and `{named[1]}`", "make two detectors of it"
        )
        return None
    part.known.extend(KINDS)
    if not [part.unknown(key) for key in part.entries if key not in (*KEYS, *SHARED)]:
        fact = f"the detector `{name}` does not say what to look for"
        part.faults.refuse(part.place, fact, "give it one of `expect`, `silence`, `when` or `sequence`")
    return None


def _misplaced(part: Part, kind: str) -> None:
    """Fault a key that belongs to another kind of detector, and `where` beside `when`, which names no event."""
    for key, owner in KEYS.items():
        if key in part and kind not in owner:
            part.known.append(key)
            part.faults.refuse(
                part.place_of(key), f"`{key}` belongs to `{owner}`, not to `{kind}`", "take it out, or make another detector"
            )
    if kind == "when" and "where" in part:
        part.faults.refuse(
            part.place_of("where"),
            "`where` chooses among events, and `when` names none",
            "write `count(EVENT where …, 24h)` in the condition",
        )


def _common(part: Part, name: str, place: Place) -> Common:
    grace = part.length("grace", least=0)
    return {
        "name": name,
        "says": _says(part),
        "grace": GRACE if grace is None else grace,
        "only_where": part.expression("where"),
        "only_if": part.expression("if"),
        "place": place,
    }


def _says(part: Part) -> str:
    part.need("says", "write which wording of the message it picks, such as `says: may be late`")
    found = part.scalar("says")
    if found and found.text.split(" ")[0] not in ("may", "is"):
        part.faults.refuse(
            found.place,
            f"'{found.text}' begins with neither `may` nor `is`",
            "begin with how certain it is, such as `may be late` or `is late`",
        )
    return found.text if found else ""


def _expect(part: Part, common: Common, watched: Watched) -> Expect:
    awaited, of = watched.types(part, "expect"), watched.types(part, "of")
    by, within = part.expression("by"), _within(part)
    if ("by" in part) == ("within" in part):
        fact = "has both `by` and `within`" if "by" in part else "says neither `by` when nor `within` which time"
        part.faults.refuse(part.place_of("within"), f"`expect` {fact}", "write one of `by: FACT` and `within: 24h`")
    if "of" in part and "within" not in part:
        part.faults.refuse(part.place_of("of"), "`of` stands without `within`", "write `within: 24h` and `of: EVENT`")
    return Expect(**common, awaited=awaited, by=by, within=within, of=of)


def _within(part: Part) -> int | None:
    found = part.scalar("within")
    length, between, event = found.text.partition(" of ") if found else ("", "", "")
    if found is None or not between:
        return part.length("within")
    remedy = f"write `within: {length.strip()}`, and `of: {event.strip()}` on a line of its own"
    part.faults.refuse(found.place, f"'{found.text}' is two things in one", remedy)
    return None


def _silence(part: Part, common: Common, watched: Watched) -> Silence:
    part.need("longer_than", "write how long the silence may last, such as `longer_than: 36h`")
    awaited, after = watched.types(part, "silence"), watched.types(part, "after")
    return Silence(**common, awaited=awaited, after=after, longer_than=part.length("longer_than") or 0)


def _when(part: Part, common: Common, watched: Watched) -> When:
    return When(
        **common, condition=part.expression("when") or NOWHERE, lasting=part.length("for"), clear=part.expression("clear")
    )


def _sequence(part: Part, common: Common, watched: Watched) -> Sequence:
    part.need("within", "write how long the whole may take, such as `within: 6h`")
    steps = tuple(watched.type_of(text) for text in part.steps("sequence"))
    if not 2 <= len(steps) <= MOST_STEPS:
        part.faults.refuse(
            part.place_of("sequence"),
            f"a sequence has 2 to {MOST_STEPS} steps, not {len(steps)}",
            "write them as [FIRST, SECOND]",
        )
    return Sequence(**common, steps=steps, within=part.length("within") or 0, broken_by=watched.types(part, "not"))


READERS: dict[str, Callable[[Part, Common, Watched], Detector]] = {
    "expect": _expect,
    "silence": _silence,
    "when": _when,
    "sequence": _sequence,
}
