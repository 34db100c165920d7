"""The traces of tests/semantics as the rules of one project."""

import shutil
from pathlib import Path

import pytest

from rules.errors import Faulty
from streams.project import Project, load_project

SEMANTICS = Path(__file__).parent.parent / "semantics"
BESIDE = ("events.yaml", "choices.yaml")
TRACES = [path.stem for path in sorted(SEMANTICS.glob("*.yaml")) if path.name not in BESIDE]


def project_of_traces(folder: Path) -> Project:
    rules = folder / "rules"
    rules.mkdir()
    for path in SEMANTICS.glob("*.yaml"):
        shutil.copy(path, folder if path.name in BESIDE else rules)
    try:
        return load_project(folder)
    except Faulty as faulty:
        pytest.fail(str(faulty))
