"""The `message` part: its sections in one language in, the wording and the place of every section out."""

from collections.abc import Mapping, Sequence

from contracts.tell import REQUIRED, Wording
from rules.model import Detector, Written
from rules.reading.part import Part
from rules.reading.terms import Terms
from rules.suggest import did_you_mean

Sections = dict[tuple[str, str], Written]


def what_section(says: str) -> str:
    """Return the name of the section with the wording of a `says`."""
    return f"what.{says}"


def read_message(
    part: Part, language: str, detectors: Sequence[Detector], *, choices: tuple[str, ...] | None, terms: Terms
) -> tuple[Wording, Sections]:
    """choices: those of the rule's own file, for a file in another language; None where they are read here."""
    sections: Sections = {}
    what = _what(part, language, detectors, sections)
    texts = {
        name: _section(part, name, language, sections)
        for name in ("effect", "why", "sorry", "doing", "you_need_to", "cleared", "solved", "corrected")
    }
    for name, remedy in REQUIRED.items():
        part.need(name, remedy)
    if any(each.says.startswith("is") for each in detectors):
        part.need("sorry", "say that we are sorry, because the rule says that something `is` wrong")
    offered = _choices(part, terms) if choices is None else choices
    part.close()
    return _wording(language, what, texts, offered), sections


def _wording(language: str, what: Mapping[str, str], texts: Mapping[str, str | None], choices: tuple[str, ...]) -> Wording:
    return Wording(
        language=language,
        what=what,
        effect=texts["effect"] or "",
        why=texts["why"] or "",
        sorry=texts["sorry"],
        doing=texts["doing"] or "",
        you_need_to=texts["you_need_to"] or "",
        choices=choices,
        cleared=texts["cleared"] or "",
        solved=texts["solved"] or "",
        corrected=texts["corrected"],
    )


def _section(part: Part, name: str, language: str, sections: Sections, *, called: str | None = None) -> str | None:
    found = part.scalar(name)
    if found is None:
        return None
    sections[language, called or name] = found.written
    return found.text.rstrip()


def _what(part: Part, language: str, detectors: Sequence[Detector], sections: Sections) -> dict[str, str]:
    part.need("what", "say what happened, once for every `says`")
    wordings = part.part("what")
    if wordings is None:
        return {}
    said = {each.says for each in detectors}
    missing = [each for each in detectors if each.says and each.says not in wordings]
    for each in missing:
        remedy = did_you_mean(each.says, wordings.entries, otherwise=f"write `{each.says}:` below `what`")
        part.faults.refuse(wordings.place, f"there is no wording for `{each.says}`, which `{each.name}` says", remedy)
    for unused in (key for key in wordings.entries if key not in said and not missing):
        part.faults.warn(
            wordings.place_of(unused), f"no detector says `{unused}`", "take the wording out, or let a detector say it"
        )
    return {says: _section(wordings, says, language, sections, called=what_section(says)) or "" for says in wordings.entries}


def _choices(part: Part, terms: Terms) -> tuple[str, ...]:
    part.need("choices", "list what the customer can choose, or write `choices: []`")
    offered = part.words("choices", may_be_empty=True)
    known = terms.choices
    for each in offered if known is not None else ():
        if known is not None and each.text not in known:
            remedy = did_you_mean(each.text, known, otherwise="describe it in choices.yaml")
            part.faults.refuse(each.place, f"there is no choice `{each.text}`", remedy)
    return tuple(each.text for each in offered)
