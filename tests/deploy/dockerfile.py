"""A Dockerfile read, and what is wrong with an image that is made by it."""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
HASHED = "pip install --quiet --require-hashes --only-binary :all: --requirement"
FROM_FILES = "--no-index"
NOBODY = re.compile(r"[1-9]\d{3,}:[1-9]\d{3,}")
NETWORK = re.compile(r"https?://|\b[\w-]+\.(?:io|com|org|net)\b")


@dataclass(frozen=True)
class Step:
    word: str
    text: str


def stages(dockerfile: str) -> list[list[Step]]:
    """Return the steps of each stage, FROM first. What stands before the first FROM is a stage of its own."""
    lines = re.sub(r"^\s*#.*\n", "", dockerfile, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    steps = [Step(*line.split(maxsplit=1)) for line in lines if line.strip()]
    found: list[list[Step]] = [[]]
    for step in steps:
        if step.word == "FROM":
            found.append([])
        found[-1].append(step)
    return found


def faults(dockerfile: str, ignored: str) -> Iterator[str]:
    """ignored: what .dockerignore says."""
    *_, build, image = stages(dockerfile)
    yield from _of_the_base(stages(dockerfile))
    yield from _of_what_is_copied(build, ignored)
    yield from _of_what_is_installed(build)
    yield from _of_the_image(image)
    if NETWORK.search(dockerfile.replace("http://127.0.0.1:8787", "")):
        yield "an address stands in it"


def _of_the_base(found: Sequence[Sequence[Step]]) -> Iterator[str]:
    if not found[0] or not found[0][0].text.startswith("BASE="):
        yield "BASE cannot be chosen"
    if [stage[0].text.split()[0] for stage in found[1:]] != ["${BASE}"] * 2:
        yield "not built in two stages on one base"


def _of_what_is_copied(build: Sequence[Step], ignored: str) -> Iterator[str]:
    copied = {source for step in build if step.word == "COPY" for source in step.text.split()[:-1]}
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    yield from (f"{package} is not copied" for package in wheel["packages"] if package not in copied)
    yield from (f"{source} is not there" for source in copied if not (ROOT / source).exists())
    yield from (f"{source} is kept out by .dockerignore" for source in copied if not _is_let_in(source, ignored))


def _is_let_in(source: str, ignored: str) -> bool:
    """Of the patterns that fit the last one counts, as in .dockerignore."""
    is_in = True
    for pattern in (line for line in ignored.splitlines() if line and not line.startswith("#")):
        if fnmatch(source, pattern.removeprefix("!")):
            is_in = pattern.startswith("!")
    return is_in


def _of_what_is_installed(build: Sequence[Step]) -> Iterator[str]:
    done = [command.strip() for step in build if step.word == "RUN" for command in step.text.split("&&")]
    installs = [command for command in done if "pip install" in command]
    yield from (f"installed without a lock: {each}" for each in installs if HASHED not in each and FROM_FILES not in each)
    for lock in ("build.lock", "run.lock"):
        if not any(each.endswith(f"{HASHED} {lock}") for each in installs):
            yield f"{lock} is not installed"
    if not any(FROM_FILES in each for each in installs):
        yield "tellfirst itself is not installed"
    if not any("chown" in each and "project/data" in each for each in done):
        yield "nobody may write to /project/data"


def _of_the_image(image: Sequence[Step]) -> Iterator[str]:
    last = {step.word: step.text for step in image}
    if NOBODY.fullmatch(last.get("USER", "root")) is None:
        yield "it runs as root"
    if "/livez" not in last.get("HEALTHCHECK", ""):
        yield "nobody can ask whether it lives"
    for word in ("ENTRYPOINT", "CMD"):
        if not _is_list(last.get(word, "")):
            yield f"{word}: a shell in front would not hand SIGTERM on"
    if last.get("VOLUME") != "/project/data":
        yield "what must survive is no volume"
    if any(step.word in ("RUN", "ADD") for step in image):
        yield "something is built in the stage that ships"
    secret = re.compile(r"TOKEN|PASSWORD|SECRET|KEY")
    yield from (f"a secret in it: {step.text}" for step in image if step.word in ("ENV", "ARG") and secret.search(step.text))


def _is_list(text: str) -> bool:
    return text.startswith("[") and all(isinstance(word, str) for word in json.loads(text))
