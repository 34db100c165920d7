"""Where the benchmarks read and write; all that can be made anew is under build/."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
HERE = ROOT / "benchmarks"
BUILD = ROOT / "build" / "benchmarks"
JVM = BUILD / "jvm"
PYTHON_PEERS = BUILD / "python"
EVENTS = HERE / "workload" / "events.yaml"
JVM_SOURCES = HERE / "peers" / "jvm"
RESULTS = HERE / "results.json"
PLOTS = ROOT / "docs" / "performance"
