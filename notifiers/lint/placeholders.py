"""Is every placeholder a known name, certainly known on every path to it, and spelled by a filter for its type?"""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from jinja2 import nodes

from contracts.problem import LABEL
from contracts.values import FieldType
from notifiers.lint.finding import Finding, Section
from notifiers.templates import FILTERS, TemplateRefused, parse, refusals

TRIES, CUSTOMER_NAME = "tries", "customer.name"
PLAIN = (FieldType.TEXT, FieldType.INTEGER)
USUAL = {
    FieldType.DATE: "day",
    FieldType.INSTANT: "moment",
    FieldType.DURATION: "duration",
    FieldType.MONEY: "money",
    FieldType.DECIMAL: "number",
}
_CODE = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}", re.DOTALL)

Known = frozenset[str]


def template(section: Section) -> Iterator[Finding]:
    """Yield where the section is no template, or does more than write values and ask whether they are there."""
    try:
        for refused in refusals(parse(section.text)):
            yield _refusal(section, refused)
    except TemplateRefused as refused:
        yield _refusal(section, refused)


def placeholder(section: Section) -> list[Finding]:
    """Return what is wrong with the placeholders of a section that is a template."""
    if any(template(section)):
        return []
    return list(_Walk(section).through(parse(section.text).body, bound(section)))


def bound(section: Section) -> Known:
    """Return the names that are certain under every detector under which the section is said."""
    names = [voice.bound | ({TRIES} if voice.counts_tries else frozenset()) for voice in section.voices]
    return frozenset({LABEL}).union(frozenset.intersection(*map(frozenset, names)) if names else section.rule.facts)


def _refusal(section: Section, refused: TemplateRefused) -> Finding:
    lines = section.text.splitlines(keepends=True)
    offset = sum(map(len, lines[: refused.line - 1]))
    return section.finding(refused.fact, "write placeholders such as {{ fact | day }}, and {% if fact %}", offset=offset)


