"""Would a message fit into two segments of SMS, its placeholders taken at their usual width and its `if`s at their longest?"""

from collections.abc import Iterable, Iterator

from jinja2 import nodes

from contracts.tell import NOTHING
from notifiers.composing.sms import MOST_SEGMENTS
from notifiers.lint.finding import Finding, Page
from notifiers.segments import size
from notifiers.templates import TemplateRefused, parse

TOLD_BESIDE = ("effect", "doing", "you_need_to")
ENDS = ("cleared", "solved")
WIDTHS = {"day": 20, "clock": 5, "moment": 27, "duration": 14, "money": 9, "number": 4, "percent": 5}
PLAIN_WIDTH = 12


def long_sms(page: Page) -> Iterator[Finding]:
    """Count what a rule itself says at once, for the rules that may go by SMS with their details."""
    if "sms" not in page.rule.tell.channels or page.rule.tell.private:
        return
    beside = [getattr(page.wording, section) for section in TOLD_BESIDE]
    for says, what in page.wording.what.items():
        yield from _too_long(page, f"what.{says}", [what, *beside])
    for section in ENDS:
        yield from _too_long(page, section, [getattr(page.wording, section)])


def _too_long(page: Page, section: str, texts: Iterable[str]) -> Iterator[Finding]:
    try:
        told = "\n".join(typical(text) for text in texts if text.strip() not in ("", NOTHING))
    except TemplateRefused:
        return
    sized = size(told)
    if sized.segments > MOST_SEGMENTS:
        most = MOST_SEGMENTS * sized.alphabet.joined
        fact = f"by SMS it takes {sized.segments} segments: {sized.units} signs of {sized.alphabet.name} where {most} fit"
        rare = (
            "" if sized.alphabet.name == "GSM-7" else ", without curled quotes, dashes or other signs that phones send as UCS-2"
        )
        yield page.finding(section, fact, f"say it in fewer words{rare}, or leave `sms` out of the rule's channels")


def typical(text: str) -> str:
    """Return a section as long as it usually is. Raises TemplateRefused."""
    return _said(parse(text).body).strip()


def _said(parts: Iterable[nodes.Node]) -> str:
    return "".join(map(_part, parts))


def _part(node: nodes.Node) -> str:
    match node:
        case nodes.TemplateData():
            return node.data
        case nodes.Output():
            return _said(node.nodes)
        case nodes.If():
            return _longest([_said(node.body), *(_said(branch.body) for branch in node.elif_), _said(node.else_)])
        case nodes.CondExpr():
            return _longest([_part(node.expr1), _part(node.expr2) if node.expr2 else ""])
        case nodes.Const():
            return str(node.value)
        case nodes.Filter():
            return "x" * WIDTHS.get(node.name, PLAIN_WIDTH)
        case _:
            return "x" * PLAIN_WIDTH


def _longest(texts: list[str]) -> str:
    return max(texts, key=lambda text: size(text).bits)
