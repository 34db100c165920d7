"""Foreign JSON become whole numbers and decimals."""

import re
from math import isfinite
from typing import Any

from rules.expression.arithmetic import INTEGER_LIMIT
from rules.expression.foreign import refused

_WHOLE = re.compile(r"[+-]?\d{1,19}", re.ASCII)


def integer(value: Any) -> int:
    """Return a whole number of 64 bits, also from text or from a decimal without fraction."""
    number = _whole(value)
    if number is None or abs(number) > INTEGER_LIMIT:
        raise refused(value, "a whole number")
    return number


def decimal(value: Any) -> float:
    """Return a decimal, also from text."""
    try:
        number = float(value) if type(value) in (int, float, str) else None
    except (ValueError, OverflowError):
        number = None
    if number is None or not isfinite(number):
        raise refused(value, "a decimal")
    return number


def _whole(value: Any) -> int | None:
    if isinstance(value, str):
        return int(value) if _WHOLE.fullmatch(value.strip()) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if type(value) is int else None
