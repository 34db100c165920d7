"""What an editor should know of rule files, as JSON Schema."""

from rules.schema.building import schema_of

__all__ = ["schema_of"]
