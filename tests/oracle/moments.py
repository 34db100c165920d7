"""At which computed moments the comparisons of a condition turn."""

from fractions import Fraction

from tests.oracle.expressions import Node, nodes
from tests.oracle.memory import Memory, View

JUST = Fraction(1, 2)  # of a microsecond: the least step past a moment


def computed_moments(condition: Node, memory: Memory) -> set[int]:
    """Return every known moment at which a comparison with now, since() or a window of a fixed length may turn."""
    found: set[int] = set()
    for comparison in nodes(condition):
        if comparison[0] == "compare":
            _, _, left, right = comparison
            found |= _by_clock(left, right, memory) | _by_clock(right, left, memory) | _by_windows(comparison, memory)
    return found


def turns(condition: Node, memory: Memory, moment: int) -> bool:
    """Is this a moment of `now` or `since`, or one at which a comparison with a window really changes?"""
    return any(_turns(node, memory, moment) for node in nodes(condition) if node[0] == "compare")


def _turns(comparison: Node, memory: Memory, moment: int) -> bool:
    _, _, left, right = comparison
    if moment in _by_clock(left, right, memory) | _by_clock(right, left, memory):
        return True
    if moment not in _by_windows(comparison, memory):
        return False
    return bool(View(memory, moment - JUST).value(comparison) != View(memory, moment + JUST).value(comparison))


def _by_clock(timed: Node, other: Node, memory: Memory) -> set[int]:
    """T - now OP D turns at T - D, now - T OP D at T + D, now OP T at T, since(E) OP D at the newest E + D."""
    view = View(memory)
    match timed:
        case ("now",):
            known = (view.value(("reckon", "+", ("value", 0), other)),)
        case ("reckon", "-", moment, ("now",)):
            known = (view.value(("reckon", "-", moment, other)),)
        case ("reckon", "-", ("now",), moment):
            known = (view.value(("reckon", "+", moment, other)),)
        case ("since", event_type):
            known = (view.value(("reckon", "+", ("value", memory.newest(event_type)), other)),)
        case _:
            return set()
    return {moment for moment in known if moment is not None}


def _by_windows(comparison: Node, memory: Memory) -> set[int]:
    """An entry leaves a window when the window's length has passed."""
    windows = [node for node in nodes(comparison) if node[0] == "window" and isinstance(node[5], int)]
    return {event.time + window[5] for window in windows for event in memory.entries(window)}
