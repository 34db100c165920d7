"""The events that businesses have in common, as pydantic models, in four domains."""
