"""A project that runs as it is, a way to ask the command line, and a way to start it as a process."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner, Result

from rules.loader import library
from streams.generator import generate
from tellfirst.cli import app
from tellfirst.demo.folder import make_folder
from tellfirst.init.folder import make_project
from tests.tellfirst.house import House

Ask = Callable[..., Result]


@pytest.fixture
def ask() -> Ask:
    """Ask the command line: the words go in, exit code and both outputs come out; what it raises is raised."""

    def run(*words: str, input: str | None = None) -> Result:
        return CliRunner().invoke(app, list(words), input=input, catch_exceptions=False, prog_name="tellfirst")

    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the shipped rules and nothing else."""
    folder = tmp_path / "shop"
    copytree(library(), folder / "rules")
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A newcomer's project."""
    folder = tmp_path / "shop"
    make_project(folder)
    return folder


@pytest.fixture
def house(project: Path) -> Iterator[House]:
    """The project as a process that can be started and killed."""
    house = House(project)
    yield house
    house.close()


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project into which a small shop's week was replayed; to be looked at, not changed."""
    folder = tmp_path_factory.mktemp("week") / "shop"
    file = make_folder(folder, generate(1, customers=100))
    done = CliRunner().invoke(app, ["--project", str(folder), "events", "replay", str(file)], catch_exceptions=False)
    assert done.exit_code == 0
    return folder


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [each for each in os.environ if each.startswith("TELLFIRST_")]:
        monkeypatch.delenv(name)
    yield
