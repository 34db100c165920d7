"""A project's files in; its rules, event types and choices out, or every fault of all of them. Only here are files opened."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from contracts.tell import Choice
from rules.catalogue import Catalogue
from rules.choices import read_choices
from rules.errors import Fault, Faulty
from rules.model import Place, Rule
from rules.reading.events import read_events
from rules.reading.part import Faults
from rules.reading.rule import read_rule_parts
from rules.reading.terms import LANGUAGE, Terms
from rules.suggest import did_you_mean
from rules.yaml import Node, read_yaml

UTC = ZoneInfo("UTC")
_STEM = re.compile(rf"(?P<stem>.+)\.(?P<language>{LANGUAGE.pattern})")


@dataclass(frozen=True)
class Loaded:
    """The rules in the order of their files. warnings: what does not stop them from loading."""

    rules: tuple[Rule, ...]
    warnings: tuple[Fault, ...]


@dataclass(frozen=True)
class _File:
    """One rule file with those that hold its message in other languages, as far as they are YAML."""

    shown: str
    content: Node
    translations: Mapping[str, Node]


def load_rules(
    folder: Path,
    catalogue: Catalogue,
    *,
    zone: ZoneInfo = UTC,
    language: str = "en",
    desk: str = "desk",
    choices: Mapping[str, Choice] | None = None,
) -> Loaded:
    """Read every rule of a folder. zone: the project's. choices: None when they are not to be checked.

    Raises Faulty with all faults and warnings of all files.
    """
    terms = Terms(catalogue=catalogue, zone=zone, language=language, desk=desk, choices=choices)
    rules, faults = survey(folder, terms)
    return Loaded(rules, faults.close())


def survey(folder: Path, terms: Terms) -> tuple[tuple[Rule, ...], Faults]:
    """Return what can be read of a folder and all that is wrong with it.

    The rules are those that detect as they are written, also where something else in them is at fault, so that their expressions
    can be checked in the same run.
    """
    faults, rules = Faults(), []
    for file in _files(folder, faults):
        rule = read_rule_parts(file.content, file.translations, terms, faults)
        rules += [rule] if rule else []
    _check_together(rules, faults)
    return tuple(rules), faults


def read_rule(
    text: str,
    file: str,
    catalogue: Catalogue,
    *,
    zone: ZoneInfo = UTC,
    language: str = "en",
    desk: str = "desk",
    choices: Mapping[str, Choice] | None = None,
    translations: Mapping[str, str] | None = None,
) -> Rule:
    """Read one rule from its text. translations: language to the text of that file. Raises Faulty."""
    faults = Faults()
    terms = Terms(catalogue=catalogue, zone=zone, language=language, desk=desk, choices=choices)
    others = {name: read_yaml(other, _in_language(file, name)) for name, other in (translations or {}).items()}
    rule = read_rule_parts(read_yaml(text, file), others, terms, faults)
    warnings = faults.close()
    if rule is None:
        raise Faulty(warnings)
    return rule


def load_events(path: Path, base: Catalogue) -> Catalogue:
    """Return the catalogue with a project's own event types, those of the same name replaced. Raises Faulty."""
    return base.with_types(read_events(read_yaml(path.read_bytes(), path.name)))


def load_choices(path: Path) -> Mapping[str, Choice]:
    """Return the choices of a project by their ids. Raises Faulty."""
    return read_choices(read_yaml(path.read_bytes(), path.name))


def library() -> Path:
    """Return the folder with the shipped rules."""
    return Path(__file__).parent / "library"


def _files(folder: Path, faults: Faults) -> list[_File]:
    paths = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    for other in sorted(folder.glob("*.yml")):
        faults.warn(Place(_shown(other), 1, 1), f"{other.name} is not read", f"name it {other.stem}.yaml")
    nodes = {stem: _read(path, faults) for stem, path in paths.items()}
    languages: dict[str, dict[str, Node]] = {}
    for stem, found in ((stem, found) for stem in paths if (found := _STEM.fullmatch(stem))):
        if found["stem"] not in paths:
            remedy = did_you_mean(found["stem"], paths, otherwise="name it after the rule's own file")
            faults.refuse(Place(_shown(paths[stem]), 1, 1), f"there is no {found['stem']}.yaml beside it", remedy)
        if (node := nodes[stem]) is not None:
            languages.setdefault(found["stem"], {})[found["language"]] = node
    return [
        _File(_shown(path), node, languages.get(stem, {}))
        for stem, path in paths.items()
        if not _STEM.fullmatch(stem) and (node := nodes[stem]) is not None
    ]


def _read(path: Path, faults: Faults) -> Node | None:
    try:
        return read_yaml(path.read_bytes(), _shown(path))
    except Faulty as faulty:
        faults.take(faulty)
        return None


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _in_language(file: str, language: str) -> str:
    return f"{file.removesuffix('.yaml')}.{language}.yaml"


def _check_together(rules: Sequence[Rule], faults: Faults) -> None:
    """Fault a name that two rules have; warn of a cause, or of a rule beside a test, that no rule is named.

    A shipped rule may name another as its cause, and stand in a project without it.
    """
    first: dict[str, Rule] = {}
    shipped = {path.stem for path in library().glob("*.yaml")}
    for rule in rules:
        if rule.name in first and rule.name:
            faults.refuse(
                rule.place, f"there is a rule `{rule.name}` already, at {first[rule.name].place}", "give one of them another name"
            )
        first.setdefault(rule.name, rule)
    for rule in rules:
        for cause in (each for each in rule.tell.unless_open if each not in first and each not in shipped):
            remedy = did_you_mean(cause, first, otherwise="take it out of `unless_open`, or add the rule")
            faults.warn(rule.place, f"no rule of this project is named `{cause}`", remedy)
        for test, other in ((each, name) for each in rule.tests for name in each.with_rules if name not in first):
            faults.refuse(
                test.place,
                f"no rule of this project is named `{other}`",
                did_you_mean(other, first, otherwise="take it out of `with`"),
            )
