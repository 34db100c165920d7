"""CEL's arithmetic where Python's differs: division, remainder, conversion."""

from math import copysign, inf, isfinite, isnan, nan, trunc

INTEGER_LIMIT = 2**63 - 1
SPAN_LIMIT = (2**63 - 1) // 1000  # CEL's durations are 64-bit nanoseconds in arithmetic
LONGEST_PRODUCT = 87_660_000 * 3_600_000_000  # CEL's longest duration in text, which is how a product is spelled
FIRST_INSTANT = -62_135_596_800_000_000  # 0001-01-01T00:00:00Z
LAST_INSTANT = 253_402_300_799_999_999  # 9999-12-31T23:59:59.999999Z


def quotient(dividend: int, divisor: int) -> int | None:
    """Return the whole quotient, truncated toward zero; None where the divisor is 0 or the quotient beyond 64 bits."""
    if not divisor:
        return None
    size = abs(dividend) // abs(divisor)
    signed = size if (dividend < 0) is (divisor < 0) else -size
    return signed if signed <= INTEGER_LIMIT else None


def remainder(dividend: int, divisor: int) -> int | None:
    """Return the remainder, with the sign of the dividend; None where there is no quotient."""
    found = quotient(dividend, divisor)
    return None if found is None else dividend - found * divisor


def divided(dividend: float, divisor: float) -> float:
    """Return the quotient as IEEE 754 has it: infinite or not a number beyond zero."""
    if divisor:
        return dividend / divisor
    if not dividend or isnan(dividend):
        return nan
    return copysign(inf, dividend) * copysign(1.0, divisor)


def whole(value: float) -> int | None:
    """Return a decimal truncated toward zero, or None beyond 64 bits."""
    if not isfinite(value):
        return None
    number = trunc(value)
    return number if -INTEGER_LIMIT <= number <= INTEGER_LIMIT else None
