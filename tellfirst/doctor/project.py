"""A project: what its files have wrong, what it says in which language, what its mappings make of samples, whom it reaches."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

from contracts.times import find_zone, length_text, parse_instant
from notifiers.channels.opening import Provided
from notifiers.channels.providers import Care
from notifiers.composing import Sender
from rules.errors import Faulty
from streams.files import records
from streams.intake import Intake
from streams.mapping import Mapping as EventMapping
from streams.project import Project
from tellfirst import wiring
from tellfirst.doctor.finding import Finding, halves
from tellfirst.stopping import Stopped

SAMPLES = "samples"
MOST_SHOWN = 5
LONG_AFTER = parse_instant("9000-01-01T00:00:00Z")


def look_at_project(folder: Path, *, connect: bool) -> Iterator[Finding]:
    try:
        project = wiring.sound_part_of(folder)
    except Faulty as faulty:
        yield from (Finding("project", False, f"{fault.place}  {fault.fact}", fault.remedy) for fault in faulty.faults)
        return
    except Stopped as stopped:
        yield from (Finding("project", False, *halves(Exception(line))) for line in stopped.lines)
        return
    except OSError as fault:
        yield Finding("project", False, str(fault), "let this user read it")
        return
    yield from _files(project)
    yield from _languages(project)
    yield from _mappings(project)
    yield from _channels(project, connect)


def _files(project: Project) -> Iterator[Finding]:
    for fault in project.warnings:
        yield Finding("project", None if fault.warning else False, f"{fault.place}  {fault.fact}", fault.remedy)
    if all(fault.warning for fault in project.warnings):
        yield Finding("project", True, f"{len(project.ruleset.rules)} rules, {len(project.catalogue.types)} event types")
    offered = {choice for rule in project.rules for wording in rule.wordings.values() for choice in wording.choices}
    for choice in sorted(set(project.choices) - offered):
        yield Finding("project", None, f"choices.yaml  no rule offers `{choice}`", "offer it, or take it out")


def _languages(project: Project) -> Iterator[Finding]:
    """A rule that lacks a language in which others speak would speak to those customers in another one."""
    spoken = sorted({language for rule in project.rules for language in rule.wordings})
    lacks = [(rule, language) for rule in project.rules for language in spoken if language not in rule.wordings]
    for rule, language in lacks:
        stem = rule.place.file.removesuffix(".yaml")
        fact = f"{rule.place.file}  says nothing in `{language}`, in which other rules speak"
        yield Finding("languages", False, fact, f"write {stem}.{language}.yaml")
    if spoken and not lacks:
        yield Finding("languages", True, f"every rule speaks {', '.join(spoken)}")


def _mappings(project: Project) -> Iterator[Finding]:
    for name, mapping in project.mappings.items():
        sample = project.folder / SAMPLES / f"{name}.jsonl"
        if sample.is_file():
            yield from _sample(project, mapping, sample)
        else:
            fact = f"mappings/{name}.yaml has no sample to be tried on"
            yield Finding("mappings", None, fact, f"put a record of each kind into {SAMPLES}/{name}.jsonl")


def _sample(project: Project, mapping: EventMapping, sample: Path) -> Iterator[Finding]:
    shown, intake = (
        f"{SAMPLES}/{sample.name}",
        Intake(project.catalogue, source="doctor", mapping=mapping, zone=project.settings.zone),
    )
    wrong = 0
    for number, raw in enumerate(records(sample), 1):
        if (fact := _said_of(raw, intake, number)) is not None:
            wrong += 1
            if wrong <= MOST_SHOWN:
                yield Finding("mappings", False, f"{shown}:{number}  {fact}", "mend the mapping, or the sample")
    if wrong > MOST_SHOWN:
        yield Finding(
            "mappings", False, f"{shown}  {wrong - MOST_SHOWN} more records like that", "mend the mapping, or the sample"
        )
    if not wrong:
        yield Finding("mappings", True, f"{shown} becomes events, every record")


def _said_of(raw: bytes, intake: Intake, number: int) -> str | None:
    """Return what is wrong with what a mapping makes of a record, None where nothing is."""
    record = intake.read(raw, arrived=LONG_AFTER, position=number)
    if record.letter is not None:
        return f"{record.letter.reason}: {record.letter.detail}"
    if not record.events:
        return "no entry of the mapping makes an event of it"
    zones = [str(event.data["zone"]) for event in record.events if event.data.get("zone") is not None]
    unknown = [f"there is no time zone '{zone}'" for zone in zones if find_zone(zone) is None]
    return next(iter([*unknown, *record.warnings]), None)


def _channels(project: Project, connect: bool) -> Iterator[Finding]:
    if project.settings.sender.name == Sender().name:
        remedy = "set `sender: {name: …}` in tellfirst.yaml"
        yield Finding("channels", None, f"messages come from “{Sender().name}”", remedy)
    used = dict.fromkeys(word for rule in project.rules for word in rule.tell.channels)
    if without := [word for word in used if word not in project.settings.channels]:
        yield Finding(
            "channels", None, f"{', '.join(without)}: no provider, so messages stay in the local outbox", "docs/channels.md"
        )
    try:
        channels = wiring.reach_of(project).channels
    except Stopped as stopped:
        yield from (Finding("channels", False, *halves(Exception(line))) for line in stopped.lines)
        return
    providers = {word: channel for word, channel in channels.items() if isinstance(channel, Provided)}
    for word, provider in project.settings.channels.items():
        yield Finding("channels", True, f"{word}: {_treated(provider.care)}")
    if connect:
        yield from asyncio.run(_knock(providers))
    elif providers:
        yield Finding("channels", None, f"{', '.join(providers)}: has a provider", "`tellfirst doctor --connect` knocks at it")


def _treated(care: Care) -> str:
    rate = f", {care.rate.count} per {length_text(care.rate.per)}" if care.rate else ""
    rest = f"left alone for {length_text(care.rest)} after {care.rest_after} tries without an answer"
    return f"{care.at_once} at once{rate}; {rest}"


async def _knock(providers: Mapping[str, Provided]) -> list[Finding]:
    found = []
    for word, provider in providers.items():
        hinders = await provider.knock()
        found.append(
            Finding("channels", True, f"{word}: the provider is there")
            if hinders is None
            else Finding("channels", False, f"{word}: {hinders}", "see docs/channels.md, and ask whoever runs it")
        )
        await provider.aclose()
    return found
