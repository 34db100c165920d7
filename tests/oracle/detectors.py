"""From the `detect:` of a rule to its detectors for a new watch."""

from tests.oracle.absence import Expect, Silence
from tests.oracle.catalogue import Plain
from tests.oracle.detector import Detector
from tests.oracle.memory import Memory
from tests.oracle.sequence import Sequence
from tests.oracle.when import When

KINDS: dict[str, type[Detector]] = {"expect": Expect, "silence": Silence, "sequence": Sequence, "when": When}


def detectors(detect: Plain, memory: Memory, opening: int) -> list[Detector]:
    """Return the detectors of a rule for a new watch, from the lightest to the gravest."""
    return [
        next(kind for word, kind in KINDS.items() if word in text)(name, order, text, memory, opening)
        for order, (name, text) in enumerate(detect.items())
    ]
