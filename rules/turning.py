"""When a comparison with a window turns next, if nothing comes: not each time an entry leaves, but when enough have left."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.expression import Threshold
from rules.memory import Memory
from rules.windows import Window


@dataclass(frozen=True)
class Turning:
    """A comparison with the windows in these fields. threshold: what it asks of the one window, where it is as simple as that."""

    fields: tuple[str, ...]
    threshold: Threshold | None
    has_length: bool

    @property
    def is_rare(self) -> bool:
        """Whether it mostly does not turn at all: a count or a sum over a length of time that stays below its limit."""
        return self.has_length and self.threshold is not None and self.threshold.function in ("count", "sum")

    def windows_in(self, memory: Memory) -> Sequence[Window]:
        """Return those of the windows in which something has been."""
        return [window for field in self.fields if (window := getattr(memory, field)) is not None]

    def is_quiet(self, memory: Memory, now: int) -> bool:
        """Whether a rare comparison certainly stays below its limit until something comes."""
        window, asked = getattr(memory, self.fields[0]), self.threshold
        if window is None:
            return asked is not None and not asked.is_reached_by(0)
        if asked is None or window.buckets or (window.times and window.times[-1] > now):
            return False
        if asked.function == "count":
            return (
                asked.enough > len(window.times)
                or asked.enough > 0
                and _leaves(window, len(window.times) - asked.enough, now) is None
            )
        if window.has_negative:
            return False
        total = window.sum(now)
        return total is not None and not asked.is_reached_by(total)

    def after(self, memory: Memory, now: int) -> int | None:
        """Return a moment after this one before which it does not turn, None when it does not turn at all."""
        windows, asked = self.windows_in(memory), self.threshold
        if not windows:
            return None
        window = windows[0]
        if asked is None or window.buckets or window.length is None or (window.times and window.times[-1] > now):
            moments = [moment for each in windows if (moment := each.turns_after(now)) is not None]
            return min(moments, default=None)
        if not window.times:
            return None
        match asked.function:
            case "count":
                return _few(window, asked, now)
            case "sum":
                return _little(window, asked, now)
            case _:
                return _extreme(window, asked, now)


def _few(window: Window, asked: Threshold, now: int) -> int | None:
    """The count turns when the last entry leaves that makes it enough."""
    if not 0 < asked.enough <= len(window.times):
        return None
    return _leaves(window, len(window.times) - asked.enough, now)


def _little(window: Window, asked: Threshold, now: int) -> int | None:
    """While no value is negative, what is below a limit stays there as entries leave."""
    moment, total = window.turns_after(now), window.sum(now)
    if moment is None or window.has_negative or total is None:
        return moment
    if not asked.is_reached_by(total):
        return None
    while moment is not None and asked.is_reached_by(window.sum(moment)):
        moment = window.turns_after(moment)
    return moment


def _extreme(window: Window, asked: Threshold, now: int) -> int | None:
    """The greatest turns when the newest entry leaves that is great enough; of nothing it is unknown."""
    newest = place = len(window.times) - 1
    while place and not asked.is_reached_by(window.values[place]):
        place -= 1
    moment = _leaves(window, place, now) if asked.is_reached_by(window.values[place]) else None
    return _leaves(window, newest, now) if moment is None else moment


def _leaves(window: Window, place: int, now: int) -> int | None:
    """Return when an entry leaves, None when it has left."""
    moment = window.times[place] + (window.length or 0)
    return moment if moment > now else None
