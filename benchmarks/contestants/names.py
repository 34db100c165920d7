"""Everybody who is measured over the stream: by which name, written how, started how."""

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from benchmarks.contestants.contestant import Contestant, Make
from benchmarks.contestants.floor import Floor
from benchmarks.contestants.ours import core, core_and_postgres, core_and_sqlite
from benchmarks.places import JVM, JVM_SOURCES, PYTHON_PEERS
from benchmarks.workload.rules import THREE, TWENTY, named

TITLES: Mapping[str, str] = {
    "decode": "decode alone (msgspec)",
    "core3": "tellfirst, the core, 3 rules",
    "pydantic3": "pydantic and a dictionary, 3 rules",
    "bytewax3": "bytewax, 3 rules",
    "faust3": "stock Faust, 3 rules",
    "esper3": "Esper, 3 rules",
    "flink3": "Flink, 3 rules",
    "core20": "tellfirst, the core, 20 rules",
    "esper20": "Esper, 20 rules",
    "core20_sqlite": "tellfirst, the core and SQLite, 20 rules",
    "core20_postgres": "tellfirst, the core and PostgreSQL, 20 rules",
}
OURS: Mapping[str, Make] = {
    "decode": Floor,
    "core3": partial(core, named(*THREE)),
    "core20": partial(core, TWENTY),
    "core20_sqlite": partial(core_and_sqlite, TWENTY),
    "core20_postgres": partial(core_and_postgres, TWENTY),
}
PYTHON: Mapping[str, tuple[str, str]] = {
    "pydantic3": ("benchmarks.peers.by_hand", "ByHand"),
    "bytewax3": ("benchmarks.peers.on_bytewax", "OnBytewax"),
    "faust3": ("benchmarks.peers.on_faust", "OnFaust"),
}
JAVA: Mapping[str, Sequence[str]] = {
    "esper3": ("tellfirst.EsperPeer", str(JVM_SOURCES / "three.epl")),
    "esper20": ("tellfirst.EsperPeer", str(JVM_SOURCES / "twenty.epl")),
    "flink3": ("tellfirst.FlinkPeer",),
}
RUN_JAVA = ("java", "-XX:+UseSerialGC", "-Xms2g", "-Xmx2g", "-cp", f"{JVM}/classes:{JVM}/lib/*")


def make(name: str, folder: Path) -> Contestant:
    """Return a contestant written in Python at its beginning. Raises ImportError for a peer that is not installed."""
    if name in OURS:
        return OURS[name](folder)
    sys.path.append(str(PYTHON_PEERS))
    module, attribute = PYTHON[name]
    contestant: Contestant = getattr(import_module(module), attribute)(folder)
    return contestant


def command(name: str, stream: Path) -> list[str]:
    """Return the command that measures a contestant once; it prints what benchmarks/once.py says."""
    if name in JAVA:
        main, *more = JAVA[name]
        return [*RUN_JAVA, main, str(stream), *more]
    return [sys.executable, "-m", "benchmarks.once", name, str(stream)]