class _Walk:
    """Walks a section in the order of its text, with what is known at each point of the way."""

    def __init__(self, section: Section) -> None:
        self._section, self._facts = section, section.rule.facts
        self._places = _Places(section.text)

    def through(self, body: Sequence[nodes.Node], known: Known) -> Iterator[Finding]:
        for node in body:
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    yield from self._written(part, known)
            elif isinstance(node, nodes.If):
                yield from self._branches(node, known)

    def _branches(self, node: nodes.If, known: Known) -> Iterator[Finding]:
        for branch in (node, *node.elif_):
            yield from self._asked(branch.test)
            yield from self.through(branch.body, known | self._implied(branch.test, True))
            known = known | self._implied(branch.test, False)
        yield from self.through(node.else_, known)

    def _written(self, node: nodes.Node, known: Known, spelled_by: str | None = None) -> Iterator[Finding]:
        """Look at what stands between {{ and }}."""
        match node:
            case nodes.TemplateData():
                return
            case nodes.Filter(node=nodes.Name() | nodes.Getattr() as inner) if spelled_by is None:
                yield from self._written(inner, known, node.name)
            case nodes.Name() | nodes.Getattr():
                yield from self._placeholder(node, known, spelled_by)
            case nodes.CondExpr():
                yield from self._written(node.expr1, known | self._implied(node.test, True))
                yield from self._asked(node.test)
                if node.expr2 is not None:
                    yield from self._written(node.expr2, known | self._implied(node.test, False))
            case nodes.Const(value=str()) if spelled_by is None:
                yield self._section.finding("a text in a placeholder cannot be checked", "write it beside the placeholder")
            case _:
                yield self._section.finding("this is no placeholder", "write one name and one filter: {{ fact | day }}")

    def _asked(self, node: nodes.Node) -> Iterator[Finding]:
        """Look at the names of a condition, which may be unknown."""
        match node:
            case nodes.Name() | nodes.Getattr():
                if (name := _name(node)) not in self._names:
                    yield self._unknown(name)
                else:
                    self._places.of(name)
            case nodes.Const():
                return
            case _:
                for child in node.iter_child_nodes():
                    yield from self._asked(child)

    def _placeholder(self, node: nodes.Node, known: Known, spelled_by: str | None) -> Iterator[Finding]:
        name = _name(node)
        if name not in self._names:
            yield self._unknown(name)
            return
        offset, key, kind = self._places.of(name), _key(name), self._names[name]
        if key not in known:
            shown = f"{{{{ {name} | {spelled_by} }}}}" if spelled_by else f"{{{{ {name} }}}}"
            remedy = f"write {{% if {name} %}}… {shown} …{{% else %}}…{{% endif %}}"
            yield self._section.finding(f"`{name}` may be unknown here", remedy, offset=offset)
        if (wrong := _misspelled(name, kind, spelled_by)) is not None:
            yield self._section.finding(*wrong, offset=offset)

    @property
    def _names(self) -> dict[str, FieldType]:
        facts = dict(self._facts) | {f"{name}.now": kind for name, kind in self._facts.items()}
        return facts | {TRIES: FieldType.INTEGER, LABEL: FieldType.TEXT, CUSTOMER_NAME: FieldType.TEXT}

    def _unknown(self, name: str) -> Finding:
        near = get_close_matches(name, self._names, n=1)
        remedy = f"did you mean `{near[0]}`?" if near else "a message knows the rule's facts, case.label, customer.name and tries"
        return self._section.finding(f"there is no `{name}`", remedy, offset=self._places.of(name))

    def _implied(self, test: nodes.Node, outcome: bool) -> Known:
        """Return the names that are known when the condition came out so."""
        match test:
            case nodes.Name() | nodes.Getattr():
                return frozenset({_key(_name(test))}) if outcome else frozenset()
            case nodes.Not():
                return self._implied(test.node, not outcome)
            case nodes.And() | nodes.Or():
                left, right = self._implied(test.left, outcome), self._implied(test.right, outcome)
                both = isinstance(test, nodes.And) is outcome
                return left | right if both else left & right
            case nodes.Compare() if test.ops[0].op == ("eq" if outcome else "ne") and isinstance(test.ops[0].expr, nodes.Const):
                return self._implied(test.expr, True)
            case _:
                return frozenset()


class _Places:
    """Where names stand in the code of a template: each is asked for in the order of the text."""

    def __init__(self, text: str) -> None:
        self._codes = [match.span() for match in _CODE.finditer(text)]
        self._text, self._after = text, 0

    def of(self, name: str) -> int:
        pattern = re.compile(rf"(?<![\w.]){re.escape(name)}(?![\w.])")
        for start, end in self._codes:
            if end > self._after and (found := pattern.search(self._text, max(start, self._after), end)):
                self._after = found.end()
                return found.start()
        return self._codes[0][0] if self._codes else 0


def _name(node: nodes.Node) -> str:
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_name(node.node)}.{node.attr}"
        case _:
            return type(node).__name__.lower()


def _key(name: str) -> str:
    """F and F.now are known together."""
    return name.removesuffix(".now")


def _misspelled(name: str, kind: FieldType, spelled_by: str | None) -> tuple[str, str] | None:
    """Return fact and remedy where a value is written without a filter, or with one for another type."""
    if kind is FieldType.BOOL:
        return f"`{name}` is true or false, which is no text", f"ask for it: {{% if {name} == true %}}"
    if spelled_by is None:
        return (
            None if kind in PLAIN else (f"`{name}` is {kind.value} without a filter", f"write {{{{ {name} | {USUAL[kind]} }}}}")
        )
    if kind in FILTERS[spelled_by]:
        return None
    fitting = sorted(each for each, kinds in FILTERS.items() if kind in kinds)
    remedy = f"write {{{{ {name} | {fitting[0]} }}}}" if fitting else f"write {{{{ {name} }}}}"
    return f"`{spelled_by}` does not spell {kind.value}, which `{name}` is", remedy
