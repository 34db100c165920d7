"""The small part of Jinja2 that a section may use: placeholders with filters, and if; nothing that loops, calls or computes."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from contracts.values import FieldType

FILTERS: dict[str, frozenset[FieldType]] = {
    "day": frozenset({FieldType.DATE, FieldType.INSTANT}),
    "clock": frozenset({FieldType.INSTANT}),
    "moment": frozenset({FieldType.INSTANT}),
    "duration": frozenset({FieldType.DURATION}),
    "money": frozenset({FieldType.MONEY}),
    "number": frozenset({FieldType.INTEGER, FieldType.DECIMAL}),
    "percent": frozenset({FieldType.DECIMAL}),
}
LONGEST = 4_000

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Filter, nodes.If, nodes.CondExpr,
    nodes.Const, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand,
)  # fmt: skip
_CALLED = {
    nodes.For: "for", nodes.Macro: "macro", nodes.CallBlock: "call", nodes.FilterBlock: "filter", nodes.Include: "include",
    nodes.Import: "import", nodes.FromImport: "from … import", nodes.Extends: "extends", nodes.Block: "block",
    nodes.Assign: "set", nodes.AssignBlock: "set", nodes.With: "with", nodes.Call: "a call", nodes.Getitem: "square brackets",
    nodes.Test: "is",
}  # fmt: skip
_SPEAKING = (nodes.Expr, nodes.If)
_COMPARISONS = ("eq", "ne")
_OFFERED = frozenset({"label", "name", "now"})
_OPERATORS = ("+", "-", "*", "/", "//", "%", "**")


class TemplateRefused(Exception):
    """A section that is no template, or one that does more than it may. line: from 1."""

    def __init__(self, fact: str, *, line: int = 1) -> None:
        super().__init__(fact)
        self.fact, self.line = fact, line


class _Sandbox(ImmutableSandboxedEnvironment):
    """No operator is computed, not even while compiling; no function, test or filter is there but ours."""

    intercepted_binops = frozenset(_OPERATORS)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look first for what our own values offer, without asking whether it is safe."""
        if attribute in _OFFERED and (found := getattr(obj, attribute, None)) is not None:
            return found
        return super().getattr(obj, attribute)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"`{operator}` may not stand in a message")


def _spelled_by(name: str) -> Any:
    return lambda value: value.spelled(name)


SANDBOX = _Sandbox(undefined=StrictUndefined, autoescape=False, cache_size=0)
SANDBOX.globals.clear()
SANDBOX.tests.clear()
SANDBOX.filters = {name: _spelled_by(name) for name in FILTERS}
NOTHING = SANDBOX.from_string("")


def parse(text: str) -> nodes.Template:
    """Return the tree of a section. Raises TemplateRefused for what is no template, or one that is too long."""
    if len(text) > LONGEST:
        raise TemplateRefused(f"the section is longer than {LONGEST:,} characters")
    try:
        return SANDBOX.parse(text)
    except TemplateSyntaxError as fault:
        raise TemplateRefused(fault.message or "this is no template", line=fault.lineno) from None


def refusals(tree: nodes.Template) -> Iterator[TemplateRefused]:
    """Yield what the section does and may not do."""
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            called = _CALLED.get(type(node), type(node).__name__.lower())
            yield TemplateRefused(f"`{called}` may not stand in a message", line=node.lineno)
        elif isinstance(node, nodes.Operand) and node.op not in _COMPARISONS:
            yield TemplateRefused("a message compares with `==` and `!=` only", line=node.lineno)
        elif isinstance(node, nodes.Filter) and (node.name not in FILTERS or node.args or node.kwargs):
            called = f"`{node.name}`" if node.name not in FILTERS else f"`{node.name}` with arguments"
            yield TemplateRefused(f"there is no filter {called}", line=node.lineno)


def scope_of(names: dict[str, Any]) -> Context:
    """Return the names as all sections of one message see them: to make a scope takes longer than to render a section."""
    return NOTHING.new_context(names, shared=True)


def render(template: Template, scope: Context) -> str:
    """Return the text, as Template.render does, which makes a scope of its own each time. Raises TemplateError."""
    return "".join(template.root_render_func(scope))


@lru_cache(maxsize=1024)
def compiled(text: str) -> tuple[Template | str, frozenset[str]]:
    """Return the section as a template, or as it stands without a placeholder, and its names. Raises TemplateRefused."""
    tree = parse(text)
    for refusal in refusals(tree):
        raise refusal
    names = frozenset(node.name for node in tree.find_all(nodes.Name))
    plain = all(isinstance(node, nodes.TemplateData) for node in tree.find_all(_SPEAKING))
    return (text.strip() if plain else SANDBOX.from_string(tree)), names
