"""What came of applying one event to one case."""

from collections.abc import Sequence
from typing import NamedTuple

from contracts.event import Fate
from contracts.problem import Finding


class Applied(NamedTuple):
    """fate: applied, or repeated when the case knew the event."""

    fate: Fate
    findings: Sequence[Finding]
