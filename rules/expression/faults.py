"""What is wrong with an expression, where, and what to write instead."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; offset counts characters from the start of the expression's text."""

    offset: int
    message: str
    remedy: str


class ExpressionError(Exception):
    """The text is not an expression of the rule language; all that was found wrong, in the order of the text."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.message} — {fault.remedy}" for fault in faults))
        self.faults = faults


def refuse(offset: int, message: str, remedy: str) -> ExpressionError:
    """Return the error of one fault, to be raised."""
    return ExpressionError(Fault(offset, message, remedy))


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """Return the remedy for an unknown name: the closest known one, else what else to do."""
    closest = get_close_matches(name, list(known), n=1)
    return f"did you mean `{closest[0]}`?" if closest else otherwise


def each(make: Callable[[Given], Made], given: Iterable[Given]) -> list[Made]:
    """Make something of each. Raises ExpressionError with the faults of all that failed."""
    made: list[Made] = []
    faults: list[Fault] = []
    for one in given:
        try:
            made.append(make(one))
        except ExpressionError as error:
            faults.extend(error.faults)
    if faults:
        raise ExpressionError(*dict.fromkeys(faults))
    return made
