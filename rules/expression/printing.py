"""The typed tree comes in, its text goes out: in the rule language, or in pure CEL."""

import json
from typing import TypeAlias, assert_never

from contracts.times import SECOND, instant_text, length_text
from contracts.values import FieldType
from rules.expression.spec import WindowSpec
from rules.expression.typed import (
    Among,
    Arithmetic,
    Called,
    Clocked,
    Compare,
    Elapsed,
    Fact,
    Field,
    Joined,
    Known,
    Literal,
    Negative,
    Not,
    Now,
    Pick,
    Seen,
    Turned,
    Typed,
    Windowed,
)

Operation: TypeAlias = Negative | Arithmetic | Pick | Compare | Clocked | Among | Not | Joined

CHOICE, OR, AND, NOT, RELATION, SUM, PRODUCT, SIGN, NAME = range(9)
TIGHTNESS = {"or": OR, "and": AND, "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT}


def rule_text(node: Typed) -> str:
    """Return the canonical text in the rule language: what means the same reads the same."""
    return Printer().text(node)


def cel_text(node: Typed) -> str:
    """Return the text in pure CEL.

    Facts stand as variables; a date has `.day` and `.ends`, money `.amount`. `windows`, `newest` (times of event types) and
    `facts` (for `has`) are maps that lack what is unknown, so that CEL's own errors are our unknowns.
    """
    return CelPrinter().text(node)


class Printer:
    """Writes the rule language."""

    words = {"and": " and ", "or": " or "}
    negation = ("not ", NOT)

    def text(self, node: Typed, within: int = CHOICE) -> str:
        """Return the text of a node, in brackets where its surroundings bind tighter."""
        text, tightness = self.spelled(node)
        return f"({text})" if tightness < within else text

    def spelled(self, node: Typed) -> tuple[str, int]:
        """Return the text of a node and how tightly it binds."""
        match node:
            case Literal():
                return self.literal(node)
            case Fact(name=name):
                return name, NAME
            case Field(name=name):
                return f"it.{name}", NAME
            case Now():
                return "now", NAME
            case Elapsed(event=event):
                return self.elapsed(event)
            case Seen(event=event):
                return f'newest["{event}"]', NAME
            case Windowed():
                return self.window(node)
            case Turned():
                return self.turned(node)
            case Known(of=of):
                return self.known(of)
            case Called():
                return self.called(node)
            case _:
                return self.operation(node)

    def operation(self, node: Operation) -> tuple[str, int]:
        match node:
            case Negative(of=of):
                return f"-{self.text(of, NAME)}", SIGN
            case Arithmetic():
                return self.arithmetic(node)
            case Pick(condition=condition, yes=yes, no=no):
                return f"{self.text(condition, OR)} ? {self.text(yes, OR)} : {self.text(no)}", CHOICE
            case Compare(operator=operator, left=left, right=right) | Clocked(written=operator, left=left, right=right):
                return f"{self.text(left, SUM)} {operator} {self.text(right, SUM)}", RELATION
            case Among(of=of, items=items):
                return f"{self.text(of, SUM)} in [{', '.join(map(self.text, items))}]", RELATION
            case Not(of=of):
                return f"{self.negation[0]}{self.text(of, SIGN)}", self.negation[1]
            case Joined(operator=operator, parts=parts):
                tightness = TIGHTNESS[operator]
                return self.words[operator].join(self.text(part, tightness + 1) for part in parts), tightness
            case _:
                assert_never(node)

    def arithmetic(self, node: Arithmetic) -> tuple[str, int]:
        tightness = TIGHTNESS[node.operator]
        return f"{self.text(node.left, tightness)} {node.operator} {self.text(node.right, tightness + 1)}", tightness

    def literal(self, node: Literal) -> tuple[str, int]:
        match node.type:
            case FieldType.DURATION:
                return length_text(int(node.value)), NAME if int(node.value) >= 0 else SIGN
            case FieldType.INSTANT:
                return f'timestamp("{instant_text(int(node.value))}")', NAME
            case FieldType.TEXT:
                return json.dumps(node.value, ensure_ascii=False), NAME
            case FieldType.BOOL:
                return str(node.value).lower(), NAME
            case _:
                return repr(node.value), NAME if not str(node.value).startswith("-") else SIGN

    def elapsed(self, event: str) -> tuple[str, int]:
        return f"since({event})", NAME

    def window(self, node: Windowed) -> tuple[str, int]:
        return window_text(node.function, node.spec), NAME

    def turned(self, node: Turned) -> tuple[str, int]:
        return self.spelled(node.of)

    def known(self, of: Fact | Field) -> tuple[str, int]:
        return f"has({self.text(of)})", NAME

    def called(self, node: Called) -> tuple[str, int]:
        first, *others = node.arguments
        if node.function in ("size", "int", "double"):
            return f"{node.function}({self.text(first)})", NAME
        return f"{self.text(first, NAME)}.{node.function}({', '.join(map(self.text, others))})", NAME


def window_text(function: str, spec: WindowSpec) -> str:
    """Return a window as a rule writes it."""
    path = f"{spec.event_type}.{spec.field}" if spec.field else spec.event_type
    where = f" where {spec.where}" if spec.where else ""
    return f"{function}({path}{where}, {f'since {spec.since}' if spec.length is None else length_text(spec.length)})"


class CelPrinter(Printer):
    """Writes pure CEL."""

    words = {"and": " && ", "or": " || "}
    negation = ("!", SIGN)

    def literal(self, node: Literal) -> tuple[str, int]:
        return (duration_text(int(node.value)), NAME) if node.type is FieldType.DURATION else super().literal(node)

    def elapsed(self, event: str) -> tuple[str, int]:
        return f'now - newest["{event}"]', SUM

    def window(self, node: Windowed) -> tuple[str, int]:
        return f"windows[{json.dumps(window_text(node.function, node.spec), ensure_ascii=False)}]", NAME

    def known(self, of: Fact | Field) -> tuple[str, int]:
        return f"has({self.text(of) if isinstance(of, Field) else f'facts.{of.name}'})", NAME

    def turned(self, node: Turned) -> tuple[str, int]:
        match node.of:
            case Literal(value=value):
                return repr(float(value)), NAME if float(value) >= 0 else SIGN
            case of if of.type is FieldType.INTEGER:
                return f"double({self.text(of)})", NAME
            case of:
                suffix = {FieldType.DECIMAL: "amount", FieldType.TEXT: "day"}.get(node.type, "ends")
                return f"{self.text(of, NAME)}.{suffix}", NAME

    def operation(self, node: Operation) -> tuple[str, int]:
        """A choice of conditions is spelled out: CEL's own is unknown where its condition is, even if both ways are false."""
        match node:
            case Pick(type=FieldType.BOOL, condition=condition, yes=yes, no=no):
                return super().operation(Joined("or", (Joined("and", (condition, yes)), Joined("and", (Not(condition), no)))))
            case _:
                return super().operation(node)

    def arithmetic(self, node: Arithmetic) -> tuple[str, int]:
        """A duration times an integer is no CEL: it goes through the seconds of a literal, or through milliseconds."""
        if node.operator != "*" or node.type is not FieldType.DURATION:
            return super().arithmetic(node)
        length, times = (node.left, node.right) if node.left.type is FieldType.DURATION else (node.right, node.left)
        if isinstance(length, Literal) and int(length.value) % SECOND == 0:
            return f'duration(string({self.text(times, PRODUCT)} * {int(length.value) // SECOND}) + "s")', NAME
        spelled = self.text(length, NAME)
        return (
            f'duration(string(({spelled}.getSeconds() * 1000 + {spelled}.getMilliseconds()) * {self.text(times, SIGN)}) + "ms")',
            NAME,
        )


def duration_text(length: int) -> str:
    """Return a duration literal of CEL, exact to the microsecond."""
    unit, size = ("s", SECOND) if length % SECOND == 0 else ("us", 1)
    return f'duration("{length // size}{unit}")'
