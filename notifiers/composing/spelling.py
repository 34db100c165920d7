"""Values in words of a customer's language and zone: days, times, lengths, money and numbers."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from contracts.times import to_datetime
from contracts.values import Day, Money
from notifiers.composing.customs import Customs

MIDNIGHT = time(0)


class CannotSay(Exception):
    """A value that these words do not fit; the message is not made, and a person hears of it."""


class Spelling:
    """How one customer reads values. now: the time of the message, in microseconds, whose year goes without saying."""

    __slots__ = ("_customs", "_now", "_zone")

    def __init__(self, customs: Customs, zone: ZoneInfo, now: int) -> None:
        self._customs, self._zone, self._now = customs, zone, to_datetime(now, zone)

    def now(self) -> str:
        return self._moment(self._now)

    def day(self, value: Any) -> str:
        """Spell a local day, or the day of an instant; one at exactly local midnight could mean either day and is refused."""
        if isinstance(value, Day):
            day = date.fromisoformat(value.day)
        else:
            local = self._local(value)
            if local.time() == MIDNIGHT:
                raise CannotSay(f"{local.isoformat()} is midnight — as a day it could be either")
            day = local.date()
        return self._customs.day(day, day.year != self._now.year)

    def clock(self, value: Any) -> str:
        local = self._local(value)
        return self._customs.clock(local.hour, local.minute)

    def moment(self, value: Any) -> str:
        return self._moment(self._local(value))

    def short_moment(self, value: Any) -> str:
        """Spell a day and its time where there is little room; the day is never a year away."""
        local = self._local(value)
        return f"{self._customs.short_day(local.date())}, {self._customs.clock(local.hour, local.minute)}"

    def duration(self, value: Any) -> str:
        """Spell a length of microseconds in its two greatest units."""
        return self._customs.duration(_whole(value))

    def money(self, value: Any) -> str:
        if not isinstance(value, Money):
            raise CannotSay(f"{value!r} is not an amount of money")
        return self._customs.money(value.amount, value.currency)

    def number(self, value: Any) -> str:
        return self._customs.number(_number(value))

    def percent(self, value: Any) -> str:
        """Spell a share: 0.7 is 70 %."""
        return self._customs.percent(_number(value))

    def _moment(self, local: datetime) -> str:
        day = self._customs.day(local.date(), local.year != self._now.year)
        return f"{day}, {self._customs.clock(local.hour, local.minute)}"

    def _local(self, value: Any) -> datetime:
        return to_datetime(_whole(value), self._zone)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise CannotSay(f"{value!r} is not a time or a length")
    return value


def _number(value: Any) -> int | float | Decimal:
    if not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
        raise CannotSay(f"{value!r} is not a number")
    return value
