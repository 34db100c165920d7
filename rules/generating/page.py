"""Lines of our own text and trees of expressions come in; a Python function, and what it looks like, go out.

No text of a rule is among the lines: an expression stands in them as a name, for which its tree is put in.
"""

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from textwrap import indent
from types import CodeType, FunctionType
from typing import Any

Lines = list[str]


class Page:
    """Writes one function. known: all names that it may use; more come with `name`."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self.known = dict(known)
        self._expressions: dict[str, ast.expr] = {}

    def put(self, expression: ast.expr) -> str:
        """Return what stands for an expression in the lines."""
        name = f"EXPRESSION_{len(self._expressions)}"
        self._expressions[name] = expression
        return name

    def name(self, thing: Any, *words: str) -> str:
        """Return a name, made of these words, by which the function knows a thing."""
        name = identifier("_".join(words)).upper()
        while self.known.setdefault(name, thing) is not thing:
            name += "_"
        return name

    def tree(self, lines: Iterable[str]) -> ast.Module:
        tree = ast.parse("\n".join(lines))
        _Placing(self._expressions).visit(tree)
        return ast.fix_missing_locations(tree)

    def function(self, tree: ast.Module) -> Callable[..., Any]:
        """Return the one function that the lines define."""
        code = compile(tree, "<generated>", "exec")
        body = next(part for part in code.co_consts if isinstance(part, CodeType))
        return FunctionType(body, self.known)


class _Placing(ast.NodeTransformer):
    """Puts each expression where its name stands."""

    def __init__(self, expressions: Mapping[str, ast.expr]) -> None:
        self.expressions = expressions

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802
        return self.expressions.get(node.id, node)


def text_of(tree: ast.Module) -> str:
    """Return the function as one would write it; a lone string among its lines is a comment."""
    lines = ast.unparse(tree).splitlines()
    return "\n".join(_as_comment(line) for line in lines)


def note(text: str) -> str:
    """Return a line that says what follows."""
    return repr(text)


def inside(lines: Iterable[str]) -> Lines:
    """Return the lines one step further in."""
    return [indent(line, "    ") for line in lines]


def identifier(text: str) -> str:
    """Return a text as part of a Python name."""
    name = re.sub(r"\W", "_", text, flags=re.ASCII)
    return f"_{name}" if name[:1].isdigit() else name


def _as_comment(line: str) -> str:
    said = re.fullmatch(r"(\s+)'([^']*)'", line)
    return f"{said[1]}# {said[2]}" if said else line
