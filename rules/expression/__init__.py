"""The expression language: a rule's text goes in, conditions and formulas as code objects come out."""

from rules.expression.compiling import Condition, Formula, Part, compile_condition, compile_formula, compile_where
from rules.expression.faults import ExpressionError, Fault
from rules.expression.spec import Scope, Slots, WindowSpec
from rules.expression.thresholds import Threshold

__all__ = [
    "Condition",
    "ExpressionError",
    "Fault",
    "Formula",
    "Part",
    "Scope",
    "Slots",
    "Threshold",
    "WindowSpec",
    "compile_condition",
    "compile_formula",
    "compile_where",
]
