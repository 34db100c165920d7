"""Python for one expression comes in, a function that returns its value goes out, written when it is first asked."""

import ast
from collections.abc import Callable, Sequence
from types import CodeType, FunctionType
from typing import Any

from rules.expression import arithmetic

LOOK = ("memory", "now", "past", "it")
MEMORY = ("memory",)

KNOWN_TO_CODE: dict[str, Any] = {
    "__builtins__": {},
    "int": int,
    "float": float,
    "len": len,
    "quotient": arithmetic.quotient,
    "remainder": arithmetic.remainder,
    "divided": arithmetic.divided,
    "whole": arithmetic.whole,
}


class Written:
    """A function that is written when it is first called: most are never asked. body: makes the expression that it returns."""

    __slots__ = ("_body", "_function", "_parameters")

    def __init__(self, body: Callable[[], ast.expr], parameters: Sequence[str]) -> None:
        self._body, self._parameters = body, parameters
        self._function: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> Any:
        if self._function is None:
            self._function = function_of(self._body(), self._parameters)
        return self._function(*arguments)


def function_of(body: ast.expr, parameters: Sequence[str], *, known: dict[str, Any] = KNOWN_TO_CODE) -> Callable[..., Any]:
    """Return a function of these parameters that returns the expression. known: all other names that it may use."""
    arguments = ast.arguments(
        posonlyargs=[], args=[ast.arg(name) for name in parameters], kwonlyargs=[], kw_defaults=[], defaults=[]
    )
    tree = ast.fix_missing_locations(ast.Expression(ast.Lambda(arguments, body)))
    code = next(part for part in compile(tree, "<expression>", "eval").co_consts if isinstance(part, CodeType))
    return FunctionType(code, known)
