"""The expression language: a rule's text goes in, conditions and formulas as code objects come out."""

from rules.expression.compiling import Condition, Formula, Part, compile_condition, compile_formula, compile_where
from rules.expression.faults import ExpressionError, Fault
from rules.expression.spec import Scope, Slots, WindowSpec

__all__ = [
    "Condition",
    "ExpressionError",
    "Fault",
    "Formula",
    "Part",
    "Scope",
    "Slots",
    "WindowSpec",
    "compile_condition",
    "compile_formula",
    "compile_where",
]
