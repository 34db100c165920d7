"""When a comparison with a window turns next, if nothing comes: not each time an entry leaves, but when enough have left."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.expression import Threshold
from rules.windows import Window


@dataclass(frozen=True)
class Turning:
    """A comparison with the windows in these slots. threshold: what it asks of the one window, where it is as simple as that."""

    slots: tuple[int, ...]
    threshold: Threshold | None

    def after(self, windows: Sequence[Window], now: int) -> int | None:
        """Return a moment after this one before which it does not turn, None when it does not turn at all."""
        window, asked = windows[self.slots[0]], self.threshold
        if asked is None or window.buckets or window.spec.length is None or (window.times and window.times[-1] > now):
            moments = [moment for slot in self.slots if (moment := windows[slot].turns_after(now)) is not None]
            return min(moments, default=None)
        match asked.function:
            case "count":
                return _few(window, asked, now)
            case "sum":
                return _little(window, asked, now)
            case _:
                return _extreme(window, asked, now)


def _few(window: Window, asked: Threshold, now: int) -> int | None:
    """The count turns when the last entry leaves that makes it enough."""
    enough = int(asked.limit) + (asked.operator in (">", "<="))
    if not 0 < enough <= len(window.times):
        return None
    return _leaves(window, len(window.times) - enough, now)


def _little(window: Window, asked: Threshold, now: int) -> int | None:
    """While no value is negative, what is below a limit stays there as entries leave."""
    if any(value is None or value < 0 for value in window.values):
        return window.turns_after(now)
    total = window.sum(now)
    if total is not None and not asked.is_reached_by(total):
        return None
    moment = window.turns_after(now)
    while moment is not None and asked.is_reached_by(window.sum(moment)):
        moment = window.turns_after(moment)
    return moment


def _extreme(window: Window, asked: Threshold, now: int) -> int | None:
    """The greatest turns when the newest entry leaves that is great enough; of nothing it is unknown."""
    place = len(window.times) - 1
    decisive = next((number for number in range(place, -1, -1) if asked.is_reached_by(window.values[number])), place)
    moment = _leaves(window, decisive, now)
    return _leaves(window, place, now) if moment is None else moment


def _leaves(window: Window, place: int, now: int) -> int | None:
    """Return when an entry leaves, None when there is none or it has left."""
    if place < 0 or window.spec.length is None:
        return None
    moment = window.times[place] + window.spec.length
    return moment if moment > now else None
