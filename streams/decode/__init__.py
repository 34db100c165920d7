"""Bytes in, the typed parts of an event out; what cannot be taken as one is refused with the reason."""
