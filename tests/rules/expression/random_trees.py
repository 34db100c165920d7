"""Random texts of the rule language with the right types, and random values for the facts they name; each from its seed.

No product of durations passes 292 years: there the C++ implementation of CEL takes a wrong duration from an instant.
"""

from random import Random
from typing import Any

from contracts.times import DAY, HOUR, SECOND
from contracts.values import FieldType
from tests.rules.expression.scene import FACTS, NOON, a_day

INTEGER, DECIMAL, TEXT, BOOL = FieldType.INTEGER, FieldType.DECIMAL, FieldType.TEXT, FieldType.BOOL
INSTANT, DURATION, DATE, MONEY = FieldType.INSTANT, FieldType.DURATION, FieldType.DATE, FieldType.MONEY

INTEGERS = (0, 1, 2, 3, 7, 10, 64, 1000, 2**31, 2**53 + 1, 2**63 - 1)
DECIMALS = (0.0, 0.1, 0.5, 0.7, 1.0, 2.5, 1e10, 1e300, 1e-300)
TEXTS = ("", "hub", "door", "é\U0001f4e6", 'a"b\\c', "hu")
ORDERS = ("==", "!=", "<", "<=", ">", ">=")
COMPARABLE = (INTEGER, DECIMAL, TEXT, INSTANT, DURATION, DATE)


class Author:
    """Writes texts; depth bounds how far they nest."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def write(self, kind: FieldType, depth: int) -> str:
        """Return a text of this type."""
        if depth <= 0 or self.random.random() < 0.2:
            return self.leaf(kind)
        if kind is not BOOL and kind is not DATE and self.random.random() < 0.1:
            return f"({self.write(BOOL, depth - 1)} ? {self.write(kind, depth - 1)} : {self.write(kind, depth - 1)})"
        return f"({self.operation(kind, depth - 1)})"

    def leaf(self, kind: FieldType) -> str:
        names = [name for name, each in FACTS.items() if each is kind or (kind is DECIMAL and each is MONEY)]
        if names and self.random.random() < 0.6:
            return self.random.choice(names)
        return self.literal(kind)

    def literal(self, kind: FieldType) -> str:
        pick = self.random.choice
        match kind:
            case FieldType.INTEGER:
                return str(pick(INTEGERS) * pick((1, 1, -1)))
            case FieldType.DECIMAL:
                return pick((repr(pick(DECIMALS)), str(pick((0, 1, 2, 100)))))
            case FieldType.TEXT:
                return '"' + pick(TEXTS).replace("\\", "\\\\").replace('"', '\\"') + '"'
            case FieldType.BOOL:
                return pick(("true", "false", "has(chance)", "has(place)", "fragile"))
            case FieldType.DURATION:
                return pick(("1h", "36h", "1d12h", "90s", "5w", "40000d"))
            case FieldType.INSTANT:
                day = pick(("2026-03-02", "9999-12-31", "0001-01-02"))
                return f'timestamp("{day}T09:00:00Z")'
            case _:
                return pick(("promised", "expected"))

    def operation(self, kind: FieldType, depth: int) -> str:
        def part(of: FieldType) -> str:
            return self.write(of, depth)

        pick, infix = self.random.choice, self.infix
        match kind:
            case FieldType.INTEGER:
                one = f"int({part(DECIMAL)})"
                return pick((infix(INTEGER, "+-*/%", depth), f"-{part(INTEGER)}", f"size({part(TEXT)})", one))
            case FieldType.DECIMAL:
                mixed = f"{part(DECIMAL)} * {part(INTEGER)}"
                return pick((infix(DECIMAL, "+-*/", depth), mixed, f"double({part(INTEGER)})", f"-{part(DECIMAL)}"))
            case FieldType.TEXT:
                return f"{part(TEXT)} + {part(TEXT)}"
            case FieldType.DURATION:
                times = f"{pick(('1h', '90s'))} * {pick((f'({part(INTEGER)} % 1000)', '3', '-2'))}"
                between = f"{part(INSTANT)} - {part(pick((INSTANT, DATE)))}"
                return pick((infix(DURATION, "+-", depth), between, times))
            case FieldType.INSTANT:
                return f"{part(pick((INSTANT, INSTANT, DATE)))} {pick('+-')} {part(DURATION)}"
            case FieldType.BOOL:
                return self.condition(depth)
            case _:
                return self.leaf(kind)

    def infix(self, kind: FieldType, signs: str, depth: int) -> str:
        return f"{self.write(kind, depth)} {self.random.choice(signs)} {self.write(kind, depth)}"

    def condition(self, depth: int) -> str:
        shape = self.random.randrange(9)
        match shape:
            case 0 | 1:
                parts = [self.write(BOOL, depth) for _ in range(self.random.choice((2, 2, 3)))]
                return self.random.choice((" and ", " or ", " && ", " || ")).join(parts)
            case 2:
                return f"{self.random.choice(('not ', '!'))}{self.write(BOOL, depth)}"
            case 3:
                return f"{self.write(BOOL, depth)} ? {self.write(BOOL, depth)} : {self.write(BOOL, depth)}"
            case 4:
                return f"{self.write(BOOL, depth)} {self.random.choice(('==', '!='))} {self.write(BOOL, depth)}"
            case 5:
                kind = self.random.choice((INTEGER, TEXT, DECIMAL))
                return f"{self.write(kind, depth)} in [{self.literal(kind)}, {self.write(kind, 1)}, {self.literal(kind)}]"
            case 6:
                function = self.random.choice(("startsWith", "endsWith", "contains"))
                return f"{self.write(TEXT, depth)}.{function}({self.write(TEXT, depth)})"
            case _:
                kind = self.random.choice(COMPARABLE)
                left, right = (DATE, INSTANT) if kind is DATE and self.random.random() < 0.5 else (kind, kind)
                left = INTEGER if kind is DECIMAL and self.random.random() < 0.3 else left
                return f"{self.write(left, depth)} {self.random.choice(ORDERS)} {self.write(right, depth)}"


def known_values(random: Random) -> dict[str, Any]:
    """Return values for some of the facts; the others are unknown. Money stands as its amount."""
    values = {
        "chance": random.choice(DECIMALS) * random.choice((1, -1)),
        "tries": random.choice(INTEGERS) * random.choice((1, -1)),
        "limit": random.choice(INTEGERS),
        "place": random.choice(TEXTS),
        "fragile": random.random() < 0.5,
        "promised": a_day(random.choice(("2026-03-01", "2026-03-02", "2026-03-05"))),
        "expected": a_day(random.choice(("2026-03-01", "2026-03-02", "2026-03-06"))),
        "slot": NOON + random.choice((0, -HOUR, 3 * DAY, 400 * 365 * DAY)),
        "transit": random.choice((0, HOUR, 36 * HOUR, 90 * SECOND, -DAY)),
        "price": random.choice((0.0, 12.5, 99.9)),
    }
    return {name: value for name, value in values.items() if random.random() < 0.8}
