"""The entries of a mapping in, which of them a record's type picks out; so that not every `when` is asked of every record."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from contracts.values import FieldType
from rules.expression.parser import parse
from rules.expression.tree import Binary, Constant, dotted
from streams.decode.foreign import Choice, Entry, Question, expression_of


def question_of(when: str) -> Question | None:
    """Return what a `when` asks that has the form `raw.type == "order.placed"`. Raises ExpressionError."""
    match parse(when):
        case Binary(operator="==", left=left, right=Constant(type=FieldType.TEXT, value=str(text))) if place := dotted(left):
            return Question(place, text)
        case _:
            return None


def choice_of(entries: Sequence[Entry]) -> Choice:
    """Return how to choose among the entries: by the place that most of them ask for, if any does."""
    places = Counter(entry.asks.place for entry in entries if entry.asks)
    if not places:
        return Choice(None, {}, tuple(entries))
    place, _ = places.most_common(1)[0]
    texts = {entry.asks.text for entry in entries if entry.asks and entry.asks.place == place}
    return Choice(
        place=expression_of(place),
        entries={text: _answering(entries, Question(place, text)) for text in texts},
        others=tuple(entry for entry in entries if not (entry.asks and entry.asks.place == place)),
    )


def _answering(entries: Sequence[Entry], question: Question) -> tuple[Entry, ...]:
    """Return the entries that fit where the question is answered with yes; those that ask just that need not ask again."""
    fitting = (entry for entry in entries if not entry.asks or entry.asks.place != question.place or entry.asks == question)
    return tuple(replace(entry, when=None) if entry.asks == question else entry for entry in fitting)
