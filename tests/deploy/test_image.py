"""The image's Dockerfile keeps its word: nobody runs it, everything it installs has a hash, nothing in it names an address."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.deploy.dockerfile import ROOT, faults

IMAGE = ROOT / "deploy" / "image"
DOCKERFILE = (IMAGE / "Dockerfile").read_text(encoding="utf-8")
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8")
ENTRY = re.compile(r"^(\S+)==\S+.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


def test_it_is_without_fault() -> None:
    assert list(faults(DOCKERFILE, IGNORED)) == []


@pytest.mark.parametrize(
    ("said", "wrongly", "fault"),
    [
        ("USER 65532:65532\n", "", "it runs as root"),
        ("USER 65532:65532", "USER root", "it runs as root"),
        ("USER 65532:65532", "USER 0:0", "it runs as root"),
        ("VOLUME", "USER 0\nVOLUME", "it runs as root"),
        ("HEALTHCHECK", "# HEALTHCHECK", "nobody can ask whether it lives"),
        ("/livez", "/health", "nobody can ask whether it lives"),
        ('ENTRYPOINT ["tellfirst"]', "ENTRYPOINT tellfirst", "ENTRYPOINT: a shell in front would not hand SIGTERM on"),
        ("VOLUME /project/data\n", "", "what must survive is no volume"),
        ("COPY storage storage\n", "", "storage is not copied"),
        ("COPY rules rules\n", "COPY rules rules\nCOPY rulez rulez\n", "rulez is not there"),
        ("COPY rules rules\n", "COPY rules rules\nCOPY docs docs\n", "docs is kept out by .dockerignore"),
        (" --require-hashes --only-binary :all: --requirement run.lock", " faust-streaming", "run.lock is not installed"),
        ("chown -R 65532:65532 project/data", "true", "nobody may write to /project/data"),
        ("ARG BASE=", "ARG NEW=", "BASE cannot be chosen"),
        ("ARG BASE=", "ARG BASE=mirror.example.org/", "an address stands in it"),
        ("STOPSIGNAL SIGTERM\n", "ENV TELLFIRST_TOKEN=x\n", "a secret in it: TELLFIRST_TOKEN=x"),
        ("STOPSIGNAL SIGTERM\n", "RUN apt-get update\n", "something is built in the stage that ships"),
    ],
)
def test_what_was_changed_by_mistake_is_found(said: str, wrongly: str, fault: str) -> None:
    assert said in DOCKERFILE

    assert fault in list(faults(DOCKERFILE.replace(said, wrongly), IGNORED))


def test_what_is_kept_out_of_the_context_is_missed() -> None:
    assert list(faults(DOCKERFILE, IGNORED.replace("!contracts\n", ""))) == ["contracts is kept out by .dockerignore"]


@pytest.mark.parametrize("name", ["run.lock", "build.lock"])
def test_what_it_installs_is_of_the_lock_that_the_tests_ran_with(name: str) -> None:
    whole = entries(ROOT / "requirements.lock")

    own = entries(IMAGE / name)

    assert own, "make it anew: make lock"
    assert {package: said for package, said in own.items() if whole.get(package) != said} == {}
    assert all("--hash=sha256:" in said for said in own.values())


def test_it_has_what_tellfirst_needs_and_nothing_of_its_tests() -> None:
    packages = set(entries(IMAGE / "run.lock"))
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]

    assert {re.split(r"[^A-Za-z0-9_-]", each)[0] for each in needed} - packages == set(), "make it anew: make lock"
    assert packages.isdisjoint({"pytest", "mypy", "hatchling", "playwright", "uv"})


def entries(lock: Path) -> dict[str, str]:
    return {found[1].partition("[")[0]: found[0] for found in ENTRY.finditer(lock.read_text(encoding="utf-8"))}


def test_a_linter_finds_nothing(tmp_path: Path) -> None:
    assert lint(DOCKERFILE, tmp_path) == ""
    assert "DL3002" in lint(DOCKERFILE.replace("USER 65532:65532", "USER root"), tmp_path)


def lint(text: str, folder: Path) -> str:
    file = folder / "Dockerfile"
    file.write_text(text, encoding="utf-8")
    hadolint = Path(sys.executable).with_name("hadolint")
    return subprocess.run([hadolint, "--no-color", file], capture_output=True, text=True, timeout=60, check=False).stdout
