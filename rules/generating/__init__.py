"""For each event type one Python function that applies such an event to a case: written once, when the first one comes."""

from rules.generating.functions import function_for, source_of

__all__ = ["function_for", "source_of"]
