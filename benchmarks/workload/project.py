"""Detectors by name in, a project folder with a rule for each out, and what tellfirst makes of it."""

from collections.abc import Mapping
from pathlib import Path
from shutil import copyfile

from benchmarks.places import EVENTS
from benchmarks.workload.rules import text_of
from streams.project import Project, load_project


def write_project(folder: Path, detectors: Mapping[str, str], *, events: Path = EVENTS) -> Path:
    """Write a project of these rules; what else is in its folder of rules goes."""
    rules = folder / "rules"
    rules.mkdir(parents=True, exist_ok=True)
    for old in rules.glob("*.yaml"):
        old.unlink()
    copyfile(events, folder / "events.yaml")
    for name, detector in detectors.items():
        (rules / f"{name}.yaml").write_text(text_of(name, detector), encoding="utf-8")
    return folder


def project_of(folder: Path, detectors: Mapping[str, str], *, events: Path = EVENTS) -> Project:
    return load_project(write_project(folder, detectors, events=events))
