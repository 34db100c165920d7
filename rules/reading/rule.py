"""One rule file in, with its texts in other languages; the rule as it was written out."""

from collections.abc import Mapping
from dataclasses import replace

from contracts.tell import Wording
from rules.fingerprint import fingerprint
from rules.model import Rule
from rules.reading.detectors import read_detectors
from rules.reading.examples import Examples
from rules.reading.facts import fact_types, read_facts
from rules.reading.lines import Sayable
from rules.reading.messages import Sections, read_message
from rules.reading.part import Faults, Part, shape
from rules.reading.reads import types_read
from rules.reading.tells import no_tell, read_tell
from rules.reading.terms import LANGUAGE, RULE_NAME, Terms, Watched, one_kind
from rules.yaml import Map, Node

NEEDED = {
    "rule": "give the rule a name, such as `rule: late-parcel`",
    "title": "say in a line what it finds",
    "watch": "write the kind of case, such as `watch: parcel`",
    "detect": "write at least one detector",
    "message": "write what the customer hears",
}
DETECTING = ("rule", "watch", "detect")


def read_rule_parts(node: Node, translations: Mapping[str, Node], terms: Terms, faults: Faults) -> Rule | None:
    """Return the rule, or None where it cannot detect as it is written. translations: language to what its file holds.

    Where something else in it is at fault it is returned too, and the caller must refuse it when `faults` is closed.
    """
    part = mapping_of(node, faults)
    if part is None:
        return None
    for key, remedy in NEEDED.items():
        part.need(key, remedy)
    before = faults.refused
    rule = _detecting(part, terms)
    detects = faults.refused == before and all(key in part for key in DETECTING)
    rule = _telling(rule, part, translations, terms)
    rule = _tested(rule, part, terms, detects=detects)
    part.close()
    return replace(rule, fingerprint=fingerprint(rule)) if detects else None


def mapping_of(node: Node, faults: Faults) -> Part | None:
    if isinstance(node, Map):
        return Part(node, faults)
    faults.refuse(node.place, f"the file is {shape(node)}", "begin with `rule:`, and write one key on a line")
    return None


def _detecting(part: Part, terms: Terms) -> Rule:
    """Return the rule as far as detection goes, with a `tell` of defaults."""
    name, kind = _name(part), part.scalar("watch")
    watched = Watched(one_kind(kind, terms.catalogue, part.faults) if kind else "", terms, part.faults)
    solved_by, moot_by = _until(part, watched)
    facts = read_facts(part.part("facts"), watched)
    tell, again = read_tell(no_tell(part), {}, reads=(), rule=name, desk=terms.desk)
    return Rule(
        name=name,
        title=part.text("title"),
        owner=part.text("owner", terms.desk),
        watch=watched.kind,
        opens_on=watched.types(part, "from"),
        once=bool(part.flag("once")),
        solved_by=solved_by,
        moot_by=moot_by,
        facts=facts,
        detectors=read_detectors(part.part("detect"), watched),
        again=again,
        tell=tell,
        wordings={},
        sections={},
        tests=(),
        fingerprint="",
        place=part.place_of("rule"),
    )


def _name(part: Part) -> str:
    found = part.scalar("rule")
    if found and RULE_NAME.fullmatch(found.text) is None:
        part.faults.refuse(
            found.place,
            f"'{found.text}' is not a name for a rule",
            "write letters, digits, - and _, at most 100, such as late-parcel",
        )
    return found.text if found else ""


def _until(part: Part, watched: Watched) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the event types that solve and those that make moot; one type or a list alone means solved."""
    if "until" not in part or not isinstance(part.entries["until"][1], Map):
        return watched.types(part, "until"), ()
    ends = part.part("until")
    if ends is None:
        return (), ()
    solved_by, moot_by = watched.types(ends, "solved"), watched.types(ends, "moot")
    ends.close()
    for both in (each for each in moot_by if each in solved_by):
        part.faults.refuse(ends.place_of("moot"), f"`{both}` is both solved and moot", "name it in one of them")
    return solved_by, moot_by


def _telling(rule: Rule, part: Part, translations: Mapping[str, Node], terms: Terms) -> Rule:
    types = fact_types(part, rule.facts, terms.catalogue)
    written = part.part("tell") or no_tell(part)
    tell, again = read_tell(written, types, reads=types_read(rule, terms.catalogue), rule=rule.name, desk=terms.desk)
    wordings, sections = _wordings(rule, part, translations, terms)
    return replace(rule, tell=tell, again=again, wordings=wordings, sections=sections)


def _wordings(rule: Rule, part: Part, translations: Mapping[str, Node], terms: Terms) -> tuple[dict[str, Wording], Sections]:
    message, spoken = part.part("message"), _language(part, terms)
    if message is None:
        return {}, {}
    wording, sections = read_message(message, spoken, rule.detectors, choices=None, terms=terms)
    wordings = {spoken: wording}
    for language, node in translations.items():
        file = mapping_of(node, part.faults)
        if language == spoken:
            part.faults.refuse(node.place, f"`{language}` is the language of the rule's own file", "name it for another one")
        translated = file and _translated(file, language, rule, wording, terms)
        if translated:
            wordings[language], more = translated
            sections |= more
    return wordings, sections


def _language(part: Part, terms: Terms) -> str:
    """Return the language of the rule's own message: the project's, where the file names none."""
    found = part.scalar("language")
    if found and LANGUAGE.fullmatch(found.text) is None:
        part.faults.refuse(found.place, f"'{found.text}' is not a language", "write such as `language: en`")
    return found.text if found else terms.language


def _translated(file: Part, language: str, rule: Rule, own: Wording, terms: Terms) -> tuple[Wording, Sections] | None:
    file.need("message", "write the sections of the rule in this language")
    message = file.part("message")
    file.close()
    return read_message(message, language, rule.detectors, choices=own.choices, terms=terms) if message else None


def _tested(rule: Rule, part: Part, terms: Terms, *, detects: bool) -> Rule:
    sayable = Sayable(
        rule=rule.name,
        detectors=tuple(each.name for each in rule.detectors),
        facts=tuple(each.name for each in rule.facts),
        says=tuple(dict.fromkeys(each.says for each in rule.detectors)),
        solved_by=rule.solved_by,
        moot_by=rule.moot_by,
        known=detects,
    )
    return replace(rule, tests=Examples(terms, sayable, part.faults).read(part.items("tests")))
