"""What is wrong with what people wrote, and where.

Faulty      what was read cannot be used; carries every Fault that one run found
"""

from dataclasses import dataclass

from rules.model import Place


@dataclass(frozen=True, order=True)
class Fault:
    """A place, a fact and a remedy; a warning does not stop the rule from loading."""

    place: str
    fact: str
    remedy: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.place}  {'warning: ' if self.warning else ''}{self.fact} — {self.remedy}"


class Faulty(Exception):
    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def fault(place: Place, fact: str, remedy: str) -> Fault:
    return Fault(str(place), fact, remedy)


def warning(place: Place, fact: str, remedy: str) -> Fault:
    return Fault(str(place), fact, remedy, warning=True)
