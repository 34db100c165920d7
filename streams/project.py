"""A project folder in: its settings, event types, mappings and rules, compiled and linted; or every fault of all of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.tell import Choice
from notifiers.lint import check
from rules.catalogue import Catalogue
from rules.compiler import RuleSet, compile_rules
from rules.errors import Fault, Faulty
from rules.loader import load_choices, load_events, survey
from rules.model import Place, Rule
from rules.reading.part import Faults
from rules.reading.terms import Terms
from rules.shipped import shipped_catalogue
from rules.suggest import did_you_mean
from rules.yaml import read_yaml
from streams.collecting import rare_collection
from streams.mapping import Mapping as EventMapping
from streams.mapping import load_mapping
from streams.settings import ProjectSettings, read_settings


@dataclass(frozen=True)
class Project:
    """warnings: what does not stop it from running, each with its place."""

    folder: Path
    settings: ProjectSettings
    catalogue: Catalogue
    choices: Mapping[str, Choice]
    mappings: Mapping[str, EventMapping]
    rules: tuple[Rule, ...]
    ruleset: RuleSet
    warnings: tuple[Fault, ...]


@dataclass
class _Reading:
    """What was found wrong so far; one part's faults do not keep the next from being read."""

    faults: list[Fault] = field(default_factory=list)

    @contextmanager
    def part(self) -> Iterator[None]:
        try:
            yield
        except Faulty as faulty:
            self.faults += faulty.faults


def load_project(folder: Path, overrides: Mapping[str, Any] | None = None) -> Project:
    """Load a project. overrides: settings that the environment names. Raises Faulty with the faults of every file, OSError."""
    with rare_collection():
        project = survey_project(folder, overrides)
    if any(not fault.warning for fault in project.warnings):
        raise Faulty(project.warnings)
    return project


def survey_project(folder: Path, overrides: Mapping[str, Any] | None = None) -> Project:
    """Load as much of a project as can be used, with the rules that compile; its warnings hold the faults too. Raises OSError."""
    reading = _Reading()
    settings, catalogue = ProjectSettings(), shipped_catalogue()
    choices: Mapping[str, Choice] | None = None  # which there are is not known while their file is at fault
    rules: tuple[Rule, ...] = ()
    with reading.part():
        settings = _settings(folder, reading, overrides)
    with reading.part():
        catalogue = _catalogue(folder, catalogue)
    with reading.part():
        choices = _choices(folder)
    mappings = dict(_mappings(folder, catalogue, reading))
    with reading.part():
        rules = _rules(folder, settings, catalogue, choices, reading)
    ruleset = _compiled(rules, catalogue, settings, reading)
    rules = tuple(rule for rule in rules if rule.name in ruleset.rules)
    reading.faults += lint(rules, ruleset, choices or {})
    return Project(folder, settings, catalogue, choices or {}, mappings, rules, ruleset, tuple(reading.faults))


def _compiled(rules: tuple[Rule, ...], catalogue: Catalogue, settings: ProjectSettings, reading: _Reading) -> RuleSet:
    """Return the rules whose expressions are right, compiled, so that their messages can be judged in the same run."""
    try:
        return compile_rules(rules, catalogue, forgetting=settings.forgetting)
    except Faulty as faulty:
        reading.faults += faulty.faults
        wrong = {fault.place.rsplit(":", 2)[0] for fault in faulty.faults}
        right = [rule for rule in rules if rule.place.file not in wrong]
        return compile_rules(right, catalogue, forgetting=settings.forgetting)


def lint(rules: tuple[Rule, ...], ruleset: RuleSet, choices: Mapping[str, Choice]) -> Iterator[Fault]:
    """Yield what the messages of these rules have wrong, at its place in the files, with the check's name in brackets.

    A wording that no file has was refused when the rule was read, with the detector that wants it.
    """
    for rule in rules:
        for finding in check(ruleset.tellings[rule.name], choices):
            written = rule.sections.get((finding.language, finding.section))
            if written is None and finding.section.startswith("what."):
                continue
            place = written.place_at(finding.offset) if written else rule.place
            yield Fault(str(place), finding.fact, f"{finding.remedy} [{finding.check}]", finding.warning)


def load_settings(folder: Path, overrides: Mapping[str, Any] | None = None) -> ProjectSettings:
    """Load what tellfirst.yaml says, and nothing else of the project. Raises Faulty, OSError."""
    reading = _Reading()
    with reading.part():
        settings = _settings(folder, reading, overrides)
    if any(not fault.warning for fault in reading.faults):
        raise Faulty(tuple(reading.faults))
    return settings


def _settings(folder: Path, reading: _Reading, overrides: Mapping[str, Any] | None) -> ProjectSettings:
    path, faults = folder / "tellfirst.yaml", Faults()
    settings = read_settings(read_yaml(path.read_bytes() if path.exists() else "", path.name), faults, overrides)
    reading.faults += faults.in_order()
    return settings


def _catalogue(folder: Path, shipped: Catalogue) -> Catalogue:
    path = folder / "events.yaml"
    return load_events(path, shipped) if path.exists() else shipped


def _choices(folder: Path) -> Mapping[str, Choice]:
    path = folder / "choices.yaml"
    return load_choices(path) if path.exists() else {}


def _mappings(folder: Path, catalogue: Catalogue, reading: _Reading) -> Iterator[tuple[str, EventMapping]]:
    for path in sorted((folder / "mappings").glob("*.yaml")):
        with reading.part():
            mapping = load_mapping(path.read_bytes(), f"mappings/{path.name}", catalogue)
            if mapping.name != path.stem:
                fact = f"it calls itself `{mapping.name}`, and is known by its file as `{path.stem}`"
                reading.faults.append(Fault(f"mappings/{path.name}:1:1", fact, f"write `mapping: {path.stem}`", warning=True))
            yield path.stem, mapping


def _rules(
    folder: Path, settings: ProjectSettings, catalogue: Catalogue, choices: Mapping[str, Choice] | None, reading: _Reading
) -> tuple[Rule, ...]:
    home = folder / "rules"
    if not home.is_dir():
        near = did_you_mean(
            "rules",
            [each.name for each in folder.iterdir() if each.is_dir()],
            otherwise="name the project with --project DIR, or make it here",
        )
        raise Faulty((Fault(str(Place(str(home), 1, 1)), "there is no folder of rules", near),))
    terms = Terms(catalogue=catalogue, zone=settings.zone, language=settings.language, desk=settings.desk, choices=choices)
    rules, faults = survey(home, terms)
    reading.faults += faults.in_order()
    return rules
