"""The expressions of one rule, compiled, with every fault at its place in the file."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from contracts.values import FieldType
from rules.catalogue import Catalogue
from rules.detectors.filters import Filter
from rules.errors import Fault, fault
from rules.expression import Condition, ExpressionError, Formula, Scope, Slots, compile_condition, compile_formula, compile_where
from rules.model import Written

T = TypeVar("T")


class Expressions:
    """Compiles for one rule; faults fill up as it goes. types, names: the event types and facts that its expressions read."""

    def __init__(self, catalogue: Catalogue, kind: str, slots: Slots, facts: Mapping[str, FieldType]) -> None:
        self.fields = {
            each.name: {name: field.type for name, field in each.fields.items()} for each in catalogue.concerning(kind)
        }
        self.slots, self.facts = slots, facts
        self.faults: list[Fault] = []
        self.types: set[str] = set()
        self.names: set[str] = set()

    def condition(self, written: Written | None) -> Condition | None:
        return self._compiled(written, lambda text: compile_condition(text, Scope(self.facts, self.fields), self.slots))

    def formula(self, written: Written | None) -> Formula | None:
        scope = Scope(self.facts, self.fields, allow_now=False, allow_windows=False)
        formula = self._compiled(written, lambda text: compile_formula(text, scope, self.slots))
        if formula is None or written is None or formula.type in (FieldType.DATE, FieldType.INSTANT):
            return formula
        self.faults.append(
            fault(written.place_at(0), f"`{written.text}` is a {formula.type.value}, not a time", "name a date or an instant")
        )
        return None

    def filter(self, types: Iterable[str], where: Written | None) -> Filter:
        """A `where` is asked of the types that have its fields; `refuse_misfit` tells when it fits none."""
        return Filter({name: self._where(name, where) for name in types}, self.slots)

    def refuse_misfit(self, types: Iterable[str], where: Written | None) -> None:
        """Report a `where` that fits none of the types that its detector names."""
        names = list(types)
        if where is None or any(self._where(name, where) is not None for name in names):
            return
        self._compiled(where, lambda text: self._compile_where(text, names[0]))

    def _where(self, event_type: str, where: Written | None) -> Condition | None:
        if where is None:
            return None
        try:
            return self._compile_where(where.text, event_type)
        except ExpressionError:
            return None

    def _compile_where(self, text: str, event_type: str) -> Condition:
        scope = Scope(self.facts, self.fields, it=self.fields[event_type], allow_now=False, allow_windows=False)
        return compile_where(text, scope, self.slots)

    def _compiled(self, written: Written | None, compiling: Callable[[str], T]) -> T | None:
        if written is None:
            return None
        try:
            compiled = compiling(written.text)
        except ExpressionError as error:
            self.faults += [fault(written.place_at(each.offset), each.message, each.remedy) for each in error.faults]
            return None
        self.types |= getattr(compiled, "reads_types", frozenset())
        self.names |= getattr(compiled, "reads_facts", frozenset())
        return compiled
