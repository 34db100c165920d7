"""Peers that are not in the lock: bytewax from the Python index, Esper and Flink from Maven; who does not come, and why."""

import sys
import tomllib

from benchmarks.contestants.names import JAVA
from benchmarks.places import JVM_SOURCES, PYTHON_PEERS, ROOT
from benchmarks.rounds import Failed, run, say


def get_peers() -> dict[str, str]:
    """Install and build the peers under build/; return the names of those that cannot take part, with the reason."""
    return {**_python(), **_java()}


def _python() -> dict[str, str]:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["peers"]
    mark = PYTHON_PEERS / "-".join(wanted)
    if mark.exists():
        return {}
    say(f"getting {', '.join(wanted)}")
    try:
        run([sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(PYTHON_PEERS), *wanted])
    except Failed as failure:
        return {"bytewax3": f"pip: {failure}"}
    mark.touch()
    return {}


def _java() -> dict[str, str]:
    say("getting Esper and Flink")
    try:
        run(["mvn", "-q", "-B", "-f", str(JVM_SOURCES / "pom.xml"), "compile"])
    except Failed as failure:
        return dict.fromkeys(JAVA, f"Maven: {failure}")
    return {}
