"""On what was measured: the machine, the versions of what ran, the commit."""

import platform
import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count, sysconf
from pathlib import Path

from benchmarks.places import JVM_SOURCES, PYTHON_PEERS, ROOT
from benchmarks.rounds import Failed, run

PACKAGES = ("msgspec", "pydantic", "faust-streaming")
UNKNOWN = "unknown"


def machine() -> dict[str, str | int]:
    memory = sysconf("SC_PAGE_SIZE") * sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(),
        "cores": cpu_count() or 0,
        "memory_gib": round(memory / 2**30),
        "system": platform.system(),
    }


def versions() -> dict[str, str]:
    """Return what ran, by name."""
    java = re.findall(r"<(\w+)\.version>([^<]+)<", (JVM_SOURCES / "pom.xml").read_text())
    peers = dict(path.name.removesuffix(".dist-info").split("-") for path in PYTHON_PEERS.glob("bytewax-*.dist-info"))
    return (
        {"python": platform.python_version(), "java": _java()} | {each: _version(each) for each in PACKAGES} | peers | dict(java)
    )


def commit() -> str:
    """Return the commit that last changed what is measured, marked when files differ from it."""
    product = [
        "--",
        *tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"],
    ]
    try:
        changed = run(["git", "status", "--porcelain", *product]).strip()
        return run(["git", "log", "-1", "--format=%h", *product]).decode().strip() + (" and changes" if changed else "")
    except Failed:
        return UNKNOWN


def _processor() -> str:
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.processor() or UNKNOWN


def _java() -> str:
    try:
        return run(["java", "--version"]).decode().split()[1]
    except Failed:
        return UNKNOWN


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return UNKNOWN
