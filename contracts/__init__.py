"""The records that travel between the floors, and the ids computed from what they name."""
